from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import content, importing
from articles.source import BadFile


class Command(BaseCommand):
    help = "Brings content files into the database. Exit code 1 and a line for each file that is refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR)
        parser.add_argument("--check", action="store_true", help="only say what is wrong; change nothing")

    def handle(self, *args: Any, folder: Path, check: bool, **options: Any) -> None:
        if not (folder / "guides").is_dir():
            raise CommandError(f"{folder} has no folder guides. Name a content folder.")
        now = timezone.now()
        read = content.read(folder, now.date())
        refused = 0
        for result in importing.check(read) if check else importing.take_in(read, now=now):
            if isinstance(result, BadFile):
                refused += 1
                self.stderr.write(f"refused: {result}")
            elif result.outcome != "unchanged" or options["verbosity"] > 1:
                self.stdout.write(f"{result.what}: {result.outcome}")
        if refused:
            raise CommandError(
                f"{refused} refused; everything else was taken in." if not check else f"{refused} to mend."
            )
