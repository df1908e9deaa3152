"""How long a backup and its restore take, and how large it is.

    python -m bench.backup [--people 200] [--entries 500]

On a new SQLite file, with the shipped guides; each entry has 300 characters.
"""

import argparse
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

from bench.machine import machine
from bench.server import ROOT, site


def fill(people: int, entries: int) -> None:
    """So many journals with so many entries each, in the database of the settings."""
    import django

    django.setup()
    from django.utils import timezone

    from journal import sealed
    from journal.models import Entry, Kind
    from ketcare.accounts.models import User

    now = timezone.now()
    for number in range(people):
        owner = User.objects.create_user(f"{number}@example.org")
        journal, rows = sealed.to_write(owner), list[Entry]()
        for _ in range(entries):
            ref = uuid.uuid4()
            body = journal.seal_entry(ref, 1, {"v": 1, "text": "A line of thirty characters .\n" * 10})
            rows.append(Entry(owner=owner, ref=ref, kind=Kind.NOTE, body=body, written_at=now, saved_at=now))
        Entry.objects.bulk_create(rows, batch_size=500)


def timed(arguments: list[str], environment: dict[str, str]) -> float:
    began = time.monotonic()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True, capture_output=True)
    return time.monotonic() - began


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=200)
    options.add_argument("--entries", type=int, default=500, help="of each")
    asked = options.parse_args()
    print(machine())
    with site() as (folder, environment):
        os.environ.update({**environment, "DJANGO_SETTINGS_MODULE": "ketcare.settings"})
        fill(asked.people, asked.entries)
        backup = folder / "backup"
        made = timed(["backup", str(backup)], environment)
        size = backup.stat().st_size / 1_000_000
        there = {"KETCARE_VAR": f"{folder}/there", "DATABASE_URL": f"sqlite:///{folder}/there/ketcare.sqlite3"}
        Path(there["KETCARE_VAR"]).mkdir()
        restored = timed(["restore", str(backup)], {**environment, **there})
    print(f"{asked.people * asked.entries} entries: {size:.0f} MB, made in {made:.1f} s, restored in {restored:.1f} s")


if __name__ == "__main__":
    main()
