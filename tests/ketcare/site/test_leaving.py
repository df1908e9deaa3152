"""Who leaves the desk: their account is shut, never deleted, and what they did keeps their name."""

import pytest
from django.test import Client

from articles import review
from articles.models import Guide, Reviewer, Source, SourceChanged
from articles.models.guide import State
from ketcare import crisis
from ketcare.accounts.deletion import set_deletion
from ketcare.accounts.models import User, WebSession
from ketcare.site import line_checks
from ketcare.site.models import LineCheck
from tests.articles.review.verbs import refused
from tests.articles.states import state_of
from tests.conftest import NEXT_YEAR, NOW
from tests.ketcare.at_work import colleague, sit_down


@pytest.fixture
def manager(db: None) -> Client:
    return sit_down(colleague("max@example.org", "manager"))


def shut_out(manager: Client, user: User) -> None:
    answer = manager.post(f"/admin/accounts/user/{user.pk}/change/", {"is_staff": "on"})
    assert answer.status_code == 302


def test_a_reviewer_who_is_shut_out_signs_no_more_and_what_they_signed_stays(manager, signed: Guide, submit, dr_rao):
    rao = dr_rao.user
    sit_down(rao)
    shut_out(manager, rao)
    rao.refresh_from_db()
    assert (rao.is_active, rao.groups.count(), WebSession.objects.filter(owner=rao).count()) == (False, 0, 0)
    state = state_of(signed)
    assert (state.kind, state.review and state.review.name) == (State.REVIEWED, "Asha Rao")
    words = submit(signed, "New words.")
    problem = refused(review.sign, words, by=Reviewer.objects.get(), digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    assert problem == "Asha Rao has no account to sign with."


def test_the_profile_of_who_left_still_lists_what_they_signed(manager, signed, dr_rao, time_machine):
    time_machine.move_to(NOW)
    shut_out(manager, dr_rao.user)
    assert "Rest first" in Client().get("/reviewers/asha-rao/").content.decode()


@pytest.mark.parametrize("did", ["checked a line", "raised a mark", "cleared a mark"])
def test_who_did_anything_on_the_desk_is_closed_and_not_deleted(signed, trial: Source, dr_rao, dr_lee, did):
    """Also once they do not work there any more."""
    gone = User.objects.create_user("gone@example.org", is_staff=True)
    line = crisis.region().lines[0]
    if did == "checked a line":
        line_checks.check(line.key, digest=line.digest, called=True, by=gone, now=NOW)
    else:
        review.warn_of_source(trial, notice="A letter.", by=gone if did == "raised a mark" else dr_lee.user, now=NOW)
    if did == "cleared a mark":
        review.clear_change(SourceChanged.objects.get(), note="It stands.", by=gone, now=NOW)
    User.objects.filter(pk=gone.pk).update(is_staff=False)
    gone.refresh_from_db()
    set_deletion(gone, at_once=True, now=NOW)
    gone.refresh_from_db()
    assert (gone.is_active, gone.has_usable_password()) == (False, False)
    assert LineCheck.objects.count() + SourceChanged.objects.count() == 1


def test_nobody_is_deleted_on_the_desk(manager, ed):
    assert manager.post(f"/admin/accounts/user/{ed.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [ed.pk], "post": "yes"}
    manager.post("/admin/accounts/user/", chosen)
    assert User.objects.filter(pk=ed.pk).exists()
