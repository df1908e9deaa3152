"""Putting a name to words: what makes them live, every refusal with its reason, and that it changes nothing."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Review, Revision
from articles.models.guide import State
from articles.models.review import Verdict
from articles.models.revision import Change
from tests.articles import states
from tests.articles.plain_sql import overwrite
from tests.articles.review.verbs import draft, publish_urgently, refused, state_of
from tests.articles.states import sign
from tests.conftest import NEXT_YEAR, NOW

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


# sign


def test_a_signature_copies_everything_as_it_stood(submitted, dr_rao, ed):
    row = sign(submitted, dr_rao, statement="I read it.", checklist=["numbers"])
    dr_rao.name, dr_rao.credential = "Asha Rao-Meyer", "DO"
    dr_rao.save()
    row.refresh_from_db()
    assert (row.revision, row.digest, row.verdict) == (submitted, submitted.digest, Verdict.SIGNED)
    assert (row.reviewer_id, row.signed_by, row.author) == ("asha-rao", dr_rao.user, ed)
    assert (row.name, row.credential, row.sample) == ("Asha Rao", "MD", False)
    assert (row.statement, row.checklist, row.note) == ("I read it.", ["numbers"], "")
    assert (row.at, row.reviewed_on, row.next_due, row.revokes) == (NOW, TODAY, NEXT_YEAR, None)
    assert row.is_genuine()


def test_a_signature_makes_the_words_live(submitted, dr_rao):
    sign(submitted, dr_rao)
    assert Guide.objects.get().live == submitted
    assert state_of(submitted.guide) == State.REVIEWED


def test_a_guide_is_signed_again_when_the_year_is_over(signed, dr_lee):
    later = NOW + dt.timedelta(days=365)
    sign(signed.live, dr_lee, now=later, next_due=dt.date(2028, 11, 2))
    [guide] = Guide.objects.with_words()
    shown = guide.public_state(later + 2 * DAY).review
    assert shown is not None
    assert (shown.name, shown.next_due) == ("Min Lee", dt.date(2028, 11, 2))


def test_what_is_signed_are_the_words_in_the_database(guide, submit, dr_rao):
    """Whoever signs may hold an older object than the one that was submitted."""
    submitted = submit(guide)
    stale = Revision.objects.get(pk=submitted.pk)
    stale.digest, stale.author = "", None
    row = sign(stale, dr_rao, digest=submitted.digest)
    assert (row.digest, row.author) == (submitted.digest, submitted.author)
    assert state_of(guide) == State.REVIEWED


def test_a_credential_is_good_on_its_last_day(submitted, dr_rao):
    dr_rao.expires_on = TODAY
    sign(submitted, dr_rao)
    assert state_of(submitted.guide) == State.REVIEWED


def test_a_sample_may_name_an_earlier_day(submitted, morgan):
    row = sign(submitted, morgan, reviewed_on=TODAY - 30 * DAY)
    assert (row.reviewed_on, row.at) == (TODAY - 30 * DAY, NOW)


Signing = Callable[..., Review]


@pytest.fixture(params=[sign, publish_urgently])
def put_name_to(request: pytest.FixtureRequest) -> Signing:
    """Both ways to make words live: they share most of what they refuse."""
    verb: Signing = request.param
    return verb


@pytest.fixture
def ready(guide, submit) -> Revision:
    """Submitted words that both ways are open to."""
    revision: Revision = submit(guide, change=Change.URGENT, reason="A new warning came out.")
    return revision


def test_a_draft_is_not_signed(guide, trial, dr_rao, put_name_to):
    revision = draft(guide, change=Change.URGENT, reason="A warning.")
    assert refused(put_name_to, revision, dr_rao) == "Only submitted words can be signed."


SEEN = "These are not the words that you saw. Look at the difference and sign again."


def test_words_with_another_digest_than_was_seen_are_not_signed(ready, dr_rao, put_name_to):
    assert refused(put_name_to, ready, dr_rao, digest="0" * 64) == SEEN


@pytest.mark.parametrize(
    "columns",
    [
        {"title": "Rest second"},
        {"summary": "Other words."},
        {"body": "Other words.\n"},
        {"meta": {"also_known_as": [], "sources": []}},
        {"digest": "0" * 64},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_words_that_were_changed_after_they_were_seen_are_not_signed(ready, dr_rao, put_name_to, columns):
    overwrite(ready, **columns)
    assert refused(put_name_to, ready, dr_rao) == SEEN


def test_words_that_were_changed_together_with_their_digest_are_not_signed(ready, dr_rao, put_name_to):
    forged = Revision.objects.get()
    forged.body = "Other words.\n"
    overwrite(ready, body=forged.body, digest=forged.computed_digest())
    assert Revision.objects.get().is_unchanged()
    assert refused(put_name_to, ready, dr_rao) == SEEN


def test_words_are_not_signed_when_newer_ones_were_submitted(ready, submit, dr_rao, put_name_to):
    newer = submit(ready.guide, "Newer words.", change=Change.URGENT, reason="Another warning.")
    reason = refused(put_name_to, ready, dr_rao)
    assert reason == "A newer text was submitted meanwhile. Look at the difference and sign that one."
    put_name_to(newer, dr_rao)
    assert Guide.objects.get().live == newer


def test_a_newer_draft_stops_nobody(ready, dr_rao, put_name_to):
    draft(ready.guide)
    put_name_to(ready, dr_rao)
    assert Guide.objects.get().live == ready


def test_newer_words_of_another_guide_stop_nobody(ready, submit, dr_rao, put_name_to):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    submit(other)
    submit(other, "Newer words.")
    put_name_to(ready, dr_rao)
    assert Guide.objects.get(pk=ready.guide_id).live == ready


def test_a_withdrawn_guide_is_not_signed(urgent, dr_lee, put_name_to):
    review.withdraw(urgent, why="A dose was wrong.", now=NOW)
    assert refused(put_name_to, urgent.live, dr_lee) == "This guide is withdrawn."


def test_a_withdrawal_is_seen_by_who_holds_an_older_object(urgent, dr_lee, put_name_to):
    revision = Revision.objects.select_related("guide").get(pk=urgent.live.pk)
    review.withdraw(urgent, why="A dose was wrong.", now=NOW)
    assert revision.guide.withdrawn_at is None
    assert refused(put_name_to, revision, dr_lee) == "This guide is withdrawn."


def test_an_account_that_may_not_sign_in_signs_nothing(ready, dr_rao, put_name_to):
    dr_rao.user.is_active = False
    dr_rao.user.save()
    assert refused(put_name_to, ready, dr_rao) == "Asha Rao has no account to sign with."


def test_a_reviewer_without_an_account_signs_nothing(ready, dr_rao, put_name_to):
    dr_rao.user = None
    dr_rao.save()
    assert refused(put_name_to, ready, dr_rao) == "Asha Rao has no account to sign with."


@pytest.mark.parametrize(
    "columns",
    [{"expires_on": TODAY - DAY}, {"verified_on": TODAY + DAY}],
    ids=["since yesterday", "until tomorrow"],
)
def test_a_credential_that_is_out_of_date_signs_nothing(ready, dr_rao, put_name_to, columns):
    for name, value in columns.items():
        setattr(dr_rao, name, value)
    reason = refused(put_name_to, ready, dr_rao)
    assert reason == f"The credential of Asha Rao is out of date (until {dr_rao.expires_on.isoformat()})."


def test_an_earlier_day_of_review_revives_no_credential(submitted, dr_rao):
    dr_rao.expires_on = TODAY - DAY
    assert "is out of date" in refused(sign, submitted, dr_rao, reviewed_on=TODAY - 2 * DAY)


OWN = "These are your own words, or some of them are: somebody else signs them."


def test_nobody_signs_their_own_words(guide, submit, dr_rao):
    assert refused(sign, submit(guide, by=dr_rao.user), dr_rao) == OWN


def test_nobody_signs_words_of_theirs_that_somebody_else_edited(guide, submit, ed, dr_rao, dr_lee):
    submit(guide, "Rao wrote this.", by=dr_rao.user)
    edited = submit(guide, "Rao wrote this, Ed mended it.", by=ed)
    assert refused(sign, edited, dr_rao) == OWN
    sign(edited, dr_lee)
    assert state_of(guide) == State.REVIEWED


def test_words_that_somebody_else_signed_since_are_nobodys_own(guide, submit, ed, dr_rao, dr_lee):
    draft(guide, by=dr_rao.user)
    sign(submit(guide, "Ed mended what Rao wrote.", by=ed), dr_lee)
    sign(submit(guide, "Ed wrote more.", by=ed), dr_rao)
    assert state_of(guide) == State.REVIEWED


@pytest.mark.parametrize("what", ["a sample", "taken back", "forged"])
def test_a_signature_that_does_not_count_makes_no_words_somebody_elses(guide, submit, ed, dr_rao, dr_lee, morgan, what):
    draft(guide, by=dr_rao.user)
    row = sign(submit(guide, "Ed mended what Rao wrote.", by=ed), morgan if what == "a sample" else dr_lee)
    if what == "taken back":
        review.revoke(row, by=dr_lee, why="I was wrong.", now=NOW)
    if what == "forged":
        overwrite(row, name="Forged")
    assert refused(sign, submit(guide, "Ed wrote more.", by=ed), dr_rao) == OWN


def test_what_was_written_after_these_words_makes_them_nobodys_own(submitted, dr_rao):
    draft(submitted.guide, by=dr_rao.user)
    sign(submitted, dr_rao)
    assert state_of(submitted.guide) == State.REVIEWED


def test_words_are_not_signed_for_a_day_to_come(submitted, morgan):
    reason = refused(sign, submitted, morgan, reviewed_on=TODAY + DAY)
    assert reason == "The day of the review (2026-11-03) has not come yet."


@pytest.mark.parametrize("day", [TODAY, TODAY - DAY], ids=["on the same day", "before"])
def test_the_next_review_comes_after_this_one(submitted, dr_rao, day):
    assert refused(sign, submitted, dr_rao, next_due=day) == "The next review comes after this one."


# publish_urgently


def test_an_urgent_change_is_live_at_once_with_its_reason(ready, dr_rao):
    row = publish_urgently(ready, dr_rao)
    assert (row.verdict, row.note, row.name) == (Verdict.URGENT, "A new warning came out.", "Asha Rao")
    assert (row.reviewed_on, row.next_due, row.digest) == (None, None, ready.digest)
    assert row.is_genuine()
    assert Guide.objects.get().live == ready
    assert state_of(ready.guide) == State.URGENT


def test_an_urgent_change_may_be_ones_own(guide, submit, dr_rao):
    publish_urgently(submit(guide, by=dr_rao.user, change=Change.URGENT, reason="A warning."), dr_rao)
    assert state_of(guide) == State.URGENT


def test_an_urgent_change_replaces_signed_words(signed, submit, dr_rao):
    newer = submit(signed, "Call at once.", change=Change.URGENT, reason="A warning.")
    publish_urgently(newer, dr_rao)
    assert Guide.objects.get().live == newer
    assert state_of(signed) == State.URGENT


def test_a_signature_follows_an_urgent_change(urgent, dr_lee):
    sign(urgent.live, dr_lee)
    assert state_of(urgent) == State.REVIEWED


def test_only_an_urgent_change_is_published_urgently(submitted, dr_rao):
    assert refused(publish_urgently, submitted, dr_rao) == "This revision is not an urgent change."


def test_a_sample_reviewer_publishes_nothing_urgently(ready, morgan):
    assert refused(publish_urgently, ready, morgan) == "An urgent change is made by a real person."


# sign_correction


def correct(revision: Revision, by: Any, **columns: Any) -> Review:
    """A correction signed by who saw these words."""
    return review.sign_correction(revision, **{"by": by, "digest": revision.digest, "now": NOW, **columns})


@pytest.fixture
def corrected(signed, submit) -> Revision:
    """Words of Dr Rao's guide in which Ed mended a slip."""
    revision: Revision = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    return revision


def test_a_correction_is_live_and_keeps_the_days_of_the_review(corrected, dr_rao):
    row = correct(corrected, dr_rao, now=NOW + 40 * DAY, statement="No meaning changed.")
    assert (row.verdict, row.statement, row.name) == (Verdict.EDITORIAL, "No meaning changed.", "Asha Rao")
    assert (row.at, row.reviewed_on, row.next_due) == (NOW + 40 * DAY, TODAY, NEXT_YEAR)
    assert row.is_genuine()
    assert Guide.objects.get().live == corrected
    assert state_of(corrected.guide) == State.REVIEWED


def test_a_correction_of_a_correction_keeps_the_first_day(corrected, submit, dr_rao):
    correct(corrected, dr_rao, now=NOW + DAY)
    again = submit(corrected.guide, "Take it slowly.", change=Change.EDITORIAL)
    assert correct(again, dr_rao, now=NOW + 2 * DAY).reviewed_on == TODAY


def test_a_correction_of_overdue_words_stays_overdue(corrected, dr_rao):
    late = NOW + 400 * DAY
    correct(corrected, dr_rao, now=late)
    assert states.state_of(corrected.guide, late).kind == State.OVERDUE


def test_words_that_were_handed_in_as_a_change_are_no_correction(signed, submit, dr_rao):
    reason = refused(correct, submit(signed, "Take much more."), dr_rao)
    assert reason == "These words are not handed in as a correction. Sign them as a whole."


NO_DAY = "There is no signature to keep the day of. Sign the words as a whole."


def test_a_first_text_is_no_correction(guide, submit, dr_rao):
    assert refused(correct, submit(guide, change=Change.EDITORIAL), dr_rao) == NO_DAY


@pytest.mark.parametrize("state", ["sample", "urgent"])
def test_where_no_real_signature_stands_there_is_no_day_to_keep(request, submit, dr_rao, state):
    guide = request.getfixturevalue(state)
    assert refused(correct, submit(guide, "Slip.", change=Change.EDITORIAL), dr_rao) == NO_DAY


def test_after_a_signature_was_taken_back_there_is_no_day_to_keep(corrected, dr_rao):
    review.revoke(Review.objects.get(), by=dr_rao, why="I was wrong.", now=NOW)
    assert refused(correct, corrected, dr_rao) == NO_DAY


def test_a_correction_is_signed_by_nobody_but_who_signed_the_review(corrected, dr_lee):
    assert refused(correct, corrected, dr_lee) == (
        "The last review is that of Asha Rao. A correction is theirs to sign; sign the words as a whole instead."
    )


def test_a_correction_of_ones_own_words_is_signed_by_nobody(signed, submit, dr_rao):
    own = submit(signed, "Take it slowly!", by=dr_rao.user, change=Change.EDITORIAL)
    assert refused(correct, own, dr_rao) == OWN


def test_a_correction_is_of_the_words_that_were_seen(corrected, dr_rao):
    assert refused(correct, corrected, dr_rao, digest="0" * 64) == SEEN


# ask_for_changes


def ask(revision: Revision, by: Any, **columns: Any) -> Review:
    """Changes asked for by who saw these words."""
    given = {"by": by, "digest": revision.digest, "note": " The dose is wrong.\n", "now": NOW}
    return review.ask_for_changes(revision, **{**given, **columns})


def test_asking_for_changes_says_which_and_leaves_the_page_alone(signed, submit, dr_lee):
    before = Guide.objects.values().get()
    newer = submit(signed, "Take much more.")
    version = Guide.objects.values_list("changed_at", flat=True).get()
    row = ask(newer, dr_lee)
    assert (row.verdict, row.note, row.name, row.revision) == (Verdict.CHANGES, "The dose is wrong.", "Min Lee", newer)
    assert (row.reviewed_on, row.next_due, row.statement, row.checklist) == (None, None, "", [])
    assert row.is_genuine()
    assert Guide.objects.values().get() == {**before, "changed_at": version}
    assert state_of(signed) == State.REVIEWED


def test_words_for_which_changes_were_asked_can_still_be_signed(submitted, dr_rao, dr_lee):
    ask(submitted, dr_lee)
    assert state_of(submitted.guide) == State.UNPUBLISHED
    sign(submitted, dr_rao)
    assert state_of(submitted.guide) == State.REVIEWED


@pytest.mark.parametrize("note", ["", " \n"])
def test_changes_are_not_asked_for_without_words(submitted, dr_rao, note):
    assert refused(ask, submitted, dr_rao, note=note) == "Say what has to change."


def test_nobody_asks_themselves_for_changes(guide, submit, dr_rao):
    reason = refused(ask, submit(guide, by=dr_rao.user), dr_rao)
    assert reason == "These are your own words: change them, and hand them in again."


def test_a_sample_reviewer_asks_for_nothing(submitted, morgan):
    assert "own words" in refused(ask, submitted, morgan)


def test_changes_are_asked_for_of_the_words_that_were_seen(submitted, dr_rao):
    assert refused(ask, submitted, dr_rao, digest="0" * 64) == SEEN


def test_changes_are_asked_for_of_nothing_that_is_withdrawn(signed, submit, dr_rao):
    newer = submit(signed, "Take much more.")
    review.withdraw(signed, why="A dose was wrong.", now=NOW)
    assert refused(ask, newer, dr_rao) == "This guide is withdrawn."
