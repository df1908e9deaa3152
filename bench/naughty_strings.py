"""Hostile texts through every box of the journal: does each come back byte for byte, as texts are kept?

    KETCARE_TEST_DATA=… python -m bench.naughty_strings

The texts are the tests' own and the Big List of Naughty Strings in the folder that KETCARE_TEST_DATA names. Every one
goes into every box, as a post of a browser; beside it stand others in the other boxes. Exits with 1 where one does not
come back.
"""

import os
import sys
import tempfile

from bench.machine import machine


def main() -> int:
    import django
    from django.core.management import call_command
    from django.test import Client

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from journal import limits
    from tests.journal import boxes
    from tests.journal.conftest import treatment_of
    from tests.journal.hostile import OWN, naughty
    from tests.ketcare.accounts.signing_in import account, sign_in

    texts = [*OWN, *naughty()]
    owner = account("alice@example.org")
    writer = boxes.Writer(owner, sign_in(Client(), owner), treatment_of(owner))
    print(f"{len(texts)} texts; {machine()}", flush=True)
    limits.PER_MINUTE = sys.maxsize  # type: ignore[misc] # nobody writes so much
    bad = 0
    for form in boxes.FORMS:
        found = list(boxes.wrong(writer, form, boxes.in_each(form, texts)))
        bad += len(found)
        print(f"{form}: {len(form.boxes)} boxes, {len(found)} texts did not come back", flush=True)
        for line in found[:5]:
            print(f"    {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ketcare-naughty-") as folder:
        from tests.environment import set_up

        set_up(folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketcare.settings")
        sys.exit(main())
