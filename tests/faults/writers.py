"""People who write in their journals while the site is in trouble, and a ledger of every save that was acknowledged."""

import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from tests.faults.journals import digest_of
from tests.faults.serving import Answer, Away, Site

NOTE = "/journal/note/"
CSRF = "c" * 32  # the cookie and the field of the form: a browser has both from the site
PATIENCE = 120  # seconds: after that a save is given up, and the run has failed
WORDS = ("rest", "a blue door", "tea", "naïve", "Zażółć", "🌊", "<b>", "&amp;", "“quoted”", "\n", "\n\n")


class Ledger:
    """A line for each acknowledged save, on the disk before the next one begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, digest: str) -> None:
        os.write(self._descriptor, f"{digest}\n".encode())
        os.fsync(self._descriptor)

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()


@dataclass
class Attempt:
    """One post on its way. `outcome` is empty until it is known: saved, cut off, or refused with a page."""

    outcome: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def ends(self, outcome: str) -> None:
        self.outcome = outcome
        self.over.set()


class Writer(threading.Thread):
    """Writes a note and changes it twice, again and again. Sends each post until it is acknowledged: the same one."""

    def __init__(self, site: Site, cookie: str, ledger: Ledger, seed: int, group: str) -> None:
        super().__init__(name=f"writer {seed}", daemon=True)
        self.group = group
        self.site, self.ledger, self.chance = site, ledger, random.Random(seed)  # noqa: S311 (nothing to guess)
        self.headers = {
            "Cookie": f"session={cookie}; csrf={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.sent: set[str] = set()
        self.refusals: list[Answer] = []
        self.attempt: Attempt | None = None
        self.began = threading.Event()  # an attempt is on its way
        self.enough = threading.Event()
        self.problem = ""

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                self.write_note()
        except (AssertionError, KeyError) as problem:
            self.problem = f"{self.name}: {problem}"

    def write_note(self) -> None:
        path = NOTE
        for _turn in range(3):
            path = self.write(path, self.some_text()) + "change/"

    def write(self, path: str, text: str) -> str:
        """Saves the text by the form there; the address of its entry."""
        body = urlencode({"csrfmiddlewaretoken": CSRF, "token": self.token_of(path), "text": text}).encode()
        digest = digest_of(text)
        self.sent.add(digest)
        where = self.acknowledged(path, body)
        self.ledger.write(digest)
        return where

    def some_text(self) -> str:
        """A text that there is once, of a line or of some thousand letters."""
        words = self.chance.choices(WORDS, k=self.chance.choice((3, 30, 600)))
        return f"{self.chance.getrandbits(64):x} {' '.join(words)} end"

    def token_of(self, path: str) -> str:
        answer = self.until(200, path)
        found = re.search(r'name="token" value="([^"]+)"', answer.text)
        assert found, f"{path} has no form"
        return unescape(found[1])

    def acknowledged(self, path: str, body: bytes) -> str:
        answer = self.until(302, path, body)
        to = re.fullmatch(r"/journal/entries/[0-9a-f-]{36}/", answer.headers["Location"])
        assert to, f"{path} led to {answer.headers['Location']}"
        return to[0]

    def until(self, status: int, path: str, body: bytes | None = None) -> Answer:
        """Asks again and again, until that is the answer. In between only this counts: no answer, and 503."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            attempt = Attempt()
            if body is not None:
                self.attempt = attempt
                self.began.set()
            try:
                answer = self.site.ask(path, "POST" if body else "GET", headers=self.headers, body=body, timeout=60)
            except Away:
                attempt.ends("cut off")
                time.sleep(0.02)
                continue
            attempt.ends("saved" if answer.status == status else "refused")
            if answer.status == status:
                return answer
            assert answer.status == 503, f"{path} answered {answer.status}"
            if body is not None:
                self.refusals.append(answer)
            time.sleep(0.05)
        raise AssertionError(f"{path} was not answered with {status} within {PATIENCE} s")


def program(site: Site, *arguments: str) -> Any:
    """What `tests.faults.journals` prints, on the database of that site."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.journals", *arguments],
        cwd=settings.BASE_DIR,
        env={**site.environment, "DJANGO_SETTINGS_MODULE": "ketcare.settings"},
        stdout=subprocess.PIPE,
        timeout=600,
        check=True,
    )
    return json.loads(ended.stdout)


@contextmanager
def writing(site: Site, number: int, *, seed: int = 1, at_once: bool = True) -> Iterator[list[Writer]]:
    """So many people, new to the site, write. At the end each finishes what they were at, and nothing of it went wrong.

    Without `at_once` they write what the test tells them to.
    """
    name = uuid.uuid4().hex[:8]
    ledger = Ledger(site.folder / f"ledger-{name}")
    cookies = program(site, "prepare", str(number), name)
    writers = [Writer(site, cookie, ledger, seed * 1000 + place, name) for place, cookie in enumerate(cookies)]
    for writer in writers if at_once else []:
        writer.start()
    try:
        yield writers
    finally:
        for writer in writers:
            writer.enough.set()
        for writer in writers if at_once else []:
            writer.join(3 * PATIENCE)
    problems = [writer.problem for writer in writers if writer.problem]
    assert not problems, problems


def judge(acknowledged: list[str], sent: set[str], held: dict[str, list[str | None]]) -> dict[str, list[str]]:
    """`held`: for each entry the digests of what it says and said before, None for what does not open."""
    found = Counter(digest for digests in held.values() for digest in digests if digest)
    return {
        "lost": sorted(set(acknowledged) - found.keys()),
        "torn": sorted(
            [f"{entry} does not open" for entry, digests in held.items() if None in digests]
            + [f"{digest} was never sent" for digest in found.keys() - sent]
        ),
        "doubled": sorted(digest for digest, times in found.items() if times > 1),
    }


def verdict(site: Site, writers: list[Writer]) -> dict[str, Any]:
    """What the site holds of these people, beside what it acknowledged to them. They write no more."""
    read = program(site, "read", writers[0].group)
    sent = {digest for writer in writers for digest in writer.sent}
    acknowledged = writers[0].ledger.lines()
    return {"saves": len(acknowledged), "unsaved": read["unsaved"], **judge(acknowledged, sent, read["held"])}
