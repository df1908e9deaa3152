"""`verify_reviews` names each thing that somebody with the database, and without the keys, could have done."""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine

from articles import review
from articles.models import Guide, Rendering, Review, Revision
from articles.models.guide import State
from ketcare.accounts.models import User
from ketcare.keys import Ring, make_key
from tests.articles.plain_sql import insert, overwrite, remove
from tests.commands import Outcome, run
from tests.conftest import NEXT_YEAR, NOW, body_with

PLACE = "en/integration/rest-first"
URL = "/guides/integration/rest-first/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def verified() -> tuple[int, list[str]]:
    outcome: Outcome = run("verify_reviews")
    assert outcome.problem == (f"{len(outcome.err.splitlines())} findings." if outcome.code else "")
    return outcome.code, outcome.err.splitlines()


def assert_closed(guide: Guide) -> None:
    """What is found in the live words is not shown, either."""
    [stored] = Guide.objects.filter(pk=guide.pk).with_words()
    assert stored.public_state(NOW).kind == State.CHECKING


@pytest.mark.parametrize("world", ["signed", "sample", "urgent", "submitted"])
def test_an_honest_database_has_no_findings(request, world):
    request.getfixturevalue(world)
    outcome = run("verify_reviews")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Every review, text and HTML is as this site made it.\n"


def test_an_honest_history_has_no_findings(signed, submit, dr_rao, dr_lee):
    old = signed.live
    by_lee = review.sign(old, by=dr_lee, digest=old.digest, now=NOW, next_due=NEXT_YEAR)
    words = submit(signed, "Drink water, too.")
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    review.revoke(by_lee, by=dr_rao, why="It was too early.", now=NOW)
    review.withdraw(signed, why="It was wrong.", now=NOW)
    assert verified() == (0, [])


@pytest.mark.parametrize(
    "columns",
    [
        {"title": "Dose first"},
        {"summary": "Take more."},
        {"body": "Take more."},
        {"meta": {"also_known_as": [], "sources": []}},
    ],
)
def test_changed_words_are_named(signed, columns):
    overwrite(Revision.objects.get(), **columns)
    assert verified() == (
        1,
        [
            f"{URL}: being checked: revision 1 is not as it was submitted",
            f"{PLACE} revision 1: the words are not as they were submitted",
        ],
    )
    assert_closed(signed)


def test_words_that_were_changed_with_their_digest_are_named(signed):
    words = signed.live
    words.body = body_with("Take more.")
    overwrite(Revision.objects.get(), body=words.body, digest=words.computed_digest())
    code, lines = verified()
    assert code == 1
    assert lines[0] == f"{URL}: being checked: no signature stands for revision 1"
    pk = Review.objects.get().pk
    assert f"{PLACE} revision 1: review {pk} is of other words" in lines
    assert any("is not as the pipeline made it" in line for line in lines)
    assert_closed(signed)


def test_changed_words_that_nobody_sees_yet_are_named(submitted):
    overwrite(Revision.objects.get(), body="Take more.")
    assert verified() == (1, [f"{PLACE} revision 1: the words are not as they were submitted"])


TAMPERED: dict[str, Any] = {
    "digest": "0" * 64,
    "verdict": "urgent",
    "reviewer_id": "min-lee",
    "author_id": None,
    "signed_by_id": "min-lee@example.org",
    "name": "Asha R. Rao",
    "credential": "MD, PhD",
    "sample": True,
    "solo": True,
    "form": 1,
    "statement": "I read every word.",
    "checklist": ["everything"],
    "note": "Fine.",
    "at": NOW + dt.timedelta(microseconds=1),
    "reviewed_on": NOW.date() - dt.timedelta(days=1),
    "next_due": NEXT_YEAR + dt.timedelta(days=3650),
    "key_id": "another",
    "mac": "0" * 64,
}


@pytest.mark.parametrize("column", TAMPERED)
def test_a_change_in_any_column_of_a_review_is_named(signed, dr_lee, column):
    value = TAMPERED[column]
    if column == "signed_by_id":
        value = User.objects.get(email=value).ref
    columns = {column: value}
    if column == "verdict":
        columns["note"] = "A verdict of this kind says why."
    overwrite(Review.objects.get(), **columns)
    code, lines = verified()
    pk = Review.objects.get().pk
    assert code == 1
    assert lines[0] == f"{URL}: being checked: a review of revision 1 was not made by this site's keys"
    assert f"{PLACE} revision 1: review {pk} was not made by this site's keys" in lines
    assert_closed(signed)


def test_every_column_of_a_review_was_tried():
    of_their_own = {"id", "revision_id", "revokes_id"}
    assert {field.attname for field in Review._meta.concrete_fields} == TAMPERED.keys() | of_their_own


def test_a_review_that_was_moved_to_other_words_is_named(signed, submit):
    other = submit(signed, "Take more.")
    overwrite(Review.objects.get(), revision_id=other.pk, digest=other.digest)
    code, lines = verified()
    assert code == 1
    assert f"{PLACE} revision 2: review {Review.objects.get().pk} was not made by this site's keys" in lines
    assert_closed(signed)


def test_a_review_under_another_id_is_named(signed):
    pk = uuid.uuid4()
    overwrite(Review.objects.get(), id=pk)
    code, lines = verified()
    assert code == 1
    assert f"{PLACE} revision 1: review {pk} was not made by this site's keys" in lines


def test_a_review_that_somebody_added_is_named(submitted, dr_rao):
    """All that can be copied is copied; the MAC is not to be had."""
    fields = {
        "revision": submitted,
        "digest": submitted.digest,
        "verdict": "signed",
        "reviewer": dr_rao,
        "author": submitted.author,
        "signed_by": dr_rao.user,
        "name": dr_rao.name,
        "credential": dr_rao.credential,
        "sample": False,
        "at": NOW,
        "reviewed_on": NOW.date(),
        "next_due": NEXT_YEAR,
        "key_id": "test1",
        "mac": "0" * 64,
    }
    insert(Review(**fields))
    overwrite(Guide.objects.get(), live_id=submitted.pk)
    code, lines = verified()
    assert code == 1
    assert f"{PLACE} revision 1: review {Review.objects.get().pk} was not made by this site's keys" in lines
    assert_closed(submitted.guide)


def test_a_revocation_that_was_turned_to_another_review_is_named(signed, dr_rao, dr_lee):
    words = signed.live
    by_lee = review.sign(words, by=dr_lee, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    row = review.revoke(by_lee, by=dr_rao, why="It was too early.", now=NOW)
    first = Review.objects.exclude(pk__in=[by_lee.pk, row.pk]).get()
    overwrite(row, revokes_id=first.pk)
    code, lines = verified()
    assert code == 1
    assert f"{PLACE} revision 1: review {row.pk} was not made by this site's keys" in lines


def test_a_deleted_signature_is_named(signed):
    remove(Review.objects.get())
    assert verified() == (1, [f"{URL}: being checked: no signature stands for revision 1"])


def test_words_that_went_live_unsigned_are_named(submitted):
    overwrite(Guide.objects.get(), live_id=submitted.pk)
    assert verified() == (1, [f"{URL}: being checked: no signature stands for revision 1"])
    assert_closed(submitted.guide)


def test_the_words_of_another_guide_are_named(signed):
    other = Guide.objects.create(section="safety", slug="eat-first", changed_at=NOW, live=signed.live)
    code, lines = verified()
    assert (code, lines) == (
        1,
        ["/guides/safety/eat-first/: being checked: its live revision belongs to another guide"],
    )
    assert_closed(other)


def test_a_draft_that_went_live_is_named(guide, ed, trial):
    draft = review.write(guide, title="A", summary="B", body="C", also_known_as=[], sources=[], by=ed, now=NOW)
    overwrite(Guide.objects.get(), live_id=draft.pk)
    assert verified() == (1, [f"{URL}: being checked: revision 1 is not as it was submitted"])


@pytest.mark.parametrize(
    "columns",
    [
        {"html": "<p>Take more.</p>"},
        {"contents": {"opening": 0, "headings": [], "cited": [], "parts": []}},
        {"seal": "0" * 64},
        {"key_id": "another"},
    ],
)
def test_changed_html_is_named(signed, columns):
    overwrite(Rendering.objects.get(), **columns)
    pipeline = Rendering.objects.get().pipeline
    assert verified() == (
        1,
        [
            f"{URL}: being checked: the HTML of revision 1 is not as the pipeline made it",
            f"{PLACE} revision 1: the HTML of pipeline {pipeline} is not as the pipeline made it",
        ],
    )
    assert_closed(signed)


def test_html_that_was_moved_to_another_pipeline_is_named(signed):
    overwrite(Rendering.objects.get(), pipeline="0-old")
    code, lines = verified()
    assert code == 1
    assert lines[0].startswith(f"{URL}: being checked: revision 1 has no HTML of the current pipeline")
    assert lines[1] == f"{PLACE} revision 1: the HTML of pipeline 0-old is not as the pipeline made it"


def test_html_of_other_words_is_named(signed, submit):
    other = submit(signed, "Take more.")
    Rendering.objects.filter(revision=signed.live).delete()
    overwrite(Rendering.objects.get(), revision_id=signed.live.pk)
    code, lines = verified()
    assert code == 1
    assert other.renderings.count() == 0
    assert lines[0] == f"{URL}: being checked: the HTML of revision 1 is not as the pipeline made it"


def test_what_an_unknown_key_made_is_named(signed, settings):
    settings.KETCARE_KEYS = Ring.parse(make_key("new"))
    code, lines = verified()
    assert code == 1
    assert f"{PLACE} revision 1: review {Review.objects.get().pk} was not made by this site's keys" in lines
    assert any("is not as the pipeline made it" in line for line in lines)


def test_a_key_of_the_same_id_is_not_the_same_key(signed, settings):
    settings.KETCARE_KEYS = Ring.parse(make_key("test1"))
    assert verified()[0] == 1


def test_an_older_key_that_stayed_in_the_ring_still_proves(signed, settings):
    settings.KETCARE_KEYS = Ring({**Ring.parse(make_key("new")).keys, **settings.KETCARE_KEYS.keys})
    assert settings.KETCARE_KEYS.newest == "new"
    assert verified() == (0, [])
