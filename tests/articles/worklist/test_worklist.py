"""What waits on the desk: for whom, under which heading, since when."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import review, worklist
from articles.models import Guide, Reviewer, Source, SourceChanged
from articles.models.revision import Change
from articles.worklist import Kind, Reading
from ketcare import crisis
from ketcare.accounts.models import User
from ketcare.site.models import Clinic
from tests.articles.plain_sql import overwrite
from tests.articles.states import sign
from tests.articles.worklist.many import make_site
from tests.conftest import NEXT_YEAR, NOW

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def lines_were_checked(settings, monkeypatch) -> None:
    """Crisis lines ask for themselves in tests of their own."""
    monkeypatch.setattr(crisis, "VERIFY_AGAIN_AFTER", dt.timedelta(days=36500))
    monkeypatch.setattr("ketcare.site.line_checks.VERIFY_AGAIN_AFTER", dt.timedelta(days=36500))


@pytest.fixture(autouse=True)
def at_work(ed, dr_rao, dr_lee) -> None:
    give(ed, "editor")
    give(dr_rao.user, "reviewer")
    give(dr_lee.user, "reviewer")


@pytest.fixture
def max_(db: None) -> User:
    """Max manages: people and profiles, no words."""
    user = User.objects.create_user("max@example.org", is_staff=True)
    give(user, "manager")
    return user


def give(user: User, role: str) -> None:
    user.groups.add(Group.objects.get(name=role))


def of_kind(kind: Kind, now: dt.datetime = NOW) -> list[worklist.Entry]:
    return [entry for entry in worklist.waiting(Reading(now)) if entry.kind == kind]


def only(kind: Kind, now: dt.datetime = NOW) -> worklist.Entry:
    [entry] = of_kind(kind, now)
    return entry


def kinds(now: dt.datetime = NOW) -> list[Kind]:
    return [entry.kind for entry in worklist.waiting(Reading(now))]


# To sign ----------------------------------------------------------------------------------------------------------


def test_words_that_were_handed_in_wait_for_everybody_who_may_sign_them(submitted, dr_rao, dr_lee):
    entry = only(Kind.TO_SIGN)
    assert (entry.title, entry.why, entry.when) == ("Rest first", "Version 1, ed@example.org.", NOW)
    assert entry.concerns == {dr_rao.user.pk, dr_lee.user.pk}


def test_signed_words_wait_no_more(signed):
    assert kinds() == []


def test_words_whose_signature_was_taken_back_wait_again(signed, dr_lee):
    review.revoke(signed.live.reviews.get(), by=dr_lee, why="It leaves out a warning.", now=NOW)
    assert kinds() == [Kind.CHECKING, Kind.TO_SIGN]


def test_of_several_texts_of_a_guide_the_newest_waits(signed, submit):
    submit(signed, "Second words.")
    submit(signed, "Third words.")
    assert only(Kind.TO_SIGN).why == "Version 3, ed@example.org."


def test_a_signature_that_this_site_did_not_make_signs_nothing(signed):
    overwrite(signed.live.reviews.get(), name="Somebody Else")
    assert kinds() == [Kind.CHECKING, Kind.TO_SIGN]


def test_nobody_is_asked_to_sign_their_own_words(guide, submit, dr_rao, dr_lee):
    submit(guide, by=dr_rao.user)
    assert only(Kind.TO_SIGN).concerns == {dr_lee.user.pk}


def test_who_wrote_a_change_since_the_last_signature_does_not_sign_what_follows_it(signed, submit, dr_rao, dr_lee, ed):
    submit(signed, "Dr Lee's words.", by=dr_lee.user)
    submit(signed, "Ed's words after them.", by=ed)
    assert only(Kind.TO_SIGN).concerns == {dr_rao.user.pk}


def test_a_sole_clinician_is_asked_to_sign_their_own_words(guide, submit, dr_rao, dr_lee):
    Clinic.objects.create(pk=1, solo=True)
    submit(guide, by=dr_rao.user)
    assert dr_rao.user.pk in only(Kind.TO_SIGN).concerns


def test_words_that_nobody_here_can_sign_wait_for_the_manager(submitted, max_):
    Reviewer.objects.update(expires_on=NOW.date() - DAY)
    assert only(Kind.TO_SIGN).concerns == {max_.pk}


def test_words_of_a_withdrawn_guide_do_not_wait(signed, submit):
    submit(signed, "New words.")
    review.withdraw(signed, why="It was wrong.", now=NOW)
    assert kinds() == []


# Changes asked for, drafts ----------------------------------------------------------------------------------------


def test_changes_that_were_asked_for_wait_for_the_author(submitted, dr_rao, ed):
    review.ask_for_changes(submitted, by=dr_rao, digest=submitted.digest, note="Name the dose.", now=NOW + HOUR)
    entry = only(Kind.CHANGES)
    assert (entry.why, entry.when) == ("Asha Rao asked for changes.", NOW + HOUR)
    assert entry.concerns == {ed.pk}
    assert "dose" not in entry.why
    assert of_kind(Kind.TO_SIGN) == []


def test_changes_wait_for_every_editor_once_their_author_has_left(submitted, dr_rao, ed):
    review.ask_for_changes(submitted, by=dr_rao, digest=submitted.digest, note="Name the dose.", now=NOW)
    User.objects.filter(pk=ed.pk).update(is_active=False)
    new = User.objects.create_user("new@example.org", is_staff=True)
    give(new, "editor")
    assert only(Kind.CHANGES).concerns == {new.pk}


def test_a_draft_is_its_authors(signed, ed):
    review.write(signed, title="Rest", summary="", body="B", also_known_as=[], sources=[], by=ed, now=NOW + DAY)
    entry = only(Kind.DRAFTS)
    assert (entry.title, entry.why, entry.when) == ("Rest", "Draft 2, ed@example.org.", NOW + DAY)
    assert entry.concerns == {ed.pk}


def test_a_draft_under_words_that_were_handed_in_is_over(signed, submit, ed, dr_lee):
    review.write(signed, title="Rest", summary="", body="B", also_known_as=[], sources=[], by=ed, now=NOW)
    submit(signed, "After it.", by=dr_lee.user)
    assert of_kind(Kind.DRAFTS) == []


# The clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (dt.timedelta(), "72 hours left to sign it."),
        (71 * HOUR, "1 hour left to sign it."),
        (72 * HOUR, "Late by 0 hours."),
        (75 * HOUR, "Late by 3 hours."),
    ],
)
def test_an_urgent_change_has_72_hours(urgent, passed, words):
    entry = only(Kind.URGENT, NOW + passed)
    assert (entry.why, entry.when) == (words, NOW)


def test_an_urgent_change_waits_for_somebody_else_than_who_made_it(urgent, dr_lee):
    assert only(Kind.URGENT).concerns == {dr_lee.user.pk}
    assert of_kind(Kind.TO_SIGN) == []


def test_a_second_urgent_change_does_not_wind_the_clock_up_again(urgent, submit, dr_rao):
    second = submit(urgent, "Still more.", by=dr_rao.user, change=Change.URGENT, reason="Another one.")
    review.publish_urgently(second, by=dr_rao, digest=second.digest, now=NOW + 24 * HOUR)
    assert only(Kind.URGENT, NOW + 24 * HOUR).why == "48 hours left to sign it."


def test_after_a_signature_the_clock_begins_anew(urgent, submit, dr_rao, dr_lee):
    sign(Guide.objects.get(pk=urgent.pk).words, dr_lee, now=NOW + HOUR)
    second = submit(urgent, "More.", by=dr_rao.user, change=Change.URGENT, reason="Another one.")
    review.publish_urgently(second, by=dr_rao, digest=second.digest, now=NOW + 24 * HOUR)
    assert only(Kind.URGENT, NOW + 24 * HOUR).when == NOW + 24 * HOUR


# Due --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [
        (60, Kind.DUE_IN_60, "Due in 60 days."),
        (31, Kind.DUE_IN_60, "Due in 31 days."),
        (30, Kind.DUE_IN_30, "Due in 30 days."),
        (1, Kind.DUE_IN_30, "Due in 1 day."),
        (0, Kind.DUE_TODAY, "Due today."),
        (-1, Kind.OVERDUE, "Late by 1 day."),
        (-40, Kind.OVERDUE, "Late by 40 days."),
    ],
)
def test_a_check_is_told_60_and_30_days_ahead_on_the_day_and_after_it(signed, dr_rao, days, kind, words):
    now = dt.datetime.combine(NEXT_YEAR - days * DAY, dt.time(12), dt.UTC)
    entry = only(kind, now)
    assert entry.why == f"{words} Last signed by Asha Rao."
    assert entry.due == NEXT_YEAR
    assert entry.concerns == {dr_rao.user.pk}


def test_61_days_ahead_nothing_is_told(signed):
    assert kinds(dt.datetime.combine(NEXT_YEAR - 61 * DAY, dt.time(23, 59), dt.UTC)) == []


@pytest.mark.parametrize("gone", ["closed", "no role", "credential over"])
def test_a_check_goes_to_the_manager_where_who_signed_last_cannot(signed, dr_rao, max_, gone):
    if gone == "closed":
        User.objects.filter(pk=dr_rao.user.pk).update(is_active=False)
    elif gone == "no role":
        dr_rao.user.groups.clear()
    else:
        Reviewer.objects.filter(pk=dr_rao.pk).update(expires_on=NEXT_YEAR - DAY)
    due = dt.datetime.combine(NEXT_YEAR, dt.time(12), dt.UTC)
    assert only(Kind.DUE_TODAY, due).concerns == {max_.pk}


def test_without_a_manager_it_goes_to_whoever_reviews_here(signed, dr_rao, dr_lee):
    User.objects.filter(pk=dr_rao.user.pk).update(is_active=False)
    due = dt.datetime.combine(NEXT_YEAR, dt.time(12), dt.UTC)
    assert only(Kind.DUE_TODAY, due).concerns == {dr_lee.user.pk}


def test_a_correction_leaves_the_day_and_its_owner(signed, submit, dr_rao):
    fixed = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    review.sign_correction(fixed, by=dr_rao, digest=fixed.digest, now=NOW + 100 * DAY)
    due = dt.datetime.combine(NEXT_YEAR, dt.time(12), dt.UTC)
    assert only(Kind.DUE_TODAY, due).concerns == {dr_rao.user.pk}


# Sources, samples, pages being checked ----------------------------------------------------------------------------


def test_a_changed_source_waits_for_a_reviewer(signed, trial, ed, dr_rao, dr_lee):
    before = Source.objects.get()
    trial.retracted_on = NOW.date()
    trial.save()
    review.source_was_changed(trial, before, by=ed, now=NOW + HOUR)
    entry = only(Kind.SOURCES)
    assert (entry.title, entry.why) == ("Rest first", "trial-2020: It was retracted")
    assert entry.when == NOW + HOUR
    assert entry.concerns == {dr_rao.user.pk, dr_lee.user.pk}
    assert entry.deed == f"/admin/articles/source/changes/{SourceChanged.objects.get().pk}/"


def test_a_cleared_mark_waits_no_more(signed, trial, dr_rao):
    review.warn_of_source(trial, notice="A letter of the agency.", by=dr_rao.user, now=NOW)
    review.clear_change(SourceChanged.objects.get(), note="It is of another dose.", by=dr_rao.user, now=NOW)
    assert of_kind(Kind.SOURCES) == []


def test_a_page_that_is_being_checked_is_named_with_what_is_wrong(signed, dr_rao, dr_lee, max_):
    overwrite(signed.live, body="Take more.")
    entry = only(Kind.CHECKING)
    assert (entry.title, entry.why) == ("Rest first", "revision 1 is not as it was submitted")
    assert entry.concerns == {dr_rao.user.pk, dr_lee.user.pk, max_.pk}


def test_samples_are_listed_and_how_many_are_signed(sample, other_guide, dr_rao):
    shown = worklist.for_person(dr_rao.user, NOW).mine
    assert [(section.kind, section.note) for section in shown] == [(Kind.SAMPLES, (1, 2))]
    assert [entry.title for entry in shown[0].entries] == ["Rest first"]


def test_a_hidden_sample_waits_for_a_signature(sample, dr_rao):
    review.hide_sample(sample, by=dr_rao.user, now=NOW)
    assert kinds() == [Kind.TO_SIGN]


def test_only_who_may_withdraw_is_offered_to_hide(sample, dr_rao, ed):
    [mine] = worklist.for_person(dr_rao.user, NOW).mine
    [theirs] = worklist.for_person(ed, NOW).others
    assert (bool(mine.hide_all), bool(mine.entries[0].hide)) == (True, True)
    assert (theirs.hide_all, theirs.entries[0].hide) == ("", "")


# Credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (60, "Cannot sign from Jan. 2, 2028 on."),
        (0, "Cannot sign from Jan. 2, 2028 on."),
        (-1, "Cannot sign since Jan. 2, 2028."),
    ],
)
def test_who_cannot_sign_soon_is_told_in_time_and_the_manager_with_them(dr_rao, dr_lee, max_, days, words):
    Reviewer.objects.filter(pk=dr_lee.pk).update(expires_on=dt.date(2030, 1, 1))
    entry = only(Kind.CREDENTIALS, dt.datetime.combine(dr_rao.expires_on - days * DAY, dt.time(12), dt.UTC))
    assert (entry.title, entry.why) == ("Asha Rao, MD", words)
    assert entry.concerns == {dr_rao.user.pk, max_.pk}


def test_61_days_before_it_ends_nobody_is_told(dr_rao):
    assert kinds(dt.datetime.combine(dr_rao.expires_on - 61 * DAY, dt.time(12), dt.UTC)) == []


def test_who_left_has_no_credential_to_renew(dr_rao, dr_lee):
    User.objects.update(is_active=False)
    assert kinds(dt.datetime.combine(dr_rao.expires_on, dt.time(12), dt.UTC)) == []


# Who sees what ----------------------------------------------------------------------------------------------------


def test_ones_own_comes_first_and_the_rest_after_it(submitted, dr_rao, ed):
    theirs, mine = worklist.for_person(dr_rao.user, NOW), worklist.for_person(ed, NOW)
    assert ([section.kind for section in theirs.mine], theirs.others) == ([Kind.TO_SIGN], [])
    assert (mine.mine, [section.kind for section in mine.others]) == ([], [Kind.TO_SIGN])
    assert (theirs.count, mine.count) == (1, 0)


def test_without_a_role_nothing_is_seen(submitted):
    nobody = worklist.for_person(User.objects.create_user("bob@example.net", is_staff=True), NOW)
    assert (nobody.mine, nobody.others, nobody.has_a_role) == ([], [], False)


def test_the_most_urgent_comes_first(signed, submit, other_guide, dr_rao, guide):
    submit(signed, "New words.")
    overwrite(other_guide.live or Guide.objects.get(pk=other_guide.pk).words, body="Other.")
    due = dt.datetime.combine(NEXT_YEAR + DAY, dt.time(12), dt.UTC)
    assert kinds(due)[:3] == [Kind.CHECKING, Kind.OVERDUE, Kind.TO_SIGN]


# How much it costs ------------------------------------------------------------------------------------------------


def queries_for(user: User) -> int:
    with CaptureQueriesContext(connection) as queries:
        worklist.for_person(User.objects.get(pk=user.pk), NOW)
    return len(queries)


def test_500_guides_with_5000_revisions_cost_no_further_query(dr_rao, ed, urgent, trial):
    make_site("few", guides=3, revisions=2, reviewer=dr_rao, author=ed)
    review.warn_of_source(trial, notice="A letter of the agency.", by=dr_rao.user, now=NOW)
    few, found = queries_for(dr_rao.user), len(worklist.waiting(Reading(NOW)))
    make_site("many", guides=500, revisions=10, reviewer=dr_rao, author=ed)
    assert len(worklist.waiting(Reading(NOW))) > found + 500
    assert queries_for(dr_rao.user) == few
