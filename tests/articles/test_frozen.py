"""Reviews and submitted words never change: the code refuses."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from articles import review
from articles.models import Guide, Review, Revision
from articles.models.revision import Frozen
from tests.articles.plain_sql import overwrite
from tests.conftest import NOW, body_with

# Reviews


def save(row: Any) -> None:
    row.note = "Changed."
    row.save()


def save_one_column(row: Any) -> None:
    row.note = "Changed."
    row.save(update_fields=["note"])


def save_by_force(row: Any) -> None:
    row.note = "Changed."
    row.save(force_update=True)


def delete(row: Any) -> None:
    row.delete()


def update_in_the_query(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(note="Changed.")


def delete_in_the_query(row: Any) -> None:
    type(row).objects.filter(pk=row.pk).delete()


def update_in_bulk(row: Any) -> None:
    row.note = "Changed."
    type(row).objects.bulk_update([row], ["note"])


def update_or_create(row: Any) -> None:
    type(row).objects.update_or_create({"note": "Changed."}, pk=row.pk)


def update_from_the_reviewer(row: Any) -> None:
    row.reviewer.reviews.update(note="Changed.")


def delete_from_the_revision(row: Any) -> None:
    row.revision.reviews.all().delete()


@pytest.mark.parametrize(
    "deed",
    [
        save,
        save_one_column,
        save_by_force,
        delete,
        update_in_the_query,
        delete_in_the_query,
        update_in_bulk,
        update_or_create,
        update_from_the_reviewer,
        delete_from_the_revision,
    ],
)
def test_a_review_is_neither_changed_nor_deleted(signed, deed):
    before = Review.objects.values().get()
    with pytest.raises(Frozen), transaction.atomic():
        deed(Review.objects.get())
    assert Review.objects.values().get() == before


@pytest.mark.parametrize("owner", ["revision", "reviewer", "signed_by", "author"])
def test_nobody_takes_a_review_away_with_what_it_names(signed, owner):
    signature = Review.objects.get()
    with pytest.raises((ProtectedError, Frozen)):
        getattr(signature, owner).delete()
    assert Review.objects.filter(pk=signature.pk).exists()


def test_nobody_takes_a_review_away_with_its_guide(signed):
    with pytest.raises(ProtectedError):
        signed.delete()
    assert Review.objects.count() == 1


def test_a_revoked_review_stays_beside_its_revocation(signed, dr_lee):
    signature = Review.objects.get()
    review.revoke(signature, by=dr_lee, why="A dose was wrong.", now=NOW)
    assert Review.objects.filter(pk=signature.pk).exists()
    assert Review.objects.get(revokes=signature).note == "A dose was wrong."


# Submitted words


def save_words(revision: Revision) -> None:
    revision.body = "Other words.\n"
    revision.save()


def save_words_by_force(revision: Revision) -> None:
    revision.body = "Other words.\n"
    revision.save(force_update=True)


def save_one_column_of_words(revision: Revision) -> None:
    revision.title = "Another title"
    revision.save(update_fields=["title"])


def save_as_if_it_were_new(revision: Revision) -> None:
    """A row of the same id that never came from the database."""
    fields = {field.attname: getattr(revision, field.attname) for field in Revision._meta.concrete_fields}
    Revision(**{**fields, "body": "Other words.\n"}).save(force_update=True)


def take_back_the_submission(revision: Revision) -> None:
    revision.submitted_at, revision.digest = None, ""
    revision.save()


def delete_after_forgetting_the_submission(revision: Revision) -> None:
    revision.submitted_at = None
    revision.delete()


def update_words_in_the_query(revision: Revision) -> None:
    Revision.objects.filter(pk=revision.pk).update(body="Other words.\n")


def update_words_in_bulk(revision: Revision) -> None:
    revision.body = "Other words.\n"
    Revision.objects.bulk_update([revision], ["body"])


def update_words_from_the_guide(revision: Revision) -> None:
    revision.guide.revisions.update(title="Another title")


def update_or_create_words(revision: Revision) -> None:
    Revision.objects.update_or_create({"title": "Another title"}, pk=revision.pk)


@pytest.mark.parametrize(
    "deed",
    [
        save_words,
        save_words_by_force,
        save_one_column_of_words,
        save_as_if_it_were_new,
        take_back_the_submission,
        delete,
        delete_after_forgetting_the_submission,
        delete_in_the_query,
        update_words_in_the_query,
        update_words_in_bulk,
        update_words_from_the_guide,
        update_or_create_words,
    ],
)
def test_submitted_words_are_neither_changed_nor_deleted(submitted, deed):
    before = Revision.objects.values().get()
    with pytest.raises(Frozen), transaction.atomic():
        deed(Revision.objects.get())
    assert Revision.objects.values().get() == before


def test_drafts_among_submitted_words_do_not_open_them(guide, submitted, ed):
    draft = draft_of(guide, ed)
    with pytest.raises(Frozen):
        Revision.objects.filter(guide=guide).update(title="Another title")
    with pytest.raises(Frozen):
        Revision.objects.filter(guide=guide).delete()
    assert list(Revision.objects.values_list("title", flat=True)) == [submitted.title, draft.title]


@pytest.mark.parametrize("deed", [save_words, delete])
def test_a_draft_that_somebody_else_submitted_meanwhile_is_frozen(guide, ed, trial, deed):
    draft = draft_of(guide, ed)
    stale = Revision.objects.get(pk=draft.pk)
    review.submit(draft, now=NOW)
    with pytest.raises(Frozen), transaction.atomic():
        deed(stale)
    assert Revision.objects.get().body == body_with("A draft.")


def draft_of(guide: Guide, ed: Any) -> Revision:
    return review.write(
        guide,
        title="A draft",
        summary="",
        body=body_with("A draft."),
        also_known_as=[],
        sources=["trial-2020"],
        by=ed,
        now=NOW,
    )


def test_a_draft_can_be_changed_and_deleted(guide, ed, trial):
    draft = draft_of(guide, ed)
    save_words(draft)
    update_words_in_the_query(draft)
    assert Revision.objects.get().body == "Other words.\n"
    draft.delete()
    assert not Revision.objects.exists()


# What was done past the code


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Rest second"),
        ("summary", ""),
        ("body", "Other words.\n"),
        ("meta", {"also_known_as": [], "sources": []}),
        ("meta", []),
        ("meta", "After a session"),
        ("digest", "0" * 64),
    ],
)
def test_words_that_were_changed_past_the_code_are_found_out(submitted, column, value):
    overwrite(submitted, **{column: value})
    assert not Revision.objects.get().is_unchanged()


def test_a_draft_is_not_what_was_submitted(guide, ed, trial):
    assert not draft_of(guide, ed).is_unchanged()
