"""Troubles in the middle of saves: workers that are killed, wires that are cut, databases that stop, are held, are full
or take nothing in."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tests.faults.cutting import Cut, Wire
from tests.faults.databases import Database, fill
from tests.faults.journals import digest_of
from tests.faults.serving import Answer, Site, wait_until
from tests.faults.writers import CSRF, NOTE, Writer, judge, program, verdict, writing

# The workers come from a master that has the site loaded already: a new one is there at once, not after seconds.
PRELOADED = {"GUNICORN_CMD_ARGS": "--preload"}
MOST_NOTES = 40  # find room where a disk was called full


def kill_workers(site: Site, writers: list[Writer], wanted: int, *, seed: int = 1) -> dict[str, int]:
    """Kills workers with -9, one at a time, until that many had a save in flight: a post that was on its way at that
    moment, and to which no answer came."""
    chance = random.Random(seed)  # noqa: S311 (nothing to guess)
    workers = len(site.workers())
    kills, counted = 0, 0
    while counted < wanted:
        assert kills < 20 * wanted + 20, "Hardly a kill meets a save."
        writer = chance.choice(writers)
        assert not writer.problem, writer.problem
        writer.began.clear()
        if not writer.began.wait(60):
            continue
        time.sleep(chance.uniform(0, 0.03))
        attempts = [each.attempt for each in writers if each.attempt and not each.attempt.outcome]
        os.kill(chance.choice(site.workers()), signal.SIGKILL)
        kills += 1
        for attempt in attempts:
            attempt.over.wait(60)
        counted += any(attempt.outcome == "cut off" for attempt in attempts)
        wait_until(lambda: len(site.workers()) == workers, within=60, what="another worker comes")
    return {"kills": kills, "with_a_save_in_flight": counted}


def in_flight(writers: list[Writer]) -> list[Any]:
    return [writer.attempt for writer in writers if writer.attempt and not writer.attempt.outcome]


def cut_the_wire(site: Site, wire: Wire, cut: Cut, trials: int) -> dict[str, Any]:
    """Notes of 20 kB, each cut off at its first post: the verdict on them alone."""
    with writing(replace(site, port=wire.port), 1, at_once=False) as [writer]:
        for trial in range(trials):
            wire.cut = cut
            writer.write(NOTE, f"{trial} {writer.some_text()} {'twenty thousand bytes, é and 🌊\n' * 600}end")
        return verdict(site, [writer])


def stop_at_once(database: Database, site: Site, writers: list[Writer], times: int, *, seed: int = 1) -> dict[str, int]:
    """Stops PostgreSQL without a warning and starts it again, so many times; how many saves were in flight."""
    chance = random.Random(seed)  # noqa: S311 (nothing to guess)
    counted = 0
    for _time in range(times):
        time.sleep(chance.uniform(0.1, 0.5))
        writer = chance.choice(writers)
        writer.began.clear()
        writer.began.wait(60)
        attempts = in_flight(writers)
        database.stop()
        for attempt in attempts:
            attempt.over.wait(60)
        counted += sum(attempt.outcome != "saved" for attempt in attempts)
        database.start()
        wait_until(lambda: site.answers(), within=30, what="the site is back")
    return {"stops": times, "saves_in_flight": counted}


@dataclass(frozen=True)
class Refused:
    """What became of a note that was sent in the middle of a trouble, and of one that was read then."""

    text: str
    answer: Answer
    reading: int  # the status
    seconds: float  # from the end of the trouble until the same post was acknowledged
    verdict: dict[str, Any]


def refused_in(trouble: AbstractContextManager[object], site: Site) -> Refused:
    """What becomes of a note that is refused while the trouble lasts; afterwards the very same post is sent again."""
    with writing(site, 1, at_once=False) as [writer]:
        where = writer.write(NOTE, "before the trouble")
        tokens = [writer.token_of(NOTE) for _ in range(MOST_NOTES)]
        with trouble:
            text, body, answer = first_refused(writer, tokens)
            reading = site.ask(where, headers=writer.headers, timeout=60).status
        began = time.monotonic()
        writer.acknowledged(NOTE, body)
        seconds = time.monotonic() - began
        writer.ledger.write(digest_of(text))
        return Refused(text, answer, reading, seconds, verdict(site, [writer]))


def first_refused(writer: Writer, tokens: list[str]) -> tuple[str, bytes, Answer]:
    """Sends notes of 30 kB until one is refused: its text, the post and the answer."""
    for number, token in enumerate(tokens):
        text = f"{number} {writer.some_text()} " + "within the trouble, é and 🌊\n" * 1000
        body = urlencode({"csrfmiddlewaretoken": CSRF, "token": token, "text": text}).encode()
        writer.sent.add(digest_of(text))
        answer = writer.site.ask(NOTE, "POST", headers=writer.headers, body=body, timeout=60)
        if answer.status != 302:
            return text, body, answer
        writer.ledger.write(digest_of(text))
    raise AssertionError("Every note was taken in.")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds SQLite's write lock."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Nothing is left on the disk of the database."""
    ballast = fill(disk)
    yield
    ballast.unlink()


@contextmanager
def read_only(disk: Path, site: Site) -> Iterator[None]:
    """The disk of the database takes nothing in, as the workers find that come then: others have their files open."""
    subprocess.run(["mount", "--bind", str(disk), str(disk)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)
    try:
        site.replace_workers()
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def takes_no_writes(database: Database) -> Iterator[None]:
    """As a standby does, or a server whose operator set it so."""
    set_it = "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"
    database.execute(*set_it)
    time.sleep(0.5)  # until its processes have read that
    yield
    database.execute(
        "SET default_transaction_read_only = off",
        "ALTER SYSTEM RESET default_transaction_read_only",
        "SELECT pg_reload_conf()",
    )


@dataclass(frozen=True)
class Backup:
    """`acknowledged`: what was saved for certain before it began."""

    path: Path
    acknowledged: list[str]


def back_up(site: Site, writers: list[Writer], number: int) -> Backup:
    """Makes a backup while they write."""
    backup = Backup(site.folder / f"backup-{number}", writers[0].ledger.lines())
    manage(site, "backup", str(backup.path))
    return backup


def restored(site: Site, writers: list[Writer], backup: Backup) -> dict[str, Any]:
    """Restores it into a SQLite file of its own: what that lacks of what was acknowledged before, and whether every
    table agrees."""
    folder = site.folder / f"restored-{backup.path.name}"
    folder.mkdir()
    url = f"sqlite:///{folder}/ketcare.sqlite3"
    other = replace(site, environment={**site.environment, "KETCARE_VAR": str(folder), "DATABASE_URL": url})
    said = manage(other, "restore", str(backup.path))
    sent = {digest for writer in writers for digest in writer.sent}
    held = program(other, "read", writers[0].group)["held"]
    found = judge(backup.acknowledged, sent, held)
    return {"saves": len(backup.acknowledged), "agrees": "every table agree" in said, **found}


def manage(site: Site, *arguments: str) -> str:
    """What a command of that site prints."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=dict(site.environment),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    ).stdout


@contextmanager
def held_for_30_s(file: Path) -> Iterator[None]:
    """As `locked`, and for so long at least."""
    with locked(file):
        began = time.monotonic()
        yield
        time.sleep(max(0, 30 - (time.monotonic() - began)))
