"""Crisis lines on the desk: who checked which, when it asks again, and that no check makes a line public."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from django.test import Client
from django.utils import timezone

from ketcare import crisis
from ketcare.crisis import Line
from ketcare.site import line_checks
from ketcare.site.events import Verb
from ketcare.site.line_checks import Standing
from ketcare.site.models import Event, LineCheck
from tests.conftest import NOW
from tests.ketcare.at_work import colleague, sit_down

DAY = dt.timedelta(days=1)
TODAY = NOW.date()
LINES = "/admin/site/linecheck/"
HELP = {"key": "x-help", "name": "Help", "kind": "crisis", "call": "555 0100", "verified": TODAY - 170 * DAY}
HIDDEN = {"key": "x-new", "name": "New line", "kind": "crisis", "call": "555 0199"}


@pytest.fixture
def write(settings, tmp_path):
    """`write(line, ...)`: what the file says from now on, as after a start."""

    def written(*lines: dict[str, object]) -> None:
        region = {"name": "Nowhere", "emergency": "111", "lines": list(lines)}
        path: Path = tmp_path / "crisis-lines.toml"
        path.write_text(tomli_w.dumps({"elsewhere_url": "https://findahelpline.com", "regions": {"XX": region}}))
        settings.CONTENT_DIR, settings.CRISIS_REGION = tmp_path, "XX"
        crisis.regions.cache_clear()

    yield written
    crisis.regions.cache_clear()


def asked(now: dt.datetime) -> dict[str, str]:
    return {line.key: why for line, why in line_checks.asked_for(now)}


def check(key: str, by, now: dt.datetime, **given) -> LineCheck:
    lines = {line.key: line for line in (*crisis.region().lines, *crisis.region().unverified)}
    return line_checks.check(key, **{"digest": lines[key].digest, "called": True, "by": by, "now": now, **given})


# The digest -------------------------------------------------------------------------------------------------------


def test_the_digest_of_a_line_is_of_what_it_says_and_not_of_its_date():
    line = Line(key="x", name="Help", kind="crisis", call="1", verified=TODAY)
    assert replace(line, verified=None).digest == line.digest
    texts = [name for name, kind in crisis.FIELDS.items() if kind is str]
    others = [Line(**{**vars(line), name: "y"}) for name in texts]
    others.append(replace(line, languages=("en",)))
    assert len({line.digest, *(other.digest for other in others)}) == len(others) + 1


# When it asks -----------------------------------------------------------------------------------------------------


def test_a_line_asks_180_days_after_the_date_of_the_file(write, db):
    write({**HELP, "verified": TODAY - 180 * DAY})
    assert asked(NOW) == {}
    assert asked(NOW + DAY) == {"x-help": "Last checked on May 6, 2026."}


def test_a_check_on_the_desk_counts_from_its_own_day(write, ed):
    write({**HELP, "verified": TODAY - 400 * DAY})
    assert "x-help" in asked(NOW)
    check("x-help", ed, NOW)
    assert asked(NOW + 180 * DAY) == {}
    assert asked(NOW + 181 * DAY) == {"x-help": "Last checked on Nov. 2, 2026."}


def test_the_newer_of_both_days_counts(write, ed):
    write(HELP)
    check("x-help", ed, NOW - 400 * DAY)
    assert asked(NOW) == {}
    [standing] = line_checks.standings(crisis.region().lines)
    assert standing.looked_at == HELP["verified"]


def test_a_line_that_was_changed_asks_at_once(write, ed):
    write(HELP)
    check("x-help", ed, NOW)
    write({**HELP, "call": "555 0111"})
    assert asked(NOW) == {"x-help": "It was changed since somebody checked it."}
    check("x-help", ed, NOW + DAY)
    assert asked(NOW + DAY) == {}


def test_a_change_with_a_later_date_of_its_own_was_checked_by_who_made_it(write, ed):
    write(HELP)
    check("x-help", ed, NOW)
    write({**HELP, "call": "555 0111", "verified": TODAY + DAY})
    assert asked(NOW + DAY) == {}


def test_no_check_makes_a_hidden_line_public(write, ed):
    write(HELP, HIDDEN)
    check("x-new", ed, NOW)
    assert [line.key for line in crisis.region().lines] == ["x-help"]
    assert asked(NOW) == {}
    assert "New line" not in Client().get("/crisis/").content.decode()


def test_a_line_without_any_day_asks_nobody():
    assert Standing(Line(key="x", name="x", kind="crisis", call="1"), None).why_asked(TODAY) == ""


# On the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewer(db: None) -> Client:
    return sit_down(colleague("rita@example.org", "reviewer"))


def posted(how: str = "called", key: str = "x-help") -> dict[str, str]:
    [line] = [line for line in (*crisis.region().lines, *crisis.region().unverified) if line.key == key]
    return {"line": key, "digest": line.digest, "how": how}


@pytest.mark.parametrize(("how", "verb"), [("called", Verb.LINE_CALLED), ("looked up", Verb.LINE_LOOKED_UP)])
def test_who_called_or_looked_it_up_stands_beside_the_line(write, reviewer, how, verb):
    write(HELP)
    page = reviewer.post(LINES + "check/", posted(how), follow=True).content.decode()
    assert "Noted. This line asks again in 180 days." in page
    assert "by rita@example.org" in page
    made = LineCheck.objects.get()
    assert (made.line, made.by.email, made.at.date()) == ("x-help", "rita@example.org", timezone.now().date())
    assert Event.objects.get(verb=verb).object_ref == "x-help"


def test_a_check_of_what_the_page_no_longer_says_is_refused(write, reviewer):
    write(HELP)
    seen = posted()
    write({**HELP, "call": "555 0111"})
    page = reviewer.post(LINES + "check/", seen, follow=True).content.decode()
    assert "This line was changed meanwhile. Look at it again." in page
    assert not LineCheck.objects.exists()


def test_a_line_that_is_gone_is_refused(write, reviewer):
    write(HELP)
    page = reviewer.post(LINES + "check/", {"line": "x-gone", "digest": "0", "how": "called"}, follow=True)
    assert "There is no such line any more." in page.content.decode()


def test_the_page_says_what_was_checked_when_it_said_something_else(write, reviewer, ed):
    write(HELP, HIDDEN)
    check("x-help", ed, NOW)
    write({**HELP, "call": "555 0111"}, HIDDEN)
    page = reviewer.get(LINES).content.decode()
    assert "it said something else then" in page
    assert "It was changed since somebody checked it." in page
    assert page.index("Readers see these") < page.index("Help") < page.index("Readers do not see these")


def test_a_link_changes_nothing(write, reviewer):
    write(HELP)
    assert reviewer.get(LINES + "check/", posted()).status_code == 405
    assert not LineCheck.objects.exists()


@pytest.mark.parametrize(("role", "may"), [("editor", True), ("reviewer", True), ("manager", True), ("", False)])
def test_who_may_check_by_address_and_by_button(write, db, role, may):
    write(HELP)
    client = sit_down(colleague("who@example.org", *filter(None, [role])))
    page = client.get(LINES)
    assert page.status_code == (200 if may else 403)
    assert ("I called it" in page.content.decode()) == may
    assert client.post(LINES + "check/", posted()).status_code == (302 if may else 403)
    assert LineCheck.objects.exists() == may
