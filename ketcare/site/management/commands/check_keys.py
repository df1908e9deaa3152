from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ketcare import keys
from ketcare.site import proving
from ketcare.site.keyed import HTML, SIGNATURES, Keys, counted, keys_in_use


class Command(BaseCommand):
    help = "Counts what stands under each key of KETCARE_KEYS. Exit code 1 where rows need one that it lacks."
    # They ask for more of the database than this does.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        rows = counted()
        width = max(map(len, rows), default=0)
        for kind, found in rows.items():
            self.stdout.write(f"{kind:{width}}  {self.in_words(found)}")
        self.stdout.write(f"New work is done under {keys.ring().newest}, the first key of KETCARE_KEYS.")
        for key_id in list(keys.ring().keys)[1:]:
            self.stdout.write(self.advice(key_id, {kind for kind, found in rows.items() if found[key_id]} - {HTML}))
        if missing := sorted(keys_in_use() - keys.ring().ids):
            raise CommandError(
                f"Rows need the key {', '.join(missing)}, which KETCARE_KEYS does not have. Put that key back."
            )
        if wrong := proving.wrong_keys():
            raise CommandError(proving.in_words(wrong))

    def in_words(self, found: Keys) -> str:
        """The keys of the ring in its order, then those that it lacks."""
        ids = [*keys.ring().keys, *sorted(found.keys() - keys.ring().ids)]
        return ", ".join(f"{found[key_id]} under {key_id}" for key_id in ids if found[key_id]) or "none"

    def advice(self, key_id: str, kinds: set[str]) -> str:
        if not kinds:
            return f"Nothing needs {key_id} any more, but older backups may: keep it as long as you keep those."
        if kinds == {SIGNATURES}:
            return f"{key_id} stays: signatures on guides are proved with it."
        return f"{key_id} is needed until rotate_keys has sealed again what stands under it."
