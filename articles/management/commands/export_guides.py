from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import exporting
from articles.models import Guide


class Command(BaseCommand):
    help = "Writes live guides, sources, reviewers, glossary and prompts as content files into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        exporting.write_tables(folder)
        now, sources = timezone.now(), exporting.source_tables()
        for guide in Guide.objects.filter(live__isnull=False).with_words():
            state = guide.public_state(now)
            text = exporting.guide_text(guide, state, sources)
            if text is None:
                self.stderr.write(f"left out: {guide} ({state.problem or state.kind})")
                continue
            exporting.write(folder / exporting.path_of(guide), text)
            self.stdout.write(str(exporting.path_of(guide)))
