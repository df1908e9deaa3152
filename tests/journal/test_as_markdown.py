"""The journal as a text to read."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone

from journal import sealed, steps
from journal.as_markdown import as_markdown
from journal.models import Draft, Entry, Kind
from journal.tokens import Place
from journal.words import State
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import TODAY, entry_of, save, treatment_of

WHOLE = """\
# What I wrote

As of November 2, 2026, 10:30.

## Session 3, November 2, 2026

In the morning.

### Before the session · November 2, 2026, 10:30

- Rest
- Be kind

### Day 2 after · November 2, 2026, 10:30

Slept.{end}
Then walked. 🌊

Mood: Okay

Sleep: Six hours

Movement: A walk

A small step: when… after tea

…then I go out

*Keep for my therapist*

### Day 3 after · November 2, 2026, 10:30

I don’t want to look at this

## A session that was called off, November 5, 2026

## Of no one session

### Note · November 2, 2026, 10:30

Second.

## Unsaved text

### A day after · November 2, 2026, 11:30

Not saved.

Sleep: Well

## In the trash

### Note · November 2, 2026, 10:30

Thrown away.

## What entries said before they were changed

### Note · November 2, 2026, 10:30

*Until it was changed, from November 2, 2026, 10:30 on:*

First.

"""


def text_of(owner: User) -> str:
    with timezone.override(zoneinfo.ZoneInfo(owner.time_zone)):
        return "".join(as_markdown(owner, sealed.to_read(owner), now=NOW))


def test_it_reads_from_session_to_session(alice, whole):
    assert text_of(alice) == WHOLE.replace("{end}", "  ")


def test_an_empty_journal_is_a_heading(alice):
    assert text_of(alice) == "# What I wrote\n\nAs of November 2, 2026, 10:30.\n\n"


def test_days_follow_each_other_however_late_they_were_written(alice):
    session = treatment_of(alice, TODAY - dt.timedelta(days=4))
    for day in (3, 1, 2):
        save(alice, Place.of(Kind.REFLECTION, session, day), {"v": 1, "text": f"Of day {day}."})
    found = text_of(alice)
    assert [found.index(f"Of day {day}.") for day in (1, 2, 3)] == sorted(
        found.index(f"Of day {day}.") for day in (1, 2, 3)
    )


@pytest.mark.parametrize("line", ["# Mine", "   ## Mine", "---", "=====", "-"])
def test_no_line_of_a_text_becomes_a_heading(alice, line):
    entry_of(alice, f"Before.\n{line}\nAfter.")
    found = text_of(alice)
    assert f"\n{line}" not in found
    assert line in found.replace("\\", "")


def test_lines_stay_lines_and_lists_stay_lists(alice):
    entry_of(alice, "One.\nTwo.\n\n- milk\n- eggs")
    assert "One.  \nTwo.\n\n- milk  \n- eggs\n\n" in text_of(alice)


def test_what_a_card_asked_stands_before_the_answer(alice):
    session = treatment_of(alice, TODAY - dt.timedelta(days=2))
    said = {"v": 1, "card": "2", "question": "What is there?", "chip": "Something soft", "text": "And a wish."}
    save(alice, Place.of(Kind.REFLECTION, session, 2), said)
    assert "*What is there?*\n\nSomething soft\n\nAnd a wish.\n\n" in text_of(alice)


def test_boxes_of_a_plan_a_capture_and_a_step_have_their_names(alice):
    save(alice, Place.of(Kind.PLAN), {"v": 1, "person_name": "Bo", "safer": "Keys with Bo."})
    save(alice, Place.of(Kind.NOTE), {"v": 1, "shape": "capture", "picture": "A lake."})
    save(alice, Place.of(Kind.STEP), {"v": 1, "step": {"when": "noon", "then": "walk"}, "state": "let-go"})
    found = text_of(alice)
    for words in (
        "My person: the one I would call: Bo\n\nWhat makes my place safer: Keys with Bo.\n\n",
        "### Hours after · November 2, 2026, 10:30\n\nA picture, a sound, a place: A lake.\n\n",
        "When… noon\n\n…then I walk\n\nLet go\n\n",
    ):
        assert words in found


def test_what_became_of_a_step_stands_with_it_and_nowhere_by_itself(alice):
    session = treatment_of(alice)
    day = save(alice, Place.of(Kind.REFLECTION, session, 4), {"v": 1, "step": {"when": "noon", "then": "walk"}})
    for state in (State.TRIED, State.KEPT):
        steps.settle(alice, sealed.to_write(alice), day, state, now=NOW)
    found = text_of(alice)
    assert "…then I walk\n\nWhat became of it: Kept\n\n" in found
    assert "Small step" not in found
    assert "What entries said before they were changed" not in found


def test_what_does_not_open_is_named(alice, whole):
    Entry.objects.update(body=b"damaged")
    Draft.objects.update(body=b"damaged")
    found = text_of(alice)
    assert found.count("*This cannot be opened: its row in the database is damaged, or belongs elsewhere.*") == 6
    assert "First." in found  # the earlier version is sealed by itself
