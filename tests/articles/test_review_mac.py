"""The MAC of a review covers every other column: whatever is changed past the code is found out."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from articles import review
from articles.models import Review, Reviewer, Revision
from ketcare.keys import Ring, make_key
from tests.articles.plain_sql import overwrite
from tests.conftest import NEXT_YEAR, NOW


def attributes() -> list[str]:
    return [field.attname for field in Review._meta.concrete_fields]


def test_the_mac_covers_every_other_column():
    assert {*Review.COVERED[Review.FORM], "mac"} == set(attributes())


@dataclass(frozen=True)
class Rows:
    """Two reviews with something in every column that can have it, and other rows to point them at."""

    signature: Review
    revocation: Review
    other: Review
    other_revision: Revision
    other_reviewer: Reviewer
    stranger: uuid.UUID


@pytest.fixture
def rows(guide, submit, dr_rao, dr_lee, django_user_model) -> Rows:
    first, second = submit(guide), submit(guide, "Other words.")
    columns: dict[str, Any] = {
        "reviewer": dr_rao,
        "author": first.author,
        "signed_by": dr_rao.user,
        "name": dr_rao.name,
        "credential": dr_rao.credential,
        "sample": False,
        "statement": "I read every word.",
        "checklist": ["numbers", "sources"],
        "note": "Well written.",
        "at": NOW,
    }
    dates = {"reviewed_on": NOW.date(), "next_due": NEXT_YEAR}
    signature = Review(revision=first, digest=first.digest, verdict="signed", **columns, **dates)
    other = Review(revision=second, digest=second.digest, verdict="signed", **columns, **dates)
    signature.save()
    other.save()
    revocation = Review(revision=first, digest=first.digest, verdict="revoked", revokes=signature, **columns)
    revocation.save()
    stranger = django_user_model.objects.create_user("stranger@example.org")
    return Rows(signature, revocation, other, second, dr_lee, stranger.ref)


def test_what_the_site_made_is_genuine_when_it_is_read_again(rows):
    assert [row.is_genuine() for row in Review.objects.all()] == [True, True, True]


# For each column, other values that the database lets in.
OTHER_VALUES: dict[str, list[Any]] = {
    "id": [uuid.UUID(int=7)],
    "revision_id": [lambda rows: rows.other_revision.pk],
    "digest": ["0" * 64, "", lambda rows: rows.signature.digest.upper(), lambda rows: rows.other.digest],
    "verdict": ["urgent"],
    "reviewer_id": [lambda rows: rows.other_reviewer.slug],
    "author_id": [None, lambda rows: rows.stranger],
    "signed_by_id": [lambda rows: rows.stranger],
    "name": ["Asha Rao ", "Min Lee", ""],
    "credential": ["MD, PhD", ""],
    "sample": [True],
    "solo": [True],
    "form": [1, 3],
    "statement": ["I read it.", ""],
    "checklist": [["sources", "numbers"], ["numbers"], [], {}, "numbers"],
    "note": ["Badly written.", " "],
    "at": [NOW + dt.timedelta(microseconds=1), NOW - dt.timedelta(days=365)],
    "reviewed_on": [NOW.date() - dt.timedelta(days=1), dt.date(2020, 2, 29)],
    "next_due": [NEXT_YEAR + dt.timedelta(days=1), dt.date(9999, 12, 31)],
    "revokes_id": [lambda rows: rows.other.pk],
    "key_id": ["test2", "", "TEST1"],
    "mac": ["0" * 64, "", lambda rows: rows.signature.mac.upper(), lambda rows: rows.other.mac, "é"],
}


def test_every_column_is_tampered_with_below():
    assert set(OTHER_VALUES) == set(attributes())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        pytest.param(column, value, id=f"{column}-{number}")
        for column, values in OTHER_VALUES.items()
        for number, value in enumerate(values, 1)
    ],
)
def test_a_review_with_another_value_in_one_column_is_not_genuine(rows, column, value):
    # Only the revocation can point elsewhere, and nothing points at it.
    row = rows.revocation if column in {"id", "revokes_id"} else rows.signature
    value = value(rows) if callable(value) else value
    assert getattr(row, column) != value
    overwrite(row, **{column: value})
    stored = Review.objects.get(pk=value if column == "id" else row.pk)
    assert getattr(stored, column) == value
    assert not stored.is_genuine()


def test_two_reviews_cannot_swap_their_macs(rows):
    overwrite(rows.signature, mac=rows.other.mac)
    overwrite(rows.other, mac=rows.signature.mac)
    assert [row.is_genuine() for row in Review.objects.filter(verdict="signed")] == [False, False]


def test_a_review_that_was_added_past_the_code_is_not_genuine(rows):
    fields = {name: getattr(rows.signature, name) for name in attributes()}
    Review.objects.bulk_create([Review(**{**fields, "id": uuid.UUID(int=8)})])
    assert not Review.objects.get(pk=uuid.UUID(int=8)).is_genuine()


def test_the_moment_of_a_review_is_the_same_in_every_time_zone(rows):
    row = Review.objects.get(pk=rows.signature.pk)
    row.at = row.at.astimezone(dt.timezone(dt.timedelta(hours=-5)))
    assert row.is_genuine()


def test_a_review_stays_genuine_while_its_key_is_in_the_ring(rows, settings):
    newer = Ring.parse(make_key("newer"))
    settings.KETCARE_KEYS = Ring({**newer.keys, **settings.KETCARE_KEYS.keys})
    assert Review.objects.get(pk=rows.signature.pk).is_genuine()


def test_new_reviews_are_made_with_the_newest_key(signed, dr_lee, settings):
    newer = Ring.parse(make_key("newer"))
    settings.KETCARE_KEYS = Ring({**newer.keys, **settings.KETCARE_KEYS.keys})
    row = review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert (row.key_id, row.is_genuine()) == ("newer", True)


@pytest.mark.parametrize("ring", [make_key("newer"), make_key("test1")], ids=["key is gone", "another key of that id"])
def test_a_review_is_not_genuine_without_its_key(rows, settings, ring):
    settings.KETCARE_KEYS = Ring.parse(ring)
    assert not Review.objects.get(pk=rows.signature.pk).is_genuine()


# A review as the first form made it: such rows stand in databases, and verify for ever.
FIRST_FORM = {
    "id": uuid.UUID(int=1),
    "digest": "d" * 64,
    "verdict": "signed",
    "reviewer_id": "asha-rao",
    "author_id": uuid.UUID(int=2),
    "signed_by_id": uuid.UUID(int=3),
    "revision_id": uuid.UUID(int=4),
    "name": "Asha Rao",
    "credential": "MD",
    "sample": False,
    "statement": "I read it.",
    "checklist": ["numbers"],
    "note": "",
    "at": NOW,
    "reviewed_on": NOW.date(),
    "next_due": NEXT_YEAR,
    "revokes_id": None,
    "key_id": "test1",
    "mac": "59cf77319840fe3ff07447bbe34620715444e35602952dad592e4a99606e3135",
}


def test_a_review_of_the_first_form_is_genuine_for_ever():
    assert Review(**FIRST_FORM, form=1).is_genuine()


@pytest.mark.parametrize("columns", [{"form": 2}, {"form": 1, "solo": True}, {"form": 0}], ids=str)
def test_a_review_of_the_first_form_says_nothing_that_this_form_did_not_know(columns):
    assert not Review(**FIRST_FORM, **columns).is_genuine()
