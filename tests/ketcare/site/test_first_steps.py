"""From the link that `up` prints to the desk: each step, in any order."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles.models import Reviewer
from ketcare.accounts import invitations
from ketcare.accounts.models import User
from ketcare.site import first_steps
from ketcare.site.management.commands import up
from ketcare.site.models import Clinic, Event, Invitation
from tests.conftest import clinician
from tests.ketcare.accounts.signing_in import account, factors_of, reauthenticate, totp_code
from tests.ketcare.at_work import colleague, sit_down
from tests.reading import check_help, read

CLINIC = {"name": "Harbor Clinic", "phone": "555-0100"}
PROFILE = {
    "name": "Asha Rao",
    "credential": "MD",
    "licence_state": "New York",
    "licence_no": "000001",
    "verified_on": "2026-11-01",
    "expires_on": f"{timezone.localdate() + dt.timedelta(days=300)}",
    "conflict": "None.",
}


def first_link() -> str:
    link = invitations.first_link(timezone.now())
    assert link is not None
    return link.removeprefix("http://localhost:8000")


def sign_up(way: str, email: str = "rao@example.org") -> Client:
    client = Client()
    assert client.get(way).headers["Location"] == "/accounts/signup/"
    form = {"email": email, "password1": "violet kettle anchors slowly", "time_zone": "UTC", "adult": "on"}
    response = client.post("/accounts/signup/", form)
    assert response.headers["Location"] == "/accounts/first-steps/next/", response.content.decode()
    return client


@pytest.fixture
def first(db: None) -> Client:
    """The first clinician's browser, signed in with a factor."""
    sign_up(first_link())
    return sit_down(User.objects.get(email="rao@example.org"))


def states(client: Client) -> dict[str, str]:
    """What the page says of each step."""
    page = read(client.get("/accounts/first-steps/").content)
    rows = next(each for each in page.all("ol") if each.attributes.get("class") == "rows")
    return {row.one("h2").text: row.all("p")[0].text for row in rows.all("li")}


# The link of `up` -------------------------------------------------------------------------------------------------


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` prepares nothing, and becomes no server."""
    for name in ("prepare", "serve", "see_that_port_is_free"):
        monkeypatch.setattr(up.Command, name, lambda self, *args: None)


def told_by_up(capsys: pytest.CaptureFixture[str], **options: object) -> str:
    call_command("up", **options)
    return capsys.readouterr().out


def test_up_prints_a_link_while_nobody_works_on_the_desk(db: None, no_server: None, capsys):
    told = told_by_up(capsys, port=8123)
    assert re.search(r"http://localhost:8123/accounts/invitation/[\w-]{43}/", told)
    assert Invitation.objects.get().is_first


def test_up_prints_none_once_somebody_does(db: None, no_server: None, capsys):
    account("rao@example.org", is_staff=True)
    assert "invitation" not in told_by_up(capsys)
    assert not Invitation.objects.exists()


def test_up_prints_none_where_it_only_prepares(db: None, no_server: None, capsys):
    assert "invitation" not in told_by_up(capsys, no_serve=True)
    assert not Invitation.objects.exists()


def test_up_prints_none_on_a_public_site(db: None, no_server: None, settings: Settings, capsys):
    settings.LOCAL = False
    assert "invitation" not in told_by_up(capsys)
    assert not Invitation.objects.exists()


def test_a_new_start_makes_a_new_link_and_the_old_one_dies(db: None):
    old, new = first_link(), first_link()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 302


def test_the_link_dies_when_used(db: None):
    way = first_link()
    sign_up(way)
    assert Client().get(way).status_code == 404
    assert invitations.first_link(timezone.now()) is None


def test_after_24_hours_the_link_is_over(db: None):
    way = first_link()
    invitation = Invitation.objects.get()
    assert invitation.expires_at - invitation.made_at == invitations.FIRST_WORKS_FOR
    Invitation.objects.update(
        made_at=invitation.made_at - 2 * invitations.FIRST_WORKS_FOR,
        expires_at=invitation.expires_at - 2 * invitations.FIRST_WORKS_FOR,
    )
    assert Client().get(way).status_code == 404


@pytest.mark.parametrize("signup", ["open", "invite", "closed"])
def test_the_link_makes_the_first_account_whoever_else_may_sign_up(db: None, settings: Settings, signup: str):
    settings.SIGNUP = signup
    sign_up(first_link())
    rao = User.objects.get()
    assert (rao.is_staff, rao.is_superuser) == (True, True)
    assert set(rao.groups.values_list("name", flat=True)) == {"editor", "reviewer", "manager"}


def test_without_the_link_a_closed_site_makes_no_account(db: None, settings: Settings):
    settings.SIGNUP = "closed"
    form = {"email": "bob@example.net", "password1": "violet kettle anchors slowly", "time_zone": "UTC", "adult": "on"}
    Client().post("/accounts/signup/", form)
    assert not User.objects.exists()


# The steps --------------------------------------------------------------------------------------------------------


def test_a_new_clinician_sees_what_is_next(db: None):
    client = sign_up(first_link())
    assert states(client) == {
        "A second step at sign-in": "Next",
        "Recovery codes": "Still to do",
        "Your clinic": "Still to do",
        "Crisis numbers": "Still to do",
        "Who reviews": "Still to do",
    }
    check_help(read(client.get("/accounts/first-steps/").content))


def test_the_second_step_comes_before_anything_on_the_desk_v6_3_3(db: None):
    client = sign_up(first_link())
    for path in ("clinic", "crisis-region", "reviewer"):
        for method in (client.get, client.post):
            assert method(f"/accounts/first-steps/{path}/").headers["Location"] == "/accounts/2fa/"
    assert not Clinic.objects.exclude(name="").exists()


def test_with_an_app_and_its_codes_seen_two_steps_are_done(db: None):
    client = sign_up(first_link())
    reauthenticate(client)
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)}).status_code == 302
    assert factors_of(User.objects.get()) == ["recovery_codes", "totp"]
    assert states(client)["A second step at sign-in"] == "Done"
    assert states(client)["Recovery codes"] == "Next"
    client.get("/accounts/2fa/recovery-codes/")
    assert states(client)["Recovery codes"] == "Done"


def test_the_clinic_is_saved_and_stands_on_the_pages(
    first: Client, reader: Client, settings: Settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.VAR_DIR = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        response = first.post("/accounts/first-steps/clinic/", CLINIC)
    assert response.headers["Location"] == "/accounts/first-steps/next/"
    assert states(first)["Your clinic"] == "Done"
    assert "Harbor Clinic runs it." in reader.get("/about/").content.decode()


def test_a_clinic_without_a_phone_is_asked_for_it(first: Client):
    page = read(first.post("/accounts/first-steps/clinic/", {"name": "Harbor Clinic"}).content)
    assert "Problem:" in page.one("title").text
    assert "aria-invalid" in next(each for each in page.all("input") if each.attributes["name"] == "phone").attributes
    assert not Clinic.objects.filter(name="Harbor Clinic").exists()


def test_the_region_is_shown_with_its_banner_and_every_other_with_its_own(first: Client):
    text = read(first.get("/accounts/first-steps/crisis-region/").content).one("main").text
    assert "Now: United States" in text
    assert "Call or text 988." in text
    assert "CRISIS_REGION=GB" in text
    assert "In danger: 999." in text


def test_that_somebody_looked_at_the_numbers_is_written_down(first: Client, settings: Settings):
    first.post("/accounts/first-steps/crisis-region/")
    rao = User.objects.get()
    assert Event.objects.filter(verb="crisis region looked at", owner_ref=rao.ref, object_ref="US").exists()
    assert states(first)["Crisis numbers"] == "Done"
    settings.CRISIS_REGION = "GB"
    assert states(first)["Crisis numbers"] != "Done"


def test_i_am_the_reviewer_makes_a_profile_for_ones_own_account(first: Client):
    response = first.post("/accounts/first-steps/reviewer/", {**PROFILE, "sample": "on", "user": "999"})
    assert response.headers["Location"] == "/accounts/first-steps/next/"
    profile = Reviewer.objects.get()
    assert (profile.user, profile.slug, profile.sample) == (User.objects.get(), "asha-rao", False)
    assert profile.may_sign_on(timezone.now().date())
    assert states(first)["Who reviews"] == "Done"


def test_a_second_profile_for_one_account_is_not_made(first: Client):
    first.post("/accounts/first-steps/reviewer/", PROFILE)
    assert first.post("/accounts/first-steps/reviewer/", {**PROFILE, "name": "Other"}).status_code == 302
    assert Reviewer.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"expires_on": "2026-10-01"}, {"conflict": ""}, {"licence_no": ""}, {"verified_on": "yesterday"}]
)
def test_a_profile_that_lacks_something_is_not_made(first: Client, wrong: dict[str, str]):
    response = first.post("/accounts/first-steps/reviewer/", {**PROFILE, **wrong})
    assert 'role="alert"' in response.content.decode()
    assert not Reviewer.objects.exists()


def test_two_reviewers_of_one_name_have_two_addresses(db: None):
    clinician("Asha Rao", "asha-rao")
    assert first_steps.free_slug("Asha Rao") == "asha-rao-2"
    assert first_steps.free_slug("王小明") == "reviewer"


def test_when_all_is_done_the_steps_lead_to_the_desk(first: Client):
    first.post("/accounts/first-steps/clinic/", CLINIC)
    first.post("/accounts/first-steps/crisis-region/")
    first.post("/accounts/first-steps/reviewer/", PROFILE)
    assert states(first) | {"Recovery codes": ""} == {
        "A second step at sign-in": "Done",
        "Recovery codes": "",
        "Your clinic": "Done",
        "Crisis numbers": "Done",
        "Who reviews": "Done",
    }
    reauthenticate(first)
    first.post("/accounts/2fa/recovery-codes/generate/")
    first.get("/accounts/2fa/recovery-codes/")
    assert first.get("/accounts/first-steps/").headers["Location"] == "/admin/"
    assert first.get("/admin/").status_code == 200


# Who they are for -------------------------------------------------------------------------------------------------


def test_a_patient_has_no_first_steps(db: None):
    client = sit_down(account("alice@example.org"))
    assert client.get("/accounts/first-steps/").status_code == 404
    assert client.get("/accounts/first-steps/clinic/").status_code == 404


def test_an_editor_is_asked_for_nothing_that_is_not_theirs_v8_2_1(db: None):
    client = sit_down(colleague("ed@example.org", "editor"))
    assert set(states(client)) == {"A second step at sign-in", "Recovery codes"}
    for path in ("clinic", "crisis-region", "reviewer"):
        assert client.post(f"/accounts/first-steps/{path}/", CLINIC | PROFILE).status_code == 403
    assert not Reviewer.objects.exists()


def test_after_each_step_comes_the_next_that_is_not_done(first: Client):
    assert first.get("/accounts/first-steps/next/").headers["Location"] == "/accounts/2fa/"


def test_a_patient_has_no_next_step(db: None):
    assert sit_down(account("alice@example.org")).get("/accounts/first-steps/next/").status_code == 404
