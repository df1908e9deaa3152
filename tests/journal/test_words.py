"""What an entry holds, from the boxes of a form and back into them; and of two texts, one with both."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from journal.forms import FORMS
from journal.words import Answer, Mood, both, fields_from, joined, says_nothing, words_from

TEXT = some.text(max_size=20)
FIELDS = some.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["text", "sleep", "movement", "first", "second", "third", "when", "then"], TEXT),
        "mood": some.sampled_from(["", *Mood.values]),
        "answer": some.sampled_from(["", *Answer.values]),
        "keep": some.booleans(),
    },
)


@given(FIELDS)
def test_words_come_back_through_the_boxes(given_fields: dict[str, Any]):
    words = words_from(given_fields)
    assert words_from(fields_from(words)) == words


@given(FIELDS, FIELDS)
def test_no_text_is_missing_from_both(one: dict[str, Any], other: dict[str, Any]):
    saved, mine = words_from(one), words_from(other)
    told = fields_from(both(saved, mine))
    for fields in (fields_from(saved), fields_from(mine)):
        for name in ("text", "sleep", "movement", "first", "second", "third", "when", "then"):
            assert fields.get(name, "") in told.get(name, "")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("A.", "B.", "A.\n\nB."),
        ("A.", "A.", "A."),
        ("A.", "A. And more.", "A. And more."),
        ("A. And more.", "A.", "A. And more."),
        ("", "B.", "B."),
        ("A.", "", "A."),
        ("ok", "looking up", "ok\n\nlooking up"),
    ],
)
def test_two_texts_become_one(one: str, other: str, expected: str):
    assert joined(one, other) == expected


def test_a_mark_alone_says_nothing():
    assert says_nothing(words_from({"keep": True}))
    assert not says_nothing(words_from({"mood": "low"}))


def test_every_form_offers_to_keep_for_the_therapist():
    assert all("keep" in form.base_fields for form in FORMS.values())
