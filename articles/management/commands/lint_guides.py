from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import content
from articles.lint import findings_of, stale_lines
from articles.rendering import RenderingRefused, render
from articles.source import BadFile
from ketcare import crisis


class Command(BaseCommand):
    help = "Reads content files as an editor would. Exit code 1 and a line for each finding."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        today = timezone.now().date()
        read = content.read(folder, today)
        lines = [str(problem) for problem in read.problems]
        for guide in read.guides:
            try:
                html = render(guide.file.body, language=guide.language, sources=guide.file.sources)
            except RenderingRefused as problem:
                line = problem.line + guide.file.body_line - 1 if problem.line else None
                lines.append(str(BadFile(guide.path, problem.reason, line)))
                continue
            lines += [str(BadFile(guide.path, it.message, it.line)) for it in findings_of(guide.file, html)]
        for region in crisis.regions().values():
            lines += stale_lines(region.lines, today)
        for found in lines:
            self.stderr.write(found)
        if lines:
            raise CommandError(f"{len(lines)} findings.")
        self.stdout.write("Nothing to mend.")
