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
