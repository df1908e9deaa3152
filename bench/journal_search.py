"""What it costs to look for a word in a whole journal: the site's search beside nothing but reading the rows, opening
them and looking for the word in each. Processor time, and the memory that it takes with ten times the entries.

    python -m bench.journal_search [--entries 10000] [--rounds 5]
    python -m tests.postgresql python -m bench.journal_search

On PostgreSQL psycopg hands the sealed bytes over as they are (binary), as it does for the site.
"""

import argparse
import json
import os
import subprocess
import sys

from bench.machine import machine
from bench.server import ROOT, site

MEASURE = """
import json, resource, sys, time, uuid
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from django.db import connection
from journal import insight, sealed
from journal.models import Entry, Kind
from ketcare.accounts.models import User

entries, rounds = int(sys.argv[1]), int(sys.argv[2])
owner = User.objects.create_user(f"{uuid.uuid4().hex}@example.org")
journal, now = sealed.to_write(owner), timezone.now()
text = ("A slow morning, rain on the roof, and the kettle that sings a little before it boils. " * 25)[:2000]

def fill(number):
    for start in range(0, number, 500):
        refs = [uuid.uuid4() for _entry in range(min(500, number - start))]
        Entry.objects.bulk_create(
            Entry(owner=owner, ref=ref, kind=Kind.NOTE, written_at=now, saved_at=now,
                  body=journal.seal_entry(ref, 1, {"v": 1, "text": text}))
            for ref in refs
        )

def rows():
    return Entry.objects.filter(owner=owner, trashed_at__isnull=True).order_by("-written_at", "-id")

def of_the_site():
    assert insight.holding("nowhere", journal, rows(), most=100) == []

# The least that it could be: the bytes by plain SQL, the AEAD, the JSON, and "in".
SQL = "SELECT ref, version, body FROM journal_entry WHERE owner_id = %s AND trashed_at IS NULL"

def bare():
    with connection.cursor() as cursor:
        cursor.execute(SQL, [owner.pk])
        while found := cursor.fetchmany(200):
            for ref, version, body in found:
                entry = Entry(ref=uuid.UUID(str(ref)), version=version, body=body)
                if "nowhere" in journal.words_of(entry)["text"].casefold():
                    raise AssertionError

def cost(deed):
    began = time.process_time()
    deed()
    return time.process_time() - began

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

fill(entries // 10)
of_the_site(), bare()
before = memory()
fill(entries - entries // 10)
filled = memory()
of_the_site()
grew = memory() - max(before, filled)  # before the bare reading, which may hold all rows at once
times = [(cost(of_the_site), cost(bare)) for _round in range(rounds)]
print(json.dumps({"times": times, "grew": grew}))
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    with site() as (_folder, environment):
        ended = subprocess.run(
            [sys.executable, "-c", MEASURE, str(asked.entries), str(asked.rounds)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            check=True,
        )
    found = json.loads(ended.stdout)
    ratios = sorted(ours / bare for ours, bare in found["times"])
    ours, bare = (sorted(side)[len(side) // 2] for side in zip(*found["times"], strict=True))
    print(machine())
    print(f"{asked.entries} entries of 2 kB: {ours:.2f} s beside {bare:.2f} s, {ratios[len(ratios) // 2]:.2f} times")
    print(f"memory at its highest, beyond what it was before: {found['grew']} KiB")


if __name__ == "__main__":
    main()
