"""The one public rule: nothing done to the rows behind a page gets past it."""

import copy
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Rendering, Review, Reviewer, Revision
from articles.models.guide import State
from articles.models.review import Verdict
from ketcare.keys import Ring, make_key
from tests.articles.plain_sql import insert, overwrite, remove
from tests.articles.states import sign, state_of
from tests.conftest import NEXT_YEAR, NOW

DAY = dt.timedelta(days=1)
# In what is said to be wrong with a page.
UNSEALED = "HTML"
FORGED = "was not made by this site's keys"
NONE_STANDS = "no signature stands"


# The words


@pytest.mark.parametrize("kind", ["signed", "sample", "urgent"])
@pytest.mark.parametrize(
    "columns",
    [
        {"title": "Rest second"},
        {"summary": "Other words."},
        {"body": "Other words.\n"},
        {"meta": {"also_known_as": ["After a session"], "sources": []}},
        {"meta": "null"},
        {"meta": []},
        {"digest": "0" * 64},
        {"digest": "", "submitted_at": None},
    ],
    ids=["title", "summary", "body", "meta", "meta a text", "meta a list", "digest", "not submitted"],
)
def test_words_that_were_tampered_with_are_being_checked(request, kind, columns):
    guide = request.getfixturevalue(kind)
    overwrite(guide.live, **columns)
    assert state_of(guide).kind == State.CHECKING
    assert "revision 1 is not as it was submitted" in state_of(guide).problem


def test_words_and_digest_changed_together_have_no_signature(signed):
    forged = copy.copy(signed.live)
    forged.body = "Other words.\n"
    overwrite(signed.live, body=forged.body, digest=forged.computed_digest())
    assert state_of(signed).kind == State.CHECKING
    assert NONE_STANDS in state_of(signed).problem


def test_words_put_back_as_they_were_are_shown_again(signed):
    words = signed.live.body
    overwrite(signed.live, body="Other words.\n")
    overwrite(signed.live, body=words)
    assert state_of(signed).kind == State.REVIEWED


# The HTML


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("html", "<p>Other words.</p>"),
        ("html", ""),
        ("contents", {"opening": 0, "headings": [], "cited": [], "parts": []}),
        ("contents", {}),
        ("contents", []),
        ("pipeline", "0"),
        ("key_id", "test2"),
        ("seal", "0" * 64),
        ("seal", ""),
    ],
)
def test_html_that_was_tampered_with_is_being_checked(signed, column, value):
    overwrite(Rendering.objects.get(), **{column: value})
    assert state_of(signed).kind == State.CHECKING
    assert UNSEALED in state_of(signed).problem


def test_a_guide_without_html_is_being_checked(signed):
    remove(Rendering.objects.get())
    assert state_of(signed).kind == State.CHECKING
    assert UNSEALED in state_of(signed).problem


def test_html_of_other_words_is_being_checked(signed, other_guide):
    """A rendering that is the pipeline's own, under words that it was not made of."""
    remove(Rendering.objects.get(revision=signed.live))
    overwrite(Rendering.objects.get(), revision_id=signed.live.pk)
    assert state_of(signed).kind == State.CHECKING
    assert UNSEALED in state_of(signed).problem


def test_html_of_an_older_pipeline_is_not_shown(signed):
    row = Rendering.objects.get()
    row.pipeline = "0"
    row.put_seal(signed.live.digest)
    row.save()
    assert row.is_sealed_for(signed.live.digest)
    assert state_of(signed).kind == State.CHECKING
    review.render_again(signed.live)
    assert state_of(signed).kind == State.REVIEWED


def test_html_made_again_is_shown(signed):
    overwrite(Rendering.objects.get(), html="<p>Other words.</p>")
    review.render_again(Revision.objects.get())
    assert state_of(signed).kind == State.REVIEWED


# The reviews

# For each column, what somebody might set it to; where the database asks for more, together with that.
TAMPERED: dict[str, Callable[[Guide], dict[str, Any]]] = {
    "id": lambda other: {"id": uuid.UUID(int=7)},
    "revision_id": lambda other: {"revision_id": other.live_id},
    "digest": lambda other: {"digest": "0" * 64},
    "verdict": lambda other: {"verdict": "urgent", "note": "It could not wait."},
    "reviewer_id": lambda other: {"reviewer_id": "min-lee"},
    "author_id": lambda other: {"author_id": None},
    "signed_by_id": lambda other: {
        "signed_by_id": Reviewer.objects.values_list("user__ref", flat=True).get(slug="min-lee")
    },
    "name": lambda other: {"name": "Min Lee"},
    "credential": lambda other: {"credential": "MD, PhD"},
    "sample": lambda other: {"sample": True},
    "solo": lambda other: {"solo": True},
    "form": lambda other: {"form": 1},
    "statement": lambda other: {"statement": "It is all true."},
    "checklist": lambda other: {"checklist": ["everything"]},
    "note": lambda other: {"note": "Well written."},
    "at": lambda other: {"at": NOW + DAY},
    "reviewed_on": lambda other: {"reviewed_on": NOW.date() - DAY},
    "next_due": lambda other: {"next_due": dt.date(2099, 1, 1)},
    "revokes_id": lambda other: {
        "verdict": "revoked",
        "note": "Wrong.",
        "revokes_id": Review.objects.get(revision=other.live_id).pk,
    },
    "key_id": lambda other: {"key_id": "test2"},
    "mac": lambda other: {"mac": Review.objects.get(revision=other.live_id).mac},
}


def test_every_column_of_a_review_is_tampered_with_below():
    assert set(TAMPERED) == {field.attname for field in Review._meta.concrete_fields}


@pytest.mark.parametrize("column", TAMPERED)
def test_a_review_that_was_tampered_with_closes_the_page(signed, other_guide, dr_lee, column):
    signature = Review.objects.get(revision=signed.live)
    overwrite(signature, **TAMPERED[column](other_guide))
    assert state_of(signed).kind == State.CHECKING
    # A review that was moved elsewhere is missing here, and is not genuine there.
    moved = column == "revision_id"
    assert (NONE_STANDS if moved else FORGED) in state_of(signed).problem
    assert state_of(other_guide).kind == (State.CHECKING if moved else State.REVIEWED)


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("sample", {"name": "Min Lee"}),
        ("sample", {"sample": False, "signed_by_id": "somebody"}),
        ("sample", {"next_due": dt.date(2099, 1, 1)}),
        ("urgent", {"name": "Min Lee"}),
        ("urgent", {"note": "Nothing to worry about."}),
        ("urgent", {"verdict": "signed", "reviewed_on": NOW.date(), "next_due": NEXT_YEAR, "author_id": None}),
    ],
)
def test_a_lesser_review_cannot_be_made_a_better_one(request, dr_lee, kind, columns):
    guide = request.getfixturevalue(kind)
    if "signed_by_id" in columns:
        columns = {**columns, "signed_by_id": dr_lee.user.ref}
    overwrite(Review.objects.get(), **columns)
    assert state_of(guide).kind == State.CHECKING
    assert FORGED in state_of(guide).problem


def test_a_deleted_signature_closes_the_page(signed):
    remove(Review.objects.get())
    assert state_of(signed).kind == State.CHECKING
    assert NONE_STANDS in state_of(signed).problem


def test_one_false_review_beside_a_true_one_closes_the_page(signed, dr_lee):
    row = sign(signed.live, dr_lee)
    overwrite(row, name="Asha Rao")
    assert state_of(signed).kind == State.CHECKING


def test_a_false_revocation_opens_no_page(signed, dr_lee):
    row = review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    overwrite(row, verdict=Verdict.URGENT, revokes_id=None)
    assert state_of(signed).kind == State.CHECKING


def copied(row: Review, **columns: Any) -> Review:
    """That review as a further row, with the MAC of the first."""
    fields = {field.attname: getattr(row, field.attname) for field in Review._meta.concrete_fields}
    twin = Review(**{**fields, "id": uuid.uuid4(), **columns})
    insert(twin)
    return twin


def test_a_signature_copied_from_another_guide_signs_nothing(signed, submit, other_guide):
    """Each row fits the words, and neither its id nor its revision is the one that the MAC was made over."""
    waiting = submit(signed, "Newer words.")
    row = Review.objects.get(revision=other_guide.live)
    copied(row, revision_id=waiting.pk, digest=waiting.digest)
    overwrite(signed, live_id=waiting.pk)
    assert state_of(signed).kind == State.CHECKING
    assert FORGED in state_of(signed).problem


def test_a_signature_copied_with_its_words_signs_nothing(guide, signed, submit):
    again = submit(signed)
    copied(Review.objects.get(), revision_id=again.pk)
    overwrite(signed, live_id=again.pk)
    assert state_of(signed).kind == State.CHECKING
    assert FORGED in state_of(signed).problem


def test_a_copy_beside_a_revoked_signature_does_not_stand(signed, dr_lee):
    row = Review.objects.get()
    review.revoke(row, by=dr_lee, why="A dose was wrong.", now=NOW)
    copied(row)
    assert state_of(signed).kind == State.CHECKING


# The guide


def test_live_pointed_at_another_guides_words_is_being_checked(signed, other_guide):
    overwrite(signed, live_id=other_guide.live_id)
    assert state_of(signed).kind == State.CHECKING
    assert "belongs to another guide" in state_of(signed).problem
    assert state_of(other_guide).kind == State.REVIEWED


def test_live_pointed_at_a_draft_is_being_checked(signed, ed):
    draft = review.write(signed, title="", summary="", body="", also_known_as=[], sources=[], by=ed, now=NOW)
    overwrite(signed, live_id=draft.pk)
    assert state_of(signed).kind == State.CHECKING


def test_live_set_by_hand_publishes_nothing(submitted):
    overwrite(submitted.guide, live_id=submitted.pk)
    assert state_of(submitted.guide).kind == State.CHECKING


# What is not found out: said in docs/operating.md


def test_a_deleted_revocation_is_not_found_out(signed, dr_lee):
    remove(review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW))
    assert state_of(signed).kind == State.REVIEWED


def test_live_pointed_at_earlier_signed_words_is_not_found_out(signed, submit, dr_rao):
    first = signed.live
    sign(submit(signed, "Newer words."), dr_rao)
    overwrite(signed, live_id=first.pk)
    assert state_of(signed).kind == State.REVIEWED


# The ring of keys


@pytest.mark.parametrize("kind", ["signed", "sample", "urgent"])
def test_a_key_that_left_the_ring_closes_the_page(request, settings, kind):
    guide = request.getfixturevalue(kind)
    settings.KETCARE_KEYS = Ring.parse(make_key("newer"))
    assert state_of(guide).kind == State.CHECKING
    assert FORGED in state_of(guide).problem


def test_a_newer_key_in_the_ring_changes_nothing(signed, settings):
    settings.KETCARE_KEYS = Ring({**Ring.parse(make_key("newer")).keys, **settings.KETCARE_KEYS.keys})
    assert state_of(signed).kind == State.REVIEWED
