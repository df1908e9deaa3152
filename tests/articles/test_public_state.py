"""The one public rule: which state a reader meets, and whose name stands under the words."""

import datetime as dt

import pytest

from articles import review, shelf
from articles.models import Guide, PublicState, Review
from articles.models.guide import State
from articles.models.revision import Change
from ketcare.site.models import GlossaryTerm
from tests.articles.plain_sql import overwrite, remove
from tests.articles.states import sign, state_of
from tests.conftest import NEXT_YEAR, NOW

DAY = dt.timedelta(days=1)


# The states


def test_a_guide_without_words_is_unpublished(guide):
    assert state_of(guide) == PublicState(State.UNPUBLISHED)


def test_a_guide_whose_words_wait_is_unpublished(submitted):
    assert state_of(submitted.guide) == PublicState(State.UNPUBLISHED)


def test_a_signed_guide_is_reviewed(signed):
    assert state_of(signed) == PublicState(State.REVIEWED, Review.objects.get())


def test_a_guide_with_a_sample_signature_is_a_sample(sample):
    assert state_of(sample) == PublicState(State.SAMPLE, Review.objects.get())


def test_a_guide_that_was_changed_urgently_is_urgent(urgent):
    assert state_of(urgent) == PublicState(State.URGENT, Review.objects.get())


@pytest.mark.parametrize("kind", ["signed", "sample", "urgent"])
def test_a_withdrawn_guide_is_withdrawn_whatever_it_was(request, kind):
    guide = request.getfixturevalue(kind)
    review.withdraw(guide, why="A dose was wrong.", now=NOW)
    assert state_of(guide) == PublicState(State.WITHDRAWN)


def test_a_withdrawn_guide_is_withdrawn_though_its_words_were_tampered_with(signed):
    review.withdraw(signed, why="A dose was wrong.", now=NOW)
    overwrite(signed.live, body="Other words.\n")
    assert state_of(signed) == PublicState(State.WITHDRAWN)


def test_only_reviewed_overdue_urgent_and_sample_show_words():
    row = Review()
    assert PublicState(State.REVIEWED, row).shows_words
    assert not PublicState(State.CHECKING).shows_words
    assert [PublicState(kind, row).is_sample for kind in State] == [kind == State.SAMPLE for kind in State]


# The day of the next review


def test_a_review_is_not_overdue_on_the_day_itself(signed):
    last_moment = dt.datetime.combine(NEXT_YEAR, dt.time.max, dt.UTC)
    assert state_of(signed, last_moment).kind == State.REVIEWED


def test_a_review_is_overdue_on_the_day_after(signed):
    next_day = dt.datetime.combine(NEXT_YEAR + DAY, dt.time.min, dt.UTC)
    assert state_of(signed, next_day) == PublicState(State.OVERDUE, Review.objects.get())


@pytest.mark.parametrize(("kind", "state"), [("sample", State.SAMPLE), ("urgent", State.URGENT)])
def test_what_nobody_signed_is_never_overdue(request, kind, state):
    assert state_of(request.getfixturevalue(kind), NOW + 3650 * DAY).kind == state


def test_one_reading_of_a_guide_knows_both_days(signed):
    """A worker keeps what it read; the day goes on."""
    [read] = Guide.objects.with_words()
    days = [NOW, NOW + 400 * DAY, NOW]
    assert [read.public_state(day).kind for day in days] == [State.REVIEWED, State.OVERDUE, State.REVIEWED]


# Which row vouches


def shown_name(guide: Guide, now: dt.datetime = NOW) -> str:
    shown = state_of(guide, now).review
    assert shown is not None
    return shown.name


def test_the_latest_signature_counts(signed, dr_lee):
    sign(signed.live, dr_lee, now=NOW + DAY, next_due=dt.date(2028, 1, 1))
    assert shown_name(signed, NOW + 400 * DAY) == "Min Lee"
    assert state_of(signed, NOW + 400 * DAY).kind == State.REVIEWED


@pytest.mark.parametrize("later", [-DAY, DAY], ids=["sample first", "sample later"])
def test_a_real_signature_outranks_a_sample(signed, morgan, later):
    review.sign(
        signed.live,
        by=morgan,
        digest=signed.live.digest,
        now=NOW + later,
        reviewed_on=NOW.date() - DAY,
        next_due=NEXT_YEAR + DAY,
    )
    assert state_of(signed).kind == State.REVIEWED
    assert shown_name(signed) == "Asha Rao"


def test_a_real_signature_that_is_overdue_still_outranks_a_sample(signed, morgan):
    sign(signed.live, morgan, now=NOW + DAY, next_due=dt.date(2030, 1, 1))
    assert state_of(signed, NOW + 400 * DAY).kind == State.OVERDUE


def test_a_signature_outranks_the_urgent_row_under_the_same_words(urgent, dr_lee):
    sign(urgent.live, dr_lee)
    assert (state_of(urgent).kind, shown_name(urgent)) == (State.REVIEWED, "Min Lee")


def test_a_sample_stands_when_the_real_signature_is_taken_back(sample, dr_rao):
    row = sign(sample.live, dr_rao)
    review.revoke(row, by=dr_rao, why="I was wrong.", now=NOW)
    assert state_of(sample).kind == State.SAMPLE


def test_an_urgent_row_stands_when_the_signature_is_taken_back(urgent, dr_lee):
    row = sign(urgent.live, dr_lee)
    review.revoke(row, by=dr_lee, why="I was wrong.", now=NOW)
    assert state_of(urgent).kind == State.URGENT


def test_an_earlier_signature_stands_when_the_later_is_taken_back(signed, dr_lee):
    row = sign(signed.live, dr_lee, now=NOW + DAY)
    review.revoke(row, by=dr_lee, why="I was wrong.", now=NOW + DAY)
    assert shown_name(signed) == "Asha Rao"


def test_a_revocation_of_earlier_words_leaves_the_live_ones_alone(signed, submit, dr_rao, dr_lee):
    first = Review.objects.get()
    sign(submit(signed, "Newer words."), dr_rao)
    review.revoke(first, by=dr_lee, why="A dose was wrong.", now=NOW)
    assert state_of(signed).kind == State.REVIEWED


def test_with_every_signature_taken_back_the_page_is_being_checked(signed, dr_lee):
    review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert state_of(signed).kind == State.CHECKING
    assert "no signature stands" in state_of(signed).problem


# The live page stays while the next text waits


@pytest.mark.parametrize("change", list(Change))
def test_live_words_stay_while_the_next_text_waits(signed, submit, change):
    first = signed.live
    submit(signed, "Newer words.", change=change, reason="A warning.")
    [read] = Guide.objects.with_words()
    assert (read.words, read.public_state(NOW).kind) == (first, State.REVIEWED)


def test_live_words_stay_while_somebody_writes(signed, ed):
    first = signed.live
    review.write(signed, title="", summary="", body="", also_known_as=[], sources=[], by=ed, now=NOW)
    assert Guide.objects.with_words()[0].words == first
    assert state_of(signed).kind == State.REVIEWED


def test_an_edit_inherits_no_signature(signed, submit):
    """Two texts of one guide, the second one live without anybody's name under it."""
    overwrite(signed, live_id=submit(signed, "Newer words.").pk)
    assert state_of(signed).kind == State.CHECKING
    assert "no signature stands" in state_of(signed).problem


def test_the_same_words_in_another_revision_inherit_no_signature(signed, submit):
    again = submit(signed)
    assert again.digest == signed.live.digest
    overwrite(signed, live_id=again.pk)
    assert state_of(signed).kind == State.CHECKING


# Reading and narrowing


def test_published_narrows_to_what_may_be_public(guide, submit, signed, other_guide, dr_lee):
    Guide.objects.create(section="faq", slug="empty", changed_at=NOW)
    waiting = Guide.objects.create(section="faq", slug="waiting", changed_at=NOW)
    submit(waiting)
    review.withdraw(other_guide, why="A dose was wrong.", now=NOW)
    assert list(Guide.objects.published()) == [signed]


def test_published_leaves_out_words_that_nobody_vouched_for(signed):
    remove(Review.objects.get())
    assert list(Guide.objects.published()) == []


def test_published_leaves_the_rest_to_the_public_rule(signed):
    overwrite(signed.live, body="Other words.\n")
    assert list(Guide.objects.published()) == [signed]
    assert not state_of(signed).shows_words


def test_guides_are_read_in_one_query_with_every_review_once(
    signed, other_guide, dr_lee, morgan, submit, django_assert_num_queries
):
    sign(signed.live, dr_lee, now=NOW + DAY)
    sign(signed.live, morgan, now=NOW + 2 * DAY)
    submit(signed, "Newer words.")
    with django_assert_num_queries(1):
        guides = {guide.slug: guide for guide in Guide.objects.with_words()}
        names = [row.name for row in guides["rest-first"].live_reviews]
        assert names == ["Asha Rao", "Min Lee", "Morgan Example"]
        assert [row.name for row in guides["when-to-call"].live_reviews] == ["Asha Rao"]
        assert guides["when-to-call"].words.title == "When to call"
        assert guides["when-to-call"].html.is_sealed_for(other_guide.live.digest)
        assert all(guide.public_state(NOW).kind == State.REVIEWED for guide in guides.values())


def test_every_guide_read_knows_the_version_of_the_site(signed, other_guide):
    newest = max(Guide.objects.values_list("changed_at", flat=True))
    assert [guide.site_version for guide in Guide.objects.with_words()] == [(newest, None, 0)] * 2
    term = GlossaryTerm.objects.create(key="torpor", term="Torpor", meaning="Slowness.")
    assert [guide.site_version for guide in Guide.objects.with_words()] == [(newest, term.changed_at, 1)] * 2
    assert shelf.version() == (newest, term.changed_at, 1)


@pytest.mark.parametrize("what", ["words", "html"])
def test_a_guide_that_shows_nothing_has_no_words_to_hand(guide, what):
    [read] = Guide.objects.with_words()
    with pytest.raises(LookupError, match="en/integration/rest-first"):
        getattr(read, what)
