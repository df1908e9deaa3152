"""No streak, no count of missed days, no percentage and no red: in what is written, in pages and in colors."""

import datetime as dt
import re

import pytest
from django.test import Client

from journal.models import Treatment
from tests.journal.conftest import alice, alices, entry_of, treatment_of
from tests.journal.pages import write
from tests.reading import read
from tests.test_project import lines_with

__all__ = ["alice", "alices"]  # fixtures of another folder

# In what the journal says. "No streaks" as a promise is no streak.
SHAMING = re.compile(
    r"(?i)\bstreaks?\b|\bmissed\b|\bin a row\b|\bdays? (?:left|behind|skipped)\b|\bgoals?\b|\bbadges?\b|\bcongrat"
    r"|\bwell done\b|\bkeep it up\b|\bdon.t break\b|\bfell behind\b|\bcatch up\b"
    r"|\d\s?%(?!\})|\bpercent\b|\b\d+ of \d+\b|\bword count\b|\boverdue\b|\byou failed\b|\bscore\b"
)
ALLOWED = ("Nothing to catch up on",)
PATHS = [
    "/journal/",
    "/journal/back/",
    "/journal/entries/",
    "/journal/sessions/",
    "/journal/steps/",
    "/journal/plan/",
    "/journal/since/",
    "/journal/back/kept/",
    "/journal/settings/",
    "/journal/faded/",
    "/journal/trash/",
]


def said_by(page: str) -> list[str]:
    for words in ALLOWED:
        page = page.replace(words, "")
    return [found[0] for found in SHAMING.finditer(page)]


def test_what_is_sought_is_found():
    assert said_by("You missed 3 days. 40% done, 2 of 7.") == ["missed", "0%", "2 of 7"]
    assert said_by("A 5-day streak!") == ["streak"]
    assert said_by("Nothing to catch up on.") == []


def test_no_template_and_no_prompt_of_the_journal_shames():
    lines = lines_with(SHAMING.pattern, "templates/journal", "content/prompts.toml")
    told = [line for line in lines if not any(words in line for words in ALLOWED)]
    assert [line for line in told if "{#" not in line and "comment" not in line] == []


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, -4, -7, -40, -200])
def test_no_page_of_the_journal_counts_against_anybody(alice, alices: Client, days: int):
    """Alice wrote once, long ago, and nothing on the days after."""
    today = dt.datetime.now(dt.UTC).date()
    treatment: Treatment = treatment_of(alice, today + dt.timedelta(days=days))
    treatment_of(alice, today + dt.timedelta(days=days - 4))
    entry_of(alice, treatment=treatment)
    write(alices, f"/journal/sessions/{treatment.ref}/day/1/", mood="very-low")
    told = {}
    for path in [*PATHS, f"/journal/sessions/{treatment.ref}/"]:
        page = read(alices.get(path).content)
        if found := said_by(page.one("main").text):
            told[path] = found
    assert told == {}


def test_no_color_of_the_site_is_red():
    reds = []
    for line in lines_with(
        r"#[0-9a-fA-F]{3,8}\b|\bred\b", "static/css/site.css", "static/css/private.css", "static/css/journal.css"
    ):
        for found in re.findall(r"#([0-9a-fA-F]{6})\b", line):
            red, green, blue = (int(found[at : at + 2], 16) for at in (0, 2, 4))
            if red > 140 and red > 1.6 * green and red > 1.6 * blue:
                reds.append(line)
        if re.search(r":[^;]*\bred\b", line):
            reds.append(line)
    assert reds == []
