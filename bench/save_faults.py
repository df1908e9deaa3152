"""Saves under faults, at length, against the site's own server: what was acknowledged has to be there, once and whole.

    python -m bench.save_faults [--on sqlite|postgresql] [--only PART ...] [--kills 1000] [--stops 50] [--trials 200]
                                [--backups 20]

Parts: kills (workers, by -9), network (a wire cut within a post and before its answer), backups (made while people
write, and restored), held (SQLite's lock for 30 s), full and read-only (a small disk, where mounting is allowed), stops
(PostgreSQL at once, and one that takes no writes). Exits with 1 where anything was lost, torn or doubled, or a refused
text did not stand in the page that refused it.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import django
import pytest

from bench.machine import machine
from tests import environment  # noqa: F401 (gives this process settings and a folder of its own)

os.environ["DJANGO_SETTINGS_MODULE"] = "ketcare.settings"
django.setup()

from tests.faults import saving  # noqa: E402 (Django has to be set up first)
from tests.faults.cutting import Wire  # noqa: E402
from tests.faults.databases import Database, private_database, small_disk  # noqa: E402
from tests.faults.serving import Site, served, wait_until  # noqa: E402
from tests.faults.writers import verdict, writing  # noqa: E402
from tests.postgresql import LASTING  # noqa: E402
from tests.reading import check_page  # noqa: E402

PEOPLE = 4
wrong: list[str] = []


def report(part: str, found: dict[str, Any], **more: object) -> None:
    """One line for a part, and a mark where it is not as it has to be."""
    counts = {name: len(found[name]) for name in ("lost", "torn", "doubled")}
    if any(counts.values()) or found.get("unsaved"):
        wrong.append(part)
        print({name: found[name][:5] for name in counts})
    words = ", ".join(f"{name}: {value}" for name, value in {**more, "saves": found["saves"], **counts}.items())
    print(f"{part}: {words}", flush=True)


def report_refusal(part: str, refused: saving.Refused) -> None:
    answer = refused.answer
    kept = answer.status == 503 and escape(refused.text) in answer.text
    if kept:
        check_page(answer.body)
    else:
        wrong.append(part)
    report(
        part,
        refused.verdict,
        answered=answer.status,
        text_in_the_page=kept,
        reading=refused.reading,
        saved_again_after=f"{refused.seconds:.1f} s",
    )


def kills(site: Site, asked: argparse.Namespace, database: Database | None) -> None:
    with writing(site, PEOPLE) as writers:
        counts = saving.kill_workers(site, writers, asked.kills)
    report("workers killed", verdict(site, writers), **counts)


def network(site: Site, asked: argparse.Namespace, database: Database | None) -> None:
    for cut in ("before", "after"):
        wire = Wire(site.port)
        found = saving.cut_the_wire(site, wire, cut, asked.trials)
        wire.close()
        report(f"wire cut {cut} the commit", found, cuts=wire.cuts)


def backups(site: Site, asked: argparse.Namespace, database: Database | None) -> None:
    with writing(site, PEOPLE) as writers:
        for number in range(asked.backups):
            time.sleep(1)
            found = saving.restored(site, writers, saving.back_up(site, writers, number))
            if not found["agrees"]:
                wrong.append("backups")
            report(f"backup {number + 1}, restored", found)


def stops(site: Site, asked: argparse.Namespace, database: Database | None) -> None:
    if database is None:
        return
    with writing(site, PEOPLE) as writers:
        counts = saving.stop_at_once(database, site, writers, asked.stops)
    refusals = [answer for writer in writers for answer in writer.refusals]
    for answer in refusals:
        check_page(answer.body)
    report("PostgreSQL stopped at once", verdict(site, writers), **counts, refused_with_a_page=len(refusals))
    report_refusal("PostgreSQL takes no writes", saving.refused_in(saving.takes_no_writes(database), site))


def held(site: Site, asked: argparse.Namespace, database: Database | None) -> None:
    if database is None:
        report_refusal("SQLite held for 30 s", saving.refused_in(saving.held_for_30_s(site.database), site))


PARTS: dict[str, Callable[[Site, argparse.Namespace, Database | None], None]] = {
    "kills": kills,
    "network": network,
    "backups": backups,
    "stops": stops,
    "held": held,
}


@contextmanager
def running(on: str, *, megabytes: int | None = None) -> Iterator[tuple[Site, Database | None, Path]]:
    """A site on that database; on a small disk where `megabytes` says so."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if on == "postgresql":
            with (
                private_database(LASTING, megabytes=megabytes) as database,
                served(folder, DATABASE_URL=database.url, **saving.PRELOADED) as site,
            ):
                yield site, database, database.folder
        elif megabytes:
            (disk := folder / "disk").mkdir()
            with small_disk(disk, megabytes):
                url = f"sqlite:///{disk}/ketcare.sqlite3?timeout=2"
                with served(folder, DATABASE_URL=url) as site:
                    yield site, None, disk
        else:
            with served(folder, **saving.PRELOADED) as site:
                yield site, None, folder


def on_a_small_disk(on: str, parts: list[str]) -> None:
    try:
        with running(on, megabytes=256 if on == "postgresql" else 16) as (site, database, disk):
            if "full" in parts:
                report_refusal("disk full", saving.refused_in(saving.full(disk), site))
            if "read-only" in parts and database is None:
                report_refusal("disk read-only", saving.refused_in(saving.read_only(disk, site), site))
    except pytest.skip.Exception as reason:
        print(f"not run: {reason}")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--on", choices=["sqlite", "postgresql"], default="sqlite")
    options.add_argument("--only", nargs="+", choices=[*PARTS, "full", "read-only"])
    options.add_argument("--kills", type=int, default=1000, help="with a save in flight")
    options.add_argument("--stops", type=int, default=50)
    options.add_argument("--trials", type=int, default=200)
    options.add_argument("--backups", type=int, default=20)
    asked = options.parse_args()
    parts = asked.only or [*PARTS, "full", "read-only"]
    print(f"{machine()}, {asked.on}, load {os.getloadavg()[0]:.0f}", flush=True)
    if set(parts) & PARTS.keys():
        with running(asked.on) as (site, database, _folder):
            wait_until(site.answers, within=60, what="the site answers")
            for part, run in PARTS.items():
                if part in parts:
                    run(site, asked, database)
            if "Traceback" in site.log:
                wrong.append("the log")
                print(site.log[site.log.index("Traceback") :][:3000])
    if {"full", "read-only"} & set(parts):
        on_a_small_disk(asked.on, parts)
    print(f"not as it has to be: {', '.join(wrong)}" if wrong else "nothing lost, torn or doubled")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
