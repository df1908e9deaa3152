"""Writing and submitting words, and their HTML: what each does, and that a refusal changes nothing."""

import datetime as dt

import pytest

from articles import review
from articles.models import Guide, Rendering, Revision, Source
from articles.models.guide import State
from articles.models.revision import Change
from articles.rendering import BODY_LIMIT, PIPELINE, RenderingRefused, html_of
from tests.articles.plain_sql import overwrite
from tests.articles.review.verbs import draft, everything, refused, state_of
from tests.conftest import NOW

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


# write


def test_a_draft_keeps_who_wrote_it_and_when(guide, ed, trial):
    revision = draft(guide, by=ed, change=Change.URGENT, reason="A warning.")
    revision.refresh_from_db()
    assert (revision.author, revision.made_at) == (ed, NOW)
    assert (revision.change, revision.reason) == ("urgent", "A warning.")
    assert (revision.submitted_at, revision.digest) == (None, "")


def test_drafts_of_a_guide_are_numbered_from_one(guide, trial):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    assert [draft(place).number for place in (guide, other, guide, guide)] == [1, 1, 2, 3]


def test_a_draft_keeps_its_sources_in_the_order_given(guide, trial):
    label = Source.objects.create(key="label-2023", record={"title": "A label"}, kind="label")
    assert draft(guide, sources=["trial-2020", "label-2023"]).sources == [trial.snapshot(), label.snapshot()]
    assert draft(guide, sources=["label-2023", "trial-2020"]).sources == [label.snapshot(), trial.snapshot()]


def test_a_draft_does_not_cite_what_is_not_there(guide, trial):
    reason = refused(draft, guide, sources=["nobody-1999", "trial-2020", "nothing-2000"])
    assert reason == "unknown source nobody-1999, nothing-2000"


def test_a_draft_is_not_public(guide, trial):
    draft(guide)
    assert state_of(guide) == State.UNPUBLISHED


# submit


def test_submission_freezes_the_words_under_their_digest(guide, trial):
    revision = review.submit(draft(guide), now=NOW)
    revision.refresh_from_db()
    assert revision.submitted_at == NOW
    assert len(revision.digest) == 64
    assert revision.is_unchanged()


def test_submission_makes_the_html_and_seals_it(guide, trial):
    revision = review.submit(draft(guide), now=NOW)
    rendering = Rendering.objects.get()
    expected = html_of(revision.body, "en", ["trial-2020"])
    assert (rendering.pipeline, rendering.html) == (PIPELINE, expected.html)
    assert rendering.contents == {
        "opening": expected.opening,
        "headings": [list(heading) for heading in expected.contents],
        "cited": [["trial-2020", 1]],
        "parts": expected.parts,
    }
    assert rendering.is_sealed_for(revision.digest)


def test_submission_writes_down_who_is_cited_under_which_number(guide, trial):
    label = Source.objects.create(key="label-2023", record={}, kind="label")
    Source.objects.create(key="listed-only", record={}, kind="opinion")
    body = "One [@label-2023], two [@trial-2020], one again [@label-2023].\n"
    revision = draft(guide, body=body, sources=["trial-2020", "listed-only", "label-2023"])
    review.submit(revision, now=NOW)
    assert list(revision.citations.values_list("number", "source")) == [(1, label.pk), (2, trial.pk)]


def test_submission_takes_the_sources_as_they_stand_on_that_day(guide, trial):
    revision = draft(guide)
    trial.retracted_on = TODAY
    trial.save()
    review.submit(revision, now=NOW)
    assert revision.sources[0]["retracted_on"] == TODAY.isoformat()
    trial.retracted_on = None
    trial.save()
    revision.refresh_from_db()
    assert revision.sources[0]["retracted_on"] == TODAY.isoformat()
    assert revision.is_unchanged()


def test_words_are_submitted_once(submitted):
    assert refused(review.submit, submitted, now=NOW) == "These words were submitted before. Write a new revision."


def test_words_whose_source_is_gone_stay_a_draft(guide, trial):
    revision = draft(guide)
    trial.delete()
    html = html_of(revision.body, "en", ["trial-2020"])
    assert refused(review.submit, revision, now=NOW, rendered=html) == "unknown source trial-2020"


def test_words_that_cannot_be_turned_into_html_stay_a_draft(guide, trial):
    revision = draft(guide, body="x" * (BODY_LIMIT + 1))
    before = everything()
    with pytest.raises(RenderingRefused):
        review.submit(revision, now=NOW)
    assert everything() == before


def test_submitted_words_are_not_public(submitted):
    assert state_of(submitted.guide) == State.UNPUBLISHED


# The HTML made again


def test_html_is_made_again_in_place_of_what_was_there(submitted):
    overwrite(Rendering.objects.get(), html="<p>Hello.</p>")
    review.render_again(submitted)
    rendering = Rendering.objects.get()
    assert rendering.html == html_of(submitted.body, "en", ["trial-2020"]).html
    assert rendering.is_sealed_for(submitted.digest)


def test_html_of_an_older_pipeline_is_kept(submitted):
    overwrite(Rendering.objects.get(), pipeline="0")
    review.render_again(submitted)
    assert set(Rendering.objects.values_list("pipeline", flat=True)) == {"0", PIPELINE}


def test_no_html_is_made_of_words_that_were_changed(submitted):
    overwrite(submitted, body="Other words.\n")
    changed = Revision.objects.get()
    assert refused(review.render_again, changed) == "These words are not as they were submitted."


def test_no_html_is_made_of_a_draft(guide, trial):
    assert refused(review.render_again, draft(guide)) == "These words are not as they were submitted."
