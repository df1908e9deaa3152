"""From a source to the guides that rest on it: which are marked, what clears a mark, and what no mark touches."""

import copy
import datetime as dt
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Source, SourceChanged
from articles.models.guide import State
from tests.articles.review.verbs import draft, refused, state_of
from tests.articles.states import sign
from tests.conftest import NOW

HOUR = dt.timedelta(hours=1)


def marks() -> list[tuple[str, str, str]]:
    """The open ones: guide, kind, and why."""
    rows = SourceChanged.objects.open().select_related("guide")
    return [(row.guide.slug, row.kind, row.reason) for row in rows]


def change(source: Source, by: Any, **columns: Any) -> int:
    """Somebody saves another record of that source."""
    before = copy.deepcopy(source)
    for name, value in columns.items():
        setattr(source, name, value)
    source.save()
    return review.source_was_changed(source, before, by=by, now=NOW)


def retitled(source: Source, title: str) -> dict[str, Any]:
    return {**source.record, "title": title}


# source_was_changed


def test_a_changed_record_marks_the_guides_that_rest_on_it_and_unsigns_nothing(signed, trial, ed):
    before = Guide.objects.values().get()
    assert change(trial, ed, record=retitled(trial, "A trial, corrected")) == 1
    assert marks() == [("rest-first", "record", "Its record was changed: title.")]
    row = SourceChanged.objects.get()
    assert (row.source, row.raised_by, row.raised_at, row.cleared_at) == (trial, ed, NOW, None)
    assert Guide.objects.values().get() == before
    assert state_of(signed) == State.REVIEWED


def test_a_retraction_says_that_it_is_one(signed, trial, ed):
    change(trial, ed, retracted_on=dt.date(2026, 10, 30))
    assert marks() == [("rest-first", "retracted", "Retracted on 2026-10-30.")]


def test_a_retraction_that_is_mended_is_a_change_of_the_record(signed, trial, ed):
    change(trial, ed, retracted_on=dt.date(2026, 10, 30))
    change(trial, ed, retracted_on=None)
    assert marks()[-1] == ("rest-first", "record", "Its record was changed: retracted_on.")


def test_each_field_that_differs_is_named(signed, trial, ed):
    change(trial, ed, kind="review", checked_on=NOW.date(), record={"title": "Another", "doi": "10.1/x"})
    assert marks()[0][2] == "Its record was changed: kind, checked_on, authors, doi, pmid, title, year."


def test_two_changes_of_one_record_are_one_mark_that_names_both(signed, trial, ed):
    change(trial, ed, record=retitled(trial, "Second"))
    change(trial, ed, kind="review")
    change(trial, ed, record=retitled(trial, "Third"))
    assert marks() == [("rest-first", "record", "Its record was changed: title.\nIts record was changed: kind.")]


def test_a_change_after_the_mark_was_cleared_is_a_new_mark(signed, trial, ed):
    change(trial, ed, record=retitled(trial, "Second"))
    review.clear_change(SourceChanged.objects.get(), note="It is the same trial.", by=ed, now=NOW)
    change(trial, ed, record=retitled(trial, "Third"))
    assert len(marks()) == 1
    assert SourceChanged.objects.count() == 2


def test_a_save_that_changes_nothing_marks_nothing(signed, trial, ed):
    assert change(trial, ed) == 0
    assert marks() == []


def test_a_new_source_marks_nothing(signed, ed):
    assert review.source_was_changed(Source(key="new", record={}, kind="label"), None, by=ed, now=NOW) == 0


def test_only_guides_whose_live_words_cite_it_are_marked(signed, submit, trial, ed, dr_rao):
    draft(Guide.objects.create(section="safety", slug="a-draft", changed_at=NOW))
    submit(Guide.objects.create(section="safety", slug="waits", changed_at=NOW))
    without = submit(signed, body="## What is known\n\nNothing.\n")
    assert change(trial, ed, record=retitled(trial, "Second")) == 1
    sign(without, dr_rao)
    assert change(trial, ed, record=retitled(trial, "Third")) == 0
    assert [slug for slug, _kind, _reason in marks()] == []


# warn_of_source


def test_a_notice_marks_each_guide_that_rests_on_the_source(signed, submit, trial, dr_rao):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    sign(submit(other), dr_rao)
    assert review.warn_of_source(trial, notice=" A recall.\n", by=dr_rao.user, now=NOW) == 2
    assert sorted(marks()) == [("rest-first", "notice", "A recall."), ("when-to-call", "notice", "A recall.")]
    assert {row.raised_by for row in SourceChanged.objects.all()} == {dr_rao.user}


def test_a_second_notice_is_a_mark_of_its_own(signed, trial, ed):
    for notice in ("A recall.", "A second recall."):
        review.warn_of_source(trial, notice=notice, by=ed, now=NOW)
    assert [reason for _slug, _kind, reason in marks()] == ["A recall.", "A second recall."]


@pytest.mark.parametrize("notice", ["", " \n"])
def test_a_notice_says_something(signed, trial, ed, notice):
    reason = refused(review.warn_of_source, trial, notice=notice, by=ed, now=NOW)
    assert reason == "Say what the notice says, and where it can be read."


# clear_change, and a signature


@pytest.fixture
def mark(signed, trial, ed) -> SourceChanged:
    """Dr Rao's guide rests on a source with a notice."""
    review.warn_of_source(trial, notice="A recall.", by=ed, now=NOW)
    return SourceChanged.objects.get()


def test_a_mark_is_cleared_with_a_note_and_a_name(mark, ed):
    review.clear_change(mark, note=" Another drug.\n", by=ed, now=NOW + HOUR)
    mark.refresh_from_db()
    assert (mark.cleared_at, mark.cleared_by, mark.cleared_note) == (NOW + HOUR, ed, "Another drug.")
    assert mark.cleared_with is None
    assert marks() == []


@pytest.mark.parametrize("note", ["", " \n"])
def test_no_mark_is_cleared_without_a_note(mark, ed, note):
    assert refused(review.clear_change, mark, note=note, by=ed, now=NOW) == "Say why the words stand as they are."


def test_a_mark_is_cleared_once(mark, ed, dr_rao):
    review.clear_change(mark, note="Another drug.", by=ed, now=NOW)
    reason = refused(review.clear_change, mark, note="The same drug.", by=dr_rao.user, now=NOW)
    assert reason == "Somebody cleared this meanwhile."


def test_a_signature_clears_what_was_there_when_the_words_were_read(mark, trial, signed, ed, dr_lee):
    review.warn_of_source(trial, notice="A second recall.", by=ed, now=NOW + 2 * HOUR)
    row = sign(signed.live, dr_lee, now=NOW + 3 * HOUR, read_at=NOW + HOUR)
    mark.refresh_from_db()
    assert (mark.cleared_with, mark.cleared_by, mark.cleared_at) == (row, dr_lee.user, NOW + 3 * HOUR)
    assert [reason for _slug, _kind, reason in marks()] == ["A second recall."]


def test_neither_a_sample_signature_nor_a_correction_nor_another_guides_clears_it(
    mark, signed, submit, dr_rao, dr_lee, morgan
):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    sign(submit(other), dr_lee, now=NOW + HOUR)
    slip = submit(signed, "Take it slowly!", change="editorial")
    review.sign_correction(slip, by=dr_rao, digest=slip.digest, now=NOW + HOUR)
    sign(submit(signed, "Other words."), morgan, now=NOW + HOUR)
    assert len(marks()) == 1
