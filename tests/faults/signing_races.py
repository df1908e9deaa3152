"""Somebody signs, and at the same moment the words change under them. For test_signing_races.py, and at length as

python -m bench.signing_races
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, connections

from articles import review
from articles.models import Guide, Review, Reviewer, Revision
from articles.rendering import Rendered, html_of
from ketcare.accounts.models import User
from tests.articles.plain_sql import overwrite

NOW = dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC)
WORDS = "## Quick answer {: .quick-answer }\n\nRest comes first.\n"
OTHER = WORDS.replace("Rest", "More")


@dataclass
class Found:
    """What a run showed. `unseen`: signatures on words that were not on the reviewer's screen."""

    races: int = 0
    overlapping: int = 0
    signed: int = 0
    refused: int = 0
    unseen: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # pages that show words which nobody signed
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Table:
    """One guide with words that Dr Rao has on the screen, and Ed who changes something."""

    revision: Revision
    digest: str
    rao: Reviewer
    ed: User
    html: Rendered

    def sign(self) -> str:
        try:
            review.sign(
                Revision.objects.select_related("guide").get(pk=self.revision.pk),
                by=self.rao,
                digest=self.digest,
                now=NOW,
                next_due=NOW.date() + dt.timedelta(days=365),
            )
        except review.Refused:
            return "refused"
        return "signed"

    def hand_in_newer_words(self) -> str:
        guide = Guide.objects.get(pk=self.revision.guide_id)
        words = {"title": "Rest", "summary": "Later.", "body": OTHER, "also_known_as": [], "sources": []}
        newer = review.write(guide, **words, by=self.ed, now=NOW)  # type: ignore[arg-type]
        review.submit(newer, now=NOW, rendered=self.html)
        return "done"

    def withdraw(self) -> str:
        review.withdraw(Guide.objects.get(pk=self.revision.guide_id), why="It was wrong.", now=NOW)
        return "done"

    def change_past_the_code(self) -> str:
        overwrite(self.revision, body=OTHER)
        return "done"

    def change_past_the_code_with_its_digest(self) -> str:
        forged = Revision(title="Rest", summary="First.", body=OTHER, meta=self.revision.meta)
        overwrite(self.revision, body=OTHER, digest=forged.computed_digest())
        return "done"


CHANGES: dict[str, Callable[[Table], str]] = {
    "newer words": Table.hand_in_newer_words,
    "a withdrawal": Table.withdraw,
    "a change past the code": Table.change_past_the_code,
    "a change past the code, with its digest": Table.change_past_the_code_with_its_digest,
}


def run(kind: str, overlapping: int) -> Found:
    """Races of that kind until so many truly overlapped; the database is to be empty, and is left with its rows."""
    ed = User.objects.get_or_create(email="ed-races@example.org", defaults={"is_staff": True})[0]
    rao = _reviewer()
    html, found = html_of(WORDS, "en", []), Found()
    while found.overlapping < overlapping and found.races < overlapping * 20:
        table = _table(kind, found.races, rao, ed, html)
        began, ended, outcome = _at_once(table.sign, lambda table=table: CHANGES[kind](table))  # type: ignore[misc]
        found.races += 1
        found.overlapping += max(began) < min(ended)
        found.signed += outcome[0] == "signed"
        found.refused += outcome[0] == "refused"
        found.errors += [each for each in outcome if each not in {"signed", "refused", "done"}]
        _judge(table, found)
    return found


def _reviewer() -> Reviewer:
    user = User.objects.get_or_create(email="rao-races@example.org", defaults={"is_staff": True})[0]
    columns = {"user": user, "name": "Asha Rao", "credential": "MD"}
    columns |= {"verified_on": dt.date(2026, 1, 1), "expires_on": dt.date(2200, 1, 1)}
    return Reviewer.objects.get_or_create(slug="rao-races", defaults=columns)[0]


def _table(kind: str, number: int, rao: Reviewer, ed: User, html: Rendered) -> Table:
    slug = f"{kind.replace(' ', '-').replace(',', '')}-{number}"
    guide = Guide.objects.create(section="integration", slug=slug, changed_at=NOW)
    words = {"title": "Rest", "summary": "First.", "body": WORDS, "also_known_as": [], "sources": []}
    revision = review.write(guide, **words, by=ed, now=NOW)  # type: ignore[arg-type]
    review.submit(revision, now=NOW, rendered=html)
    if kind == "a withdrawal":  # only what was public is withdrawn
        Guide.objects.filter(pk=guide.pk).update(live=revision)
    return Table(revision, revision.digest, rao, ed, html)


def _at_once(one: Callable[[], str], other: Callable[[], str]) -> tuple[list[float], list[float], list[str]]:
    """Both at the same moment; when each began and ended, and what came of it."""
    barrier = threading.Barrier(2)
    began, ended, outcome = [0.0, 0.0], [0.0, 0.0], ["", ""]

    def go(which: int, deed: Callable[[], str]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            began[which] = time.monotonic()
            outcome[which] = deed()
            ended[which] = time.monotonic()
        except Exception as problem:  # noqa: BLE001 - it is told, as what a race must not end in
            outcome[which] = f"{type(problem).__name__}: {problem}"
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(0, one)), threading.Thread(target=go, args=(1, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return began, ended, outcome


def _judge(table: Table, found: Found) -> None:
    for row in Review.objects.filter(revision__guide=table.revision.guide_id):
        if row.digest != table.digest or not row.is_genuine():
            found.unseen.append(f"{table.revision.guide}: {row.digest}")
    [guide] = Guide.objects.filter(pk=table.revision.guide_id).with_words()
    if guide.public_state(NOW).shows_words and guide.words.body != WORDS:
        found.shown.append(str(guide))
