"""What sealing costs: saving an entry, and a page of 25, against the same views and tables with plain text in them.

    python -m bench.journal [--rounds 15] [--long 1000000]
    python -m tests.postgresql python -m bench.journal

Each arm is a process with a database of its own; they take turns. Times are processor time of the process that answers
(the whole request, middleware and template included), and the clock's for PostgreSQL, whose work is done elsewhere.
With `--long`, the newest page and one in the middle are compared with a journal of 100 entries.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.machine import machine

SAVES, PAGES, ENTRIES = 20, 20, 100
TEXT = "A line of an ordinary evening, and one more thought about it.\n" * 33  # 2 KB
ARMS: Final = ("plain", "sealed")
Timed = dict[str, tuple[float, float]]


# In the process of an arm -----------------------------------------------------------------------------------------


def write_plainly() -> None:
    """From now on words stand in the tables as JSON text, and nothing is sealed, padded or looked up for it."""
    from django.db import connection, models

    from journal import sealed
    from journal.models import Draft, Entry, EntryVersion
    from ketcare.accounts.models import User
    from ketcare.sealing import Stored

    for model in (Entry, EntryVersion, Draft):
        model._meta.get_field("body").__class__ = models.TextField  # type: ignore[assignment]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN body TYPE text USING ''")

    class Plain(sealed.Journal):
        def __init__(self) -> None:
            """Without a key."""

        def hold(self) -> None:
            """There is none that could be destroyed meanwhile."""

        def _sealed(self, words: Any, ref: str, field: str) -> Any:
            return json.dumps(words, ensure_ascii=False)

        def _opened(self, sealed: Stored, ref: str, field: str) -> dict[str, Any]:
            return dict(json.loads(sealed))  # type: ignore[arg-type]

    def plain(owner: User) -> sealed.Journal:
        return Plain()

    sealed.to_read = sealed.to_write = plain


def see(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise SystemExit(otherwise)


class Person:
    """Somebody who is signed in and writes."""

    def __init__(self) -> None:
        from django.test import Client

        from tests.ketcare.accounts.signing_in import account, sign_in

        self.user = account("alice@example.org")
        self.client = sign_in(Client(), self.user)

    def save(self) -> None:
        from journal.models import Kind
        from journal.tokens import FormToken, Place

        token = FormToken.for_new(self.user, Place(Kind.NOTE)).signed()
        see(self.client.post("/journal/note/", {"token": token, "text": TEXT}).status_code == 302, "It was not saved.")

    def read(self, path: str = "/journal/entries/") -> None:
        response = self.client.get(path)
        see(response.content.count(b"A line of an ordinary evening") >= 25, "The page does not show 25 entries.")


def timed(deed: Callable[[], None], times: int) -> tuple[float, float]:
    """Seconds for one, by the processor and by the clock."""
    processor, clock = time.process_time(), time.perf_counter()
    for _time in range(times):
        deed()
    return (time.process_time() - processor) / times, (time.perf_counter() - clock) / times


def arm(name: str) -> None:
    """Answers each line of stdin with the times of one round."""
    if name == "plain":
        write_plainly()
    person = Person()
    for _entry in range(ENTRIES):
        person.save()
    for line in sys.stdin:
        if not line.strip():
            break
        found: Timed = {"save": timed(person.save, SAVES), "page": timed(person.read, PAGES)}
        print(json.dumps(found), flush=True)


# One journal grows ------------------------------------------------------------------------------------------------


def fill_up(person: Person, rows: int) -> None:
    """Older entries by plain SQL; no page that is measured shows their words."""
    from django.db import connection

    body = "zeroblob(2316)" if connection.vendor == "sqlite" else "decode(repeat('00', 2316), 'hex')"
    ref = "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    at = (
        "strftime('%Y-%m-%d %H:%M:%f', '2020-01-01', '+' || n || ' seconds')"
        if connection.vendor == "sqlite"
        else "timestamptz '2020-01-01' + n * interval '1 second'"
    )
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (owner_id, ref, kind, day, body, version, written_at, saved_at) "  # noqa: S608
            f"{numbers} SELECT {person.user.pk}, {ref}, 'note', 0, {body}, 1, {at}, {at} FROM numbers"
        )
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


@contextmanager
def counted() -> Iterator[list[str]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        said: list[str] = []
        yield said
        said += [query["sql"] for query in queries.captured_queries]


def long_journal(rows: int, rounds: int) -> None:
    from journal.models import Entry

    person = Person()
    for _entry in range(ENTRIES):
        person.save()
    short = told("newest page", person.read, rounds)
    fill_up(person, rows - ENTRIES)
    told("newest page", person.read, rounds, short)
    # Readable ones are put into the middle, and the page is read that begins after the first of them.
    middle = Entry.objects.order_by("-written_at", "-id").values_list("written_at", flat=True)[rows // 2]
    newest = list(Entry.objects.order_by("-written_at", "-id")[:40])
    Entry.objects.filter(pk__in=[entry.pk for entry in newest[:30]]).update(written_at=middle)
    first = Entry.objects.filter(written_at=middle).order_by("-written_at", "-id").first()
    path = f"/journal/entries/before/{first.ref if first else ''}/"

    def in_the_middle() -> None:
        person.read(path)

    told("page in the middle", in_the_middle, rounds, short)


def told(
    what: str, deed: Callable[[], None], rounds: int, short: tuple[float, float] | None = None
) -> tuple[float, float]:
    """The middle times of that page, by processor and clock; prints them, and how they compare with a short journal."""
    from journal.models import Entry

    times = [timed(deed, PAGES) for _round in range(rounds)]
    processor, clock = (statistics.median(one[which] for one in times) for which in (0, 1))
    line = (
        f"{what} at {Entry.objects.count():,} entries: processor {processor * 1000:.1f} ms, clock {clock * 1000:.1f} ms"
    )
    line += f", {queries_of(deed)} queries"
    if short:
        line += f"; ratio {processor / short[0]:.2f} (processor), {clock / short[1]:.2f} (clock)"
    print(line)
    return processor, clock


def queries_of(deed: Callable[[], None]) -> int:
    with counted() as said:
        deed()
    return len(said)


# Taking turns -----------------------------------------------------------------------------------------------------


def database_for(name: str, folder: Path) -> str:
    """A new database for one arm, of the kind that was asked for."""
    server = os.environ.get("KETCARE_TEST_DATABASE_URL")
    if not server:
        return f"sqlite:///{folder}/{name}.sqlite3"
    import psycopg

    host = server.removeprefix("postgres://").rpartition("/")[0]
    with psycopg.connect(host=host, dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


def start(name: str, folder: Path, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.journal", "--arm", name, *more]
    url = database_for(f"bench_{name}_{uuid.uuid4().hex[:6]}", folder)
    environment = {**os.environ, "KETCARE_TEST_DATABASE_URL": url}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def one_round(process: "subprocess.Popen[str]") -> str:
    if process.stdin is None or process.stdout is None:
        return ""
    process.stdin.write("round\n")
    process.stdin.flush()
    return process.stdout.readline()


def compare(rounds: int, folder: Path) -> None:
    arms = {name: start(name, folder) for name in ARMS}
    found: dict[str, list[Timed]] = {name: [] for name in ARMS}
    for number in range(rounds + 1):
        for name, process in arms.items():
            told = json.loads(one_round(process))
            if number:  # the first warms up
                found[name].append(told)
    for process in arms.values():
        process.communicate("\n")
    for what in ("save", "page"):
        for which, clock in enumerate(("processor", "clock")):
            times = {name: [one[what][which] for one in found[name]] for name in ARMS}
            ratios = [sealed / plain for sealed, plain in zip(times["sealed"], times["plain"], strict=True)]
            middle = {name: statistics.median(times[name]) * 1000 for name in ARMS}
            print(
                f"{what}, {clock}: sealed {middle['sealed']:.2f} ms, plain {middle['plain']:.2f} ms, ratio "
                f"{statistics.median(ratios):.2f} (median of {rounds} rounds, {min(ratios):.2f} to {max(ratios):.2f})"
            )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--long", type=int, default=0, help="grow a journal to so many entries")
    options.add_argument("--arm", choices=[*ARMS, "long"], help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.arm:
        with tempfile.TemporaryDirectory(prefix="ketcare-bench-") as place:
            work(asked.arm, place, asked)
        return
    with tempfile.TemporaryDirectory(prefix="ketcare-bench-") as place:
        kind = "PostgreSQL" if os.environ.get("KETCARE_TEST_DATABASE_URL") else "SQLite"
        print(f"{kind}; {machine()}")
        compare(asked.rounds, Path(place))
        if asked.long:
            more = ("--long", str(asked.long), "--rounds", str(asked.rounds))
            print(start("long", Path(place), *more).communicate("\n")[0], end="")


def work(name: str, place: str, asked: argparse.Namespace) -> None:
    from tests.environment import set_up

    set_up(place)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if name == "long":
        long_journal(asked.long, asked.rounds)
    else:
        arm(name)


if __name__ == "__main__":
    main()
