"""What a screen reader says of a box: its label, its hint, what is wrong with it, and that nobody reads along."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from journal.models import Kind
from journal.sheets import plan
from ketcare.accounts.models import User
from tests.journal.conftest import TODAY, entry_of, treatment_of
from tests.journal.pages import write
from tests.reading import Element, read

pytestmark = [pytest.mark.django_db, pytest.mark.answers]
UNREAD = "No one reads this unless you share it, and no one will reply."


def boxes_of(page: Element) -> list[Element]:
    """Everything that the page’s own forms ask."""
    fields = page.one("main").all("textarea", "select", "input")
    return [field for field in fields if field.attributes.get("type") not in {"hidden", "radio", "checkbox"}]


def said_of(page: Element, box: Element) -> list[str]:
    """The words that describe a box; an id that is not there, or is there twice, fails."""
    names = box.attributes.get("aria-describedby", "").split()
    found = [[one for one in page.all() if one.attributes.get("id") == name] for name in names]
    assert [len(each) for each in found] == [1] * len(names), names
    return [each[0].text for each in found]


def pages_of(owner: User, browser: Client) -> Iterator[Element]:
    """Every page on which the journal asks for words."""
    session = treatment_of(owner, TODAY - dt.timedelta(days=3))
    entries = [entry_of(owner, treatment=session), entry_of(owner, kind=Kind.PLAN), entry_of(owner, kind=Kind.STEP)]
    paths = ["note/", "since/", "plan/change/", "steps/new/", "sessions/new/"]
    paths += [f"sessions/{session.ref}/{place}/" for place in ("intentions", "day/2", "day/4", "meaning", "change")]
    paths += [f"entries/{entry.ref}/change/" for entry in entries]
    for path in paths:
        response = browser.get(f"/journal/{path}")
        assert response.status_code == 200, path
        yield read(response.content)


def test_every_hint_is_said_with_its_box(alice: User, alices: Client):
    for page in pages_of(alice, alices):
        for box in boxes_of(page):
            [field] = [each for each in page.all("div") if box in each.children]
            hints = [hint.text for hint in field.children if hint.attributes.get("class") == "hint"]
            assert [words for words in said_of(page, box) if UNREAD not in words] == hints


def test_the_first_box_to_write_in_says_that_nobody_reads_along(alice: User, alices: Client):
    for page in pages_of(alice, alices):
        first, *others = [box for box in boxes_of(page) if box.tag == "textarea"]
        assert UNREAD in said_of(page, first)[0]
        assert not any(UNREAD in " ".join(said_of(page, box)) for box in others)


def test_what_holds_for_all_boxes_is_said_with_the_first(alice: User, alices: Client):
    page = read(alices.get("/journal/plan/change/").content)
    assert plan().hint in said_of(page, boxes_of(page)[0])[0]


def test_the_question_of_a_day_is_the_name_of_its_box(alice: User, alices: Client):
    session = treatment_of(alice, TODAY - dt.timedelta(days=3))
    page = read(alices.get(f"/journal/sessions/{session.ref}/day/2/").content)
    assert page.all("label")[0].text == "Which feeling has been around most? Give it a name of your own."
    assert "A line is enough." in said_of(page, boxes_of(page)[0])


def test_what_is_wrong_is_said_with_its_box(alices: Client):
    page = read(write(alices, "/journal/note/", text="word " * 10_001).content)
    [box] = boxes_of(page)
    assert box.attributes["aria-invalid"] == "true"
    assert said_of(page, box)[1].startswith("It is 5 characters longer than fits.")


def test_a_box_with_nothing_wrong_is_not_called_so(alices: Client):
    page = read(write(alices, "/journal/plan/change/", signs="\0", helps="Tea.").content)
    wrong = [box.attributes["name"] for box in boxes_of(page) if box.attributes.get("aria-invalid")]
    assert wrong == ["signs"]
