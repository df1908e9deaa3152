"""Somebody signs while newer words are handed in, the guide is withdrawn, or its row is changed past the code, all at
the same moment. Exits with 1 where a signature is on words not on screen, or a page shows words that nobody signed.

    python -m bench.signing_races [--races 500]

On a new SQLite file, or on the PostgreSQL database that DATABASE_URL names, which has to be empty; for one that lasts
as long as the command:

    python -m tests.postgresql python -m bench.signing_races
"""

import argparse
import os
import sys
import tempfile

from bench.machine import machine


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--races", type=int, default=500, help="of each kind, that truly overlapped")
    asked = options.parse_args()
    from django.core.management import call_command
    from django.db import connection

    from tests.faults.signing_races import CHANGES, run

    call_command("migrate", interactive=False, verbosity=0)
    print(f"{connection.vendor}; {machine()}")
    bad = 0
    for kind in CHANGES:
        found = run(kind, asked.races)
        faults = len(found.unseen) + len(found.shown) + len(found.errors)
        bad += faults
        print(
            f"{kind}: {found.overlapping} of {found.races} races overlapped; signed {found.signed}, "
            f"refused {found.refused}; on words not on screen: {len(found.unseen)}; pages with words that nobody "
            f"signed: {len(found.shown)}; errors: {len(found.errors)} {found.errors[:2]}"
        )
    return 1 if bad else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ketcare-races-") as folder:
        from tests.environment import set_up

        set_up(folder)
        os.environ["DATABASE_URL"] = os.environ.get("KETCARE_TEST_DATABASE_URL") or f"sqlite:///{folder}/races.sqlite3"
        import django

        django.setup()
        sys.exit(main())
