from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ketcare.site import backups


class Command(BaseCommand):
    help = "Writes the whole database into one file, while the site serves. Without KETCARE_KEYS it is of no use."
    # Some of the checks take SQLite's write lock.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backups.write(file, now=timezone.now())
        except backups.NotMade as problem:
            raise CommandError(str(problem)) from None
        rows = sum(count for count, _digest in manifest.tables.values())
        self.stdout.write(f"Wrote {file}: {rows} rows of {len(manifest.tables)} tables, for its owner only.")
        if manifest.keys:
            self.stdout.write(f"It is of no use without the key {', '.join(manifest.keys)} of KETCARE_KEYS.")
            self.stdout.write("Keep that, and SECRET_KEY, in another place than this file.")
