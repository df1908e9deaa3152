from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ketcare import keys
from ketcare.site import rotating
from ketcare.site.keyed import SIGNATURES, counted


class Command(BaseCommand):
    help = (
        "Seals again, under the newest key of KETCARE_KEYS, what an older one sealed. May be killed, run again, and "
        "run while the site serves."
    )
    # They ask for more of the database than this does.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        newest, closed = keys.ring().newest, 0
        for kind, done in rotating.rotate():
            closed += done[rotating.CLOSED]
            self.stdout.write(f"{kind}: {done[rotating.AGAIN]} sealed again under {newest}")
            if done[rotating.CLOSED]:
                self.stderr.write(f"{kind}: {done[rotating.CLOSED]} cannot be opened and were left as they are")
        older = {key_id: rows for key_id, rows in counted().get(SIGNATURES, {}).items() if key_id != newest}
        for key_id, rows in sorted(older.items()):
            self.stdout.write(f"{SIGNATURES}: {rows} stay under {key_id}, which proves them: keep it in KETCARE_KEYS")
        if closed:
            raise CommandError("Some rows need a key that KETCARE_KEYS does not have, or are damaged: see check_keys.")
