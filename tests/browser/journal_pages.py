"""A journal with something of each kind, and every page that shows it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page

from journal import drafts, sealed, steps, writing
from journal.models import Entry, Kind, Phase
from journal.tokens import FormToken, Place
from journal.words import VERSION, State
from ketcare.accounts.models import User
from ketcare.site.prompts import prompt
from tests.journal.conftest import change, entry_of, save, treatment_of
from tests.ketcare.accounts.signing_in import account

NOON = dt.datetime(2026, 11, 2, 17, tzinfo=dt.UTC)  # in New York
HIGHEST = 400  # on writing pages the box begins above that line
# What people paste, and what no line of a phone can hold.
LONG_WORD = "otorrinolaringológicamente" * 8
PLAN = {
    "person_name": "Jo",
    "person_phone": "555-0123",
    "signs": "I stop opening the curtains. I count hours.",
    "helps": LONG_WORD,
    "people": "Jo. The pool on Thursdays.",
    "professionals": "The clinic, 555-0100",
    "safer": "The tablets are at Jo’s, a week at a time.",
}
STEP = {"when": "the coffee is on", "then": f"I open one letter: {LONG_WORD}"}


def words(**said: object) -> dict[str, Any]:
    return {"v": VERSION, **said}


def filled(owner: User, now: dt.datetime) -> list[str]:
    """Writes that journal; gives the address of each page of it that a link leads to, from /journal/ on."""
    today = now.date()
    past = treatment_of(owner, today - dt.timedelta(days=9), phase=Phase.INDUCTION)
    last = treatment_of(owner, today - dt.timedelta(days=2), time=dt.time(13))
    ahead = treatment_of(owner, today + dt.timedelta(days=5))
    called_off = treatment_of(owner, today - dt.timedelta(days=5), cancelled_at=now)
    for session in (past, last):
        save(owner, Place.of(Kind.INTENTION, session), words(intentions=["To be less afraid", LONG_WORD]))
    capture = words(shape="capture", noticed="The room was farther away than it is", feeling="Warm, behind the ribs")
    note = save(owner, Place.of(Kind.NOTE, last), capture)
    for number, mood in enumerate(["very-low", "low", "okay", "good"], 1):
        said = words(card=str(number), text="Heavy arms. Soup helped.", mood=mood, sleep="Nine hours", keep=True)
        save(owner, Place.of(Kind.REFLECTION, past, number), said)
    day = save(owner, Place.of(Kind.REFLECTION, past, 7), words(card="7", chip="The same", text=LONG_WORD))
    save(owner, Place.of(Kind.REFLECTION, past, 6), words(answer="nothing"))
    save(owner, Place.of(Kind.STEP), words(step=STEP))
    along = words(card="4", question=prompt("bring-along").question, text=LONG_WORD, step=STEP)
    thought = save(owner, Place.of(Kind.REFLECTION, last, 1), along)
    steps.settle(owner, sealed.to_write(owner), thought, State.KEPT, now=now)
    plan = save(owner, Place.of(Kind.PLAN), words(**PLAN))
    changed = change(entry_of(owner, "First."), words(text="Second."), now=now)
    trashed = entry_of(owner, "Thrown away.")
    writing.put_in_trash(trashed, now=now)
    token = FormToken.for_new(owner, Place.of(Kind.REFLECTION, last, 1))
    drafts.keep(owner, sealed.to_write(owner), token, {"text": LONG_WORD, "sleep": "Well"}, now=now)
    of_last = f"sessions/{last.ref}"
    return [
        "",
        *("note/", "since/", "steps/", "steps/new/", "plan/", "plan/change/", "rough/", "faded/", "settings/"),
        *("back/", "back/kept/", "entries/", "trash/", "print/", "sessions/", "sessions/new/", "start/coming/"),
        *(f"{of_last}/", f"{of_last}/change/", f"{of_last}/day/1/", f"{of_last}/day/4/", f"{of_last}/meaning/"),
        *(f"sessions/{ahead.ref}/intentions/", f"sessions/{past.ref}/", f"sessions/{called_off.ref}/"),
        *(f"entries/{entry.ref}/" for entry in (day, note, plan, trashed)),
        *(f"entries/{changed.ref}/{page}" for page in ("", "change/", "versions/", "delete/")),
        *(f"entries/{day.ref}/change/", "unsaved/", f"unsaved/{token.form}/"),
    ]


def check_box(page: Page) -> None:
    """The first box to write in stands where one sees it without scrolling."""
    box = page.locator("main textarea:visible").first.bounding_box()
    assert box is not None
    assert box["y"] < HIGHEST, f"{page.url}: the box begins at {box['y']}"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def alice(db: None) -> User:
    return account("alice@example.org", time_zone="America/New_York")


Begin = Callable[[User, dt.date], object]


def _ago(days: int, **columns: object) -> Begin:
    return lambda owner, today: treatment_of(owner, today - dt.timedelta(days=days), **columns)


def _last_day_between(owner: User, today: dt.date) -> None:
    noted = treatment_of(owner, today - dt.timedelta(days=2))
    save(owner, Place.of(Kind.NOTE, noted), words(text="A blue field"))
    treatment_of(owner, today + dt.timedelta(days=1))


def _written(owner: User, today: dt.date) -> Entry:
    session = treatment_of(owner, today - dt.timedelta(days=3))
    return save(owner, Place.of(Kind.REFLECTION, session, 3), words(text="I wrote to Jo."))


def _ready(owner: User, today: dt.date) -> Entry:
    session = treatment_of(owner, today + dt.timedelta(days=4))
    return save(owner, Place.of(Kind.INTENTION, session), words(intentions=["Just rest"]))


# The first page of a journal in each of its states: what makes it so.
STATES: dict[str, Begin] = {
    "first use": lambda _owner, _today: None,
    "a session in some weeks": _ago(-20),
    "a session in a few days": _ago(-4),
    "ready for it": _ready,
    "tomorrow": _ago(-1),
    "the day itself": _ago(0),
    "the day after": _ago(1),
    "the last day before the next": _last_day_between,
    "the day with a step": _ago(4),
    "the last day": _ago(7),
    "written today": _written,
    "between": _ago(20),
    "every month": _ago(20, phase=Phase.MAINTENANCE),
    "back after months": _ago(200),
}
