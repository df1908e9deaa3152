"""Writing and submitting words, and their HTML: what each does, and that a refusal changes nothing."""

import datetime as dt
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Rendering, Revision, Source
from articles.models.guide import State
from articles.models.revision import Change
from articles.rendering import BODY_LIMIT, PIPELINE, RenderingRefused, html_of
from articles.review import Draft, Stale, version_of
from ketcare.accounts.models import User
from tests.articles.plain_sql import overwrite
from tests.articles.review.verbs import draft, everything, refused, state_of
from tests.conftest import NOW, body_with

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


# save_draft


@pytest.fixture
def eve(db):
    """A second editor."""
    return User.objects.create_user("eve@example.org", is_staff=True)


def typed(words: str = "First thoughts.", **columns: Any) -> Draft:
    """What stands in the form."""
    written = {"title": "Rest first", "summary": "", "also_known_as": ["After a session"], "sources": ["trial-2020"]}
    return Draft(body=body_with(words), **{**written, **columns})


def keep(guide: Guide, words: Draft, by: User, base: str | None = None) -> Revision:
    """Saves it from a form that was opened just now, or when the words had that version."""
    base = version_of(review.newest_of(guide)) if base is None else base
    return review.save_draft(guide, words, by=by, base=base, now=NOW)


def test_the_first_save_of_a_guide_is_its_first_draft(guide, trial, ed):
    kept = keep(guide, typed(change=Change.URGENT, reason="A warning."), ed, base="0")
    kept.refresh_from_db()
    assert (kept.number, kept.author, kept.body) == (1, ed, body_with("First thoughts."))
    assert (kept.sources, kept.also_known_as) == ([trial.snapshot()], ["After a session"])
    assert (kept.change, kept.reason, kept.submitted_at) == ("urgent", "A warning.", None)


def test_whoever_wrote_a_draft_writes_on_in_it(guide, trial, ed):
    keep(guide, typed(), ed)
    keep(guide, typed("Second thoughts.", sources=[], also_known_as=[], summary="Short."), ed)
    [draft] = Revision.objects.all()
    assert (draft.body, draft.sources, draft.also_known_as) == (body_with("Second thoughts."), [], [])
    assert draft.summary == "Short."


def test_a_draft_of_somebody_else_stays_theirs(guide, trial, ed, eve):
    keep(guide, typed(), ed)
    keep(guide, typed("Eve went on."), eve)
    assert list(Revision.objects.values_list("number", "author", "body")) == [
        (1, ed.pk, body_with("First thoughts.")),
        (2, eve.pk, body_with("Eve went on.")),
    ]


def test_what_is_written_after_a_hand_in_is_a_new_draft(submitted, ed):
    kept = keep(submitted.guide, typed("Later."), ed)
    assert (kept.number, kept.submitted_at) == (2, None)
    assert Revision.objects.get(number=1).is_unchanged()


@pytest.mark.parametrize("base", ["0", "1-abc-content-0", None], ids=["no base", "an old base", "the newest"])
def test_saving_what_is_there_already_changes_nothing(guide, trial, ed, eve, base):
    first = keep(guide, typed(), ed)
    before = everything()
    assert keep(guide, typed(), eve, base) == first
    assert everything() == before


def test_saving_the_words_that_were_handed_in_changes_nothing(guide, trial, ed):
    handed_in = review.submit(keep(guide, typed(change=Change.URGENT, reason="A warning."), ed), now=NOW)
    before = everything()
    assert keep(guide, typed(), ed) == handed_in
    assert everything() == before


def test_another_kind_of_change_is_a_change_of_a_draft(guide, trial, ed):
    keep(guide, typed(), ed)
    keep(guide, typed(change=Change.EDITORIAL), ed)
    assert Revision.objects.get().change == Change.EDITORIAL


@pytest.mark.parametrize("base", ["0", "1-abc-content-0", ""])
def test_whoever_started_from_older_words_is_shown_the_newer_ones(guide, trial, ed, eve, base):
    kept = keep(guide, typed(), ed)
    before = everything()
    with pytest.raises(Stale) as caught:
        keep(guide, typed("Eve was slower."), eve, base)
    assert caught.value.newest == kept
    assert everything() == before


def test_ones_own_other_window_counts_as_somebody_else(guide, trial, ed):
    opened = version_of(keep(guide, typed(), ed))
    keep(guide, typed("From the other window."), ed)
    with pytest.raises(Stale):
        keep(guide, typed("From this one."), ed, base=opened)
    assert Revision.objects.get().body == body_with("From the other window.")


def test_a_draft_that_was_handed_in_meanwhile_is_newer(guide, trial, ed, eve):
    opened = version_of(keep(guide, typed(), ed))
    review.submit(keep(guide, typed("Handed in."), ed), now=NOW)
    with pytest.raises(Stale):
        keep(guide, typed("Eve was slower."), eve, base=opened)


def test_a_draft_with_an_unknown_source_is_not_kept(guide, trial, ed):
    keep(guide, typed(), ed)
    assert refused(keep, guide, typed("Later.", sources=["nobody-1999"]), ed) == "unknown source nobody-1999"


# discard


def test_ones_own_newest_draft_is_thrown_away(submitted, ed):
    later = keep(submitted.guide, typed("Later."), ed)
    review.discard(later, by=ed)
    assert list(Revision.objects.all()) == [submitted]


def test_what_comes_after_a_draft_that_was_thrown_away_takes_its_number(submitted, ed):
    review.discard(keep(submitted.guide, typed("Later."), ed), by=ed)
    assert keep(submitted.guide, typed("Later still."), ed).number == 2


NOT_YOURS = "Only your own newest draft can be thrown away."


def test_a_draft_of_somebody_else_is_not_thrown_away(guide, trial, ed, eve):
    assert refused(review.discard, keep(guide, typed(), ed), by=eve) == NOT_YOURS


def test_a_draft_under_a_newer_one_is_not_thrown_away(guide, trial, ed, eve):
    first = keep(guide, typed(), ed)
    keep(guide, typed("Eve went on."), eve)
    assert refused(review.discard, first, by=ed) == NOT_YOURS


def test_words_that_were_handed_in_are_not_thrown_away(submitted, ed):
    assert refused(review.discard, submitted, by=ed) == NOT_YOURS


def test_a_draft_that_was_handed_in_meanwhile_is_not_thrown_away(guide, trial, ed):
    kept = keep(guide, typed(), ed)
    review.submit(Revision.objects.get(), now=NOW)
    assert kept.submitted_at is None
    assert refused(review.discard, kept, by=ed) == NOT_YOURS


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
