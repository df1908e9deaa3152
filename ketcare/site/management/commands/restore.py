from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from ketcare import keys
from ketcare.accounts import deletion
from ketcare.site import destroyed, destroying, proving, restoring
from ketcare.site.backup_file import BadFile, Manifest
from ketcare.site.restoring import Compared


class Command(BaseCommand):
    help = "Puts a backup into the site's database, which has to be empty, and compares every table with it."
    # They ask the database, which has no tables yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.take_in_the_list(file.parent / destroyed.NAME)
        try:
            manifest, compared = restoring.restore(file, now=timezone.now())
        except (BadFile, restoring.Refused) as problem:
            raise CommandError(str(problem)) from None
        except Error as problem:
            raise CommandError(f"The database did not take the backup: {problem}. Nothing was restored.") from None
        self.show(compared)
        self.stdout.write(f"The site is as it was at {manifest.made_at}: rows and digests of every table agree.")
        call_command("migrate", interactive=False, verbosity=0)
        self.destroy_again(file.parent / destroyed.NAME)
        self.see_to_the_keys(manifest)
        self.tell_who_is_to_go()

    def show(self, compared: list[Compared]) -> None:
        width = max(len(table.name) for table in compared)
        self.stdout.write(f"{'table':{width}}  {'rows':>9}  digest")
        for table in compared:
            self.stdout.write(f"{table.name:{width}}  {table.rows:>9}  {table.digest[:16]}  same")

    def take_in_the_list(self, beside: Path) -> None:
        """Before any row is there: wherever this is cut off, the next start knows the list."""
        try:
            destroyed.take_in(beside)
        except OSError as problem:
            raise CommandError(
                f"The list of what was destroyed cannot be read or written ({problem}). Nothing was restored."
            ) from None

    def destroy_again(self, beside: Path) -> None:
        """What its owners had destroyed after the backup was made."""
        if beside.exists() or destroyed.path_of_list().exists():
            count = destroying.again()
            self.stdout.write(f"Data keys and accounts that were destroyed again, as since the backup: {count}.")
            return
        self.stderr.write(
            f"There is no {destroyed.NAME}, neither beside the backup nor in {destroyed.path_of_list().parent}: "
            "journals and accounts that were deleted since are back. If you have that list, put it there before the "
            "first start."
        )

    def see_to_the_keys(self, manifest: Manifest) -> None:
        if missing := sorted(set(manifest.keys) - keys.ring().ids):
            self.stderr.write(
                f"Its rows were made with the key {', '.join(missing)}, which KETCARE_KEYS does not have. "
                "Put that key back: without it they cannot be read, and the site does not start."
            )
        if wrong := proving.wrong_keys():
            raise CommandError(
                f"The rows are restored, but {proving.in_words(wrong)} Until then the site does not start."
            )

    def tell_who_is_to_go(self) -> None:
        """Under keys that are right: the mails are sealed."""
        if told := deletion.tell_of_restore(timezone.now()):
            self.stdout.write(
                f"Accounts that were to be deleted: {told}. Their owners may have taken that back since, so each stays "
                f"for {deletion.WAIT.days} days from now, and gets a mail once the site runs."
            )
