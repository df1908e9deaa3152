"""Whatever is typed into any box comes back byte for byte, in the one form in which texts are kept.

Our own texts go into every box here, and of the Big List of Naughty Strings each into one; `bench/naughty_strings.py`
puts every one into every box.
"""

from html import unescape

import pytest
from django.test import Client

from journal.forms import FORMS as ENTRY_FORMS
from journal.models import Entry
from journal.texts import TextField
from ketcare.accounts.models import User
from tests.journal.boxes import FORMS, Form, Writer, as_documented, as_sent, capture, in_each, in_one, wrong
from tests.journal.conftest import treatment_of
from tests.journal.hostile import OWN, naughty
from tests.journal.pages import boxes, write

pytestmark = [pytest.mark.django_db, pytest.mark.answers]


@pytest.fixture
def writer(alice: User, alices: Client) -> Writer:
    return Writer(alice, alices, treatment_of(alice))


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_ours_come_back_from_every_box(writer: Writer, form: Form):
    assert list(wrong(writer, form, in_each(form, OWN))) == []


@pytest.mark.answers
@pytest.mark.parametrize("number", range(len(FORMS)), ids=lambda number: str(FORMS[number]))
def test_each_naughty_one_comes_back_from_a_box(writer: Writer, number: int):
    form = FORMS[number]
    assert list(wrong(writer, form, in_one(form, naughty()[number :: len(FORMS)]))) == []


def test_there_is_no_other_box():
    known = {name for form in FORMS for name in form.boxes}
    there = {
        name
        for form in ENTRY_FORMS.values()
        for name, field in form.base_fields.items()
        if isinstance(field, TextField)
    }
    assert there | {"notes"} == known


REFUSING = [
    ("/journal/note/", "text"),
    ("/journal/since/", "held"),
    ("/journal/plan/change/", "person_phone"),
    ("/journal/steps/new/", "then"),
    ("/journal/sessions/{session}/intentions/", "second"),
    ("/journal/sessions/{session}/day/1/", "sleep"),
    ("/journal/sessions/{session}/meaning/", "text"),
]


@pytest.mark.parametrize(("path", "box"), REFUSING)
def test_a_nul_is_named_and_all_else_stays_in_the_box(writer: Writer, path: str, box: str):
    answer = write(writer.client, path.format(session=writer.treatment.ref), **{box: "before\0after"})
    assert answer.status_code == 400
    assert "There is a character in it (NUL) that cannot be kept." in answer.content.decode()
    assert boxes(answer)[box] == "before\ufffdafter"
    assert not Entry.objects.exists()


def test_the_page_for_the_hours_after_asks_nothing_and_leaves_a_nul_out(writer: Writer):
    assert capture(writer, {"idea": "before\0after"})["idea"] == "beforeafter"


@pytest.mark.parametrize("text", [*OWN])
def test_a_page_shows_it_as_text_and_a_form_as_it_was(alices: Client, alice: User, text: str):
    write(alices, "/journal/note/", text=as_sent(text))
    entry = Entry.objects.get()
    html = alices.get(f"/journal/entries/{entry.ref}/").content.decode()
    shown = html.split('<div class="words">')[1].split("</div>")[0]
    assert "<" not in shown
    assert unescape(shown) == as_documented(text)
    assert boxes(alices.get(f"/journal/entries/{entry.ref}/change/"))["text"] == as_documented(text)
