"""Taking a signature back, withdrawing a guide, and the content version that moves with every deed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Review, Reviewer
from articles.models.guide import State
from articles.models.review import Verdict
from articles.models.revision import Change
from tests.articles.plain_sql import overwrite
from tests.articles.review.verbs import draft, publish_urgently, refused, state_of
from tests.articles.states import sign
from tests.conftest import NOW

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


# revoke


def test_taking_a_signature_back_closes_the_page(signed, dr_lee):
    signature = Review.objects.get()
    row = review.revoke(signature, by=dr_lee, why="A dose was wrong.", now=NOW + DAY)
    assert (row.verdict, row.revokes, row.note) == (Verdict.REVOKED, signature, "A dose was wrong.")
    assert (row.revision, row.name, row.at) == (signed.live, "Min Lee", NOW + DAY)
    assert row.is_genuine()
    assert state_of(signed) == State.CHECKING


def test_taking_an_urgent_row_back_closes_the_page(urgent, dr_lee):
    review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert state_of(urgent) == State.CHECKING


def test_who_wrote_the_words_may_take_a_signature_back(guide, submit, dr_rao, dr_lee):
    row = sign(submit(guide, by=dr_rao.user), dr_lee)
    review.revoke(row, by=dr_rao, why="I was wrong.", now=NOW)
    assert state_of(guide) == State.CHECKING


def test_words_can_be_signed_again_after_a_signature_was_taken_back(signed, dr_lee):
    review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    sign(signed.live, dr_lee)
    assert state_of(signed) == State.REVIEWED


@pytest.mark.parametrize("why", ["", " \n"])
def test_a_signature_is_not_taken_back_without_a_reason(signed, dr_rao, why):
    signature = Review.objects.get()
    assert refused(review.revoke, signature, by=dr_rao, why=why, now=NOW) == "Say why the signature is taken back."


def test_a_revocation_is_not_taken_back(signed, dr_rao):
    row = review.revoke(Review.objects.get(), by=dr_rao, why="A dose was wrong.", now=NOW)
    reason = refused(review.revoke, row, by=dr_rao, why="It was right.", now=NOW)
    assert reason == "Only a signature or an urgent change can be taken back."


# withdraw


def test_a_withdrawn_guide_says_when_and_why(signed):
    review.withdraw(signed, why="A dose was wrong.", now=NOW + DAY)
    guide = Guide.objects.get()
    assert (guide.withdrawn_at, guide.withdrawn_why) == (NOW + DAY, "A dose was wrong.")
    assert state_of(guide) == State.WITHDRAWN


def test_a_guide_that_is_being_checked_can_be_withdrawn(signed):
    overwrite(signed.live, body="Other words.\n")
    review.withdraw(signed, why="A dose was wrong.", now=NOW)
    assert state_of(signed) == State.WITHDRAWN


@pytest.mark.parametrize("why", ["", " \n"])
def test_a_guide_is_not_withdrawn_without_a_reason(signed, why):
    assert (
        refused(review.withdraw, signed, why=why, now=NOW) == "Say why the guide is withdrawn: its page tells readers."
    )


def test_what_was_never_public_is_not_withdrawn(submitted):
    reason = refused(review.withdraw, submitted.guide, why="A dose was wrong.", now=NOW)
    assert reason == "Only a guide that was public can be withdrawn."


# bring_back


def test_bringing_back_ends_the_withdrawal_and_signs_nothing_anew(signed, ed):
    before = Guide.objects.values().get()
    review.withdraw(signed, why="A dose was wrong.", by=ed, now=NOW)
    review.bring_back(signed, by=ed)
    after = Guide.objects.values().get()
    assert {**after, "changed_at": None} == {**before, "changed_at": None}
    assert after["changed_at"] > before["changed_at"]
    assert Review.objects.count() == 1
    assert state_of(signed) == State.REVIEWED


def test_what_is_brought_back_is_in_the_state_that_its_reviews_give_it(signed, ed, dr_lee):
    review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    review.withdraw(signed, why="A dose was wrong.", by=ed, now=NOW)
    review.bring_back(signed, by=ed)
    assert state_of(signed) == State.CHECKING


def test_what_is_not_withdrawn_is_not_brought_back(signed, ed):
    assert refused(review.bring_back, signed, by=ed) == "This guide is not withdrawn."


def test_what_somebody_else_brought_back_meanwhile_is_not_brought_back_again(signed, ed):
    review.withdraw(signed, why="A dose was wrong.", by=ed, now=NOW)
    review.bring_back(Guide.objects.get(), by=ed)
    assert signed.withdrawn_at is not None, "this object knows nothing of it"
    assert refused(review.bring_back, signed, by=ed) == "This guide is not withdrawn."


# hide_sample


def test_a_hidden_sample_is_public_nowhere_and_its_words_wait(sample, ed):
    review.hide_sample(sample, by=ed, now=NOW + DAY)
    row = Review.objects.get(verdict=Verdict.REVOKED)
    assert (row.sample, row.name, row.signed_by, row.at) == (True, "Morgan Example", ed, NOW + DAY)
    assert row.note == "Hidden until a clinician signs it."
    assert row.is_genuine()
    assert Guide.objects.get().live is None
    assert state_of(sample) == State.UNPUBLISHED


def test_a_hidden_sample_comes_back_with_a_real_signature_alone(sample, ed, dr_rao):
    words = sample.live
    review.hide_sample(sample, by=ed, now=NOW)
    sign(words, dr_rao)
    assert state_of(sample) == State.REVIEWED


def test_each_sample_signature_of_the_words_is_taken_back(sample, ed, morgan):
    sign(sample.live, morgan)
    review.hide_sample(sample, by=ed, now=NOW)
    revoked = Review.objects.filter(verdict=Verdict.REVOKED).values_list("revokes", flat=True)
    assert set(revoked) == set(Review.objects.filter(verdict=Verdict.SIGNED).values_list("pk", flat=True))


@pytest.mark.parametrize("state", ["guide", "submitted", "signed", "urgent"])
def test_nothing_but_a_sample_is_hidden(request, ed, state):
    found = request.getfixturevalue(state)
    guide = found if isinstance(found, Guide) else found.guide
    reason = refused(review.hide_sample, guide, by=ed, now=NOW)
    assert reason == "Only a guide under a sample signature is hidden. Withdraw it instead."


def test_a_sample_that_a_clinician_signed_meanwhile_is_not_hidden(sample, ed, dr_rao):
    sign(sample.live, dr_rao)
    assert "Withdraw it instead" in refused(review.hide_sample, sample, by=ed, now=NOW)


def test_a_withdrawn_sample_is_not_hidden(sample, ed):
    review.withdraw(sample, why="A dose was wrong.", by=ed, now=NOW)
    assert "Withdraw it instead" in refused(review.hide_sample, sample, by=ed, now=NOW)


# The content version


def content_version() -> dt.datetime:
    newest = Guide.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    assert newest is not None
    return newest


@pytest.fixture(params=["the clock runs", "the clock stands", "the clock goes back"])
def clock(request: pytest.FixtureRequest, time_machine: Any) -> Callable[[], None]:
    """Called before each deed."""
    time_machine.move_to(NOW, tick=False)
    step = {"the clock runs": 1, "the clock stands": 0, "the clock goes back": -3600}[request.param]
    return lambda: time_machine.shift(step)


def test_the_content_version_moves_with_every_deed(guide, submit, ed, dr_rao, dr_lee, clock):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    versions = [content_version()]

    def after(deed: Callable[[], Any]) -> Any:
        clock()
        done = deed()
        versions.append(content_version())
        return done

    revision = after(lambda: submit(guide))
    signature = after(lambda: sign(revision, dr_rao))
    after(lambda: review.render_again(revision))
    after(lambda: review.revoke(signature, by=dr_lee, why="A dose was wrong.", now=NOW))
    urgent = after(lambda: submit(other, change=Change.URGENT, reason="A warning."))
    after(lambda: publish_urgently(urgent, dr_rao))
    after(lambda: review.withdraw(guide, why="A dose was wrong.", now=NOW))
    assert versions == sorted(set(versions))


def test_the_content_version_stays_with_a_draft(submitted):
    before = content_version()
    draft(submitted.guide)
    assert content_version() == before


def test_the_content_version_stays_with_a_refusal(submitted, dr_rao):
    before = content_version()
    refused(sign, submitted, dr_rao, digest="0" * 64)
    assert content_version() == before


def test_somebody_without_an_account_takes_nothing_back(signed, dr_lee):
    Reviewer.objects.filter(pk=dr_lee.pk).update(user=None)
    dr_lee.refresh_from_db()
    reason = refused(review.revoke, Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert reason == "Min Lee has no account to sign with."


def test_somebody_who_may_not_sign_in_takes_nothing_back(signed, dr_lee):
    dr_lee.user.is_active = False
    dr_lee.user.save()
    reason = refused(review.revoke, Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert reason == "Min Lee has no account to sign with."


def test_a_withdrawn_guide_keeps_its_first_reason(signed):
    review.withdraw(signed, why="The trial was retracted.", now=NOW)
    reason = refused(review.withdraw, signed, why="Another reason.", now=NOW + DAY)
    assert reason == "This guide is withdrawn already."
