"""The desk's gate: staff alone, with a second factor that was shown in this web session."""

import re
import time
from html.parser import HTMLParser

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from pytest_django import Settings

from ketcare.accounts.models import User
from ketcare.site.models import Clinic, Event
from tests.ketcare.accounts.signing_in import (
    PASSWORD,
    account,
    add_recovery_codes,
    add_totp,
    sessions_of,
    sign_in,
    totp_code,
)
from tests.ketcare.at_work import colleague, desk_addresses, show_factor, sit_down
from tests.reading import EVERYWHERE

ADDRESSES = desk_addresses()
PAGES = [
    "/admin/",
    "/admin/site/",
    "/admin/accounts/user/",
    "/admin/accounts/user/{me}/change/",
    "/admin/accounts/factorreset/",
    "/admin/accounts/factorreset/add/",
    "/admin/site/clinic/1/change/",
    "/admin/site/invitation/",
    "/admin/site/invitation/add/",
    "/admin/site/event/",
    "/admin/site/linecheck/",
    "/admin/articles/reviewer/",
    "/admin/articles/reviewer/add/",
    "/admin/articles/source/",
    "/admin/site/glossaryterm/",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)


@pytest.fixture
def manager(db: None) -> User:
    return colleague("rao@example.org", "manager", "editor")


@pytest.fixture
def staff_without_factor(db: None) -> Client:
    return sign_in(Client(), account("ed@example.org", is_staff=True, is_superuser=True))


def sign_in_by_force(user: User) -> Client:
    """A browser that is signed in and showed nothing but that just now."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["active_at"] = time.time()
    session.save()
    return client


# Who is let in ----------------------------------------------------------------------------------------------------


def test_the_walk_finds_the_pages_of_every_model():
    assert len(ADDRESSES) > 40
    assert {"/admin/", "/admin/login/", "/admin/password_change/", "/admin/accounts/user/1/change/"} <= set(ADDRESSES)


def test_staff_without_a_second_factor_are_led_to_set_one_up_from_every_address_v6_3_3(staff_without_factor: Client):
    for path in ADDRESSES:
        for method in ("get", "post"):
            response = getattr(staff_without_factor, method)(path)
            assert (path, response.status_code, response.headers["Location"]) == (path, 302, "/accounts/2fa/")


def test_the_page_that_they_are_led_to_says_why(staff_without_factor: Client):
    response = staff_without_factor.get("/admin/", follow=True)
    assert "To work here you need a second factor" in response.content.decode()


def test_a_stranger_is_led_to_sign_in_from_every_address_v6_3_3(db: None):
    for path in ADDRESSES:
        response = Client().get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith("/accounts/login/?next=/admin/"), path


def test_for_a_patient_the_desk_is_not_there_v8_3_1(db: None):
    alice = account("alice@example.org")
    client = sit_down(alice)
    for path in ADDRESSES:
        assert client.get(path).status_code == 404, path


def test_staff_whose_session_did_not_show_the_factor_are_asked_for_it_v6_3_3(db: None):
    ed = account("ed@example.org", is_staff=True)
    client = sign_in(Client(), ed)
    add_totp(ed)  # afterwards: the session began without it
    for path in ADDRESSES:
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"), path


def test_by_password_and_code_the_desk_opens_and_by_the_code_again_once_shown(db: None):
    ed = account("ed@example.org", is_staff=True)
    secret = add_totp(ed)
    client = Client()
    response = client.post(
        "/accounts/login/?next=/admin/", {"login": ed.email, "password": PASSWORD, "next": "/admin/"}
    )
    assert response.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/admin/").status_code == 302
    response = client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert response.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_passkey_opens_the_desk_once_it_was_shown(db: None):
    ed = account("ed@example.org", is_staff=True)
    Authenticator.objects.create(user=ed, type="webauthn", data={})
    client = sign_in_by_force(ed)
    way = client.get("/admin/").headers["Location"]
    assert way == "/accounts/2fa/webauthn/reauthenticate/?next=%2Fadmin%2F"
    show_factor(client, ed, "webauthn")
    assert client.get("/admin/").status_code == 200


def test_a_factor_that_is_gone_closes_the_desk_at_once(manager: User):
    client = sit_down(manager)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=manager).delete()
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/"


def test_a_factor_of_somebody_else_opens_nothing(manager: User):
    ed = colleague("ed@example.org", "editor")
    client = sit_down(ed)
    add_totp(account("bob@example.net"))
    session = client.session
    session["account_authentication_methods"][0]["id"] = Authenticator.objects.get(user__email="bob@example.net").pk
    session.save()
    assert client.get("/admin/").status_code == 302


def test_who_may_not_sign_in_any_more_is_out_at_the_next_request_v7_4_2(manager: User):
    client = sit_down(manager)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    assert client.get("/admin/").headers["Location"].startswith("/accounts/login/")


def test_who_leaves_the_desk_finds_it_gone(manager: User):
    client = sit_down(manager)
    User.objects.filter(pk=manager.pk).update(is_staff=False)
    assert client.get("/admin/").status_code == 404


def test_after_30_minutes_of_silence_the_desk_asks_who_sits_there_v7_3_1(manager: User):
    client = sit_down(manager)
    show_factor(client, manager, at=time.time() - 29 * 60)
    assert client.get("/admin/").status_code == 200
    show_factor(client, manager, at=time.time() - 31 * 60)
    session = client.session
    session["active_at"] = 0
    session.save()
    assert "/reauthenticate/" in client.get("/admin/").headers["Location"]


# A lost factor ----------------------------------------------------------------------------------------------------


def came_with_recovery_code(ed: User) -> Client:
    codes = add_recovery_codes(ed)
    client = Client()
    client.post("/accounts/login/", {"login": ed.email, "password": PASSWORD})
    response = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert response.status_code == 302
    return client


def test_a_recovery_code_alone_does_not_open_the_desk(db: None):
    ed = account("ed@example.org", is_staff=True)
    add_totp(ed)
    client = came_with_recovery_code(ed)
    response = client.get("/admin/")
    assert response.headers["Location"] == "/accounts/2fa/"
    assert "You came with a recovery code" in client.get("/accounts/2fa/").content.decode()


def test_with_a_recovery_code_a_lost_app_makes_way_for_a_new_one(db: None):
    ed = account("ed@example.org", is_staff=True)
    add_totp(ed)
    client = came_with_recovery_code(ed)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=ed, type="totp").exists()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post("/accounts/2fa/totp/activate/", {"code": totp_code(secret)}).status_code == 302
    assert client.get("/admin/").headers["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    client.post("/accounts/2fa/reauthenticate/?next=/admin/", {"code": totp_code(secret), "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


def test_staff_who_came_with_their_app_cannot_turn_their_only_factor_off(db: None):
    ed = account("ed@example.org", is_staff=True)
    client = sit_down(ed)
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=ed, type="totp").exists()


# Side doors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("next_page", ["/admin/site/clinic/", "//evil.example", "https://evil.example/"])
def test_the_admins_own_sign_in_only_leads_to_ours_v6_3_4(db: None, next_page: str):
    account("ed@example.org", is_staff=True)
    client = Client()
    for method in (client.get, client.post):
        response = method("/admin/login/", {"username": "ed@example.org", "password": PASSWORD, "next": next_page})
        assert response.headers["Location"].startswith("/accounts/login/?next=")
    assert "_auth_user_id" not in client.session


def test_a_strange_next_is_not_followed_after_sign_in_v3_7_2(db: None):
    ed = account("ed@example.org", is_staff=True)
    client = Client()
    way = client.get("/admin/login/?next=https://evil.example/").headers["Location"]
    response = client.post(way, {"login": ed.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert response.headers["Location"].startswith("/accounts/")


def test_the_admins_own_doors_lead_to_ours_v6_3_4(manager: User):
    client = sit_down(manager)
    assert client.get("/admin/login/").headers["Location"] == "/admin/"
    assert client.post("/admin/logout/").headers["Location"] == "/accounts/logout/"
    assert client.post("/admin/password_change/").headers["Location"] == "/accounts/password/change/"
    assert client.get("/admin/password_change/done/").headers["Location"] == "/accounts/password/change/"


def test_nobody_sets_a_password_for_somebody_else_v6_4_6(manager: User):
    alice = account("alice@example.org")
    client = sit_down(manager)
    page = client.get(f"/admin/accounts/user/{alice.pk}/change/").content.decode()
    assert [attributes for tag, attributes in tags_of(page) if "password" in attributes.get("type", "")] == []
    assert client.get(f"/admin/accounts/user/{alice.pk}/password/").status_code == 302  # to the change form's address
    before = alice.password
    client.post(f"/admin/accounts/user/{alice.pk}/change/", {"is_active": "on", "password": "x" * 20, "password1": "x"})
    alice.refresh_from_db()
    assert alice.password == before


def test_no_row_of_another_kind_can_be_looked_up(manager: User):
    assert "view_on_site" not in {getattr(pattern, "name", "") for pattern in admin.site.get_urls()}
    assert sit_down(manager).get("/admin/r/1/1/").status_code == 404


# What stands on it ------------------------------------------------------------------------------------------------


def test_only_these_models_are_on_the_desk():
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.FactorReset",
        "accounts.User",
        "articles.Guide",
        "articles.Reviewer",
        "articles.Source",
        "site.Clinic",
        "site.Event",
        "site.GlossaryTerm",
        "site.Invitation",
        "site.LineCheck",
        "site.Prompt",
    }


@pytest.mark.parametrize("path", PAGES)
def test_each_page_of_the_desk_has_its_headers_crisis_help_and_nothing_inline(manager: User, path: str):
    Clinic.objects.get_or_create(pk=1)
    client = sit_down(User.objects.create_user("first@example.org", is_staff=True, is_superuser=True))
    response = client.get(path.format(me=manager.pk))
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Cache-Control"] == "no-store, private"
    assert {name: response.headers[name] for name in EVERYWHERE} == EVERYWHERE
    tags = tags_of(response.content.decode())
    for tag, attributes in tags:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not {name for name in attributes if name.startswith("on") or name == "style"}, tag
    after_skip = tags[tags.index(("a", {"href": "#content-start", "class": "skip-to-content-link"})) + 1 :]
    first = next(each for each in after_skip if each[0] != "div")
    assert first == ("aside", {"class": "crisis", "aria-label": "Crisis help"})
    assert "Need to talk to someone now?\n" in response.content.decode()
    title = re.search(r"<title>(.+?)</title>", response.content.decode(), re.DOTALL)
    assert title is not None
    assert "Notes" in title[1]
    assert "etamine" not in title[1]


class Tags(HTMLParser):
    """What begins in a page, in its order: the admin's own HTML does not nest as ours does."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))


def tags_of(html: str) -> list[tuple[str, dict[str, str]]]:
    tags = Tags()
    tags.feed(html)
    return tags.found


def test_a_window_for_a_choice_has_crisis_help_too(manager: User):
    response = sit_down(manager).get("/admin/site/invitation/add/?_popup=1")
    assert b'<aside class="crisis"' in response.content


def test_saving_the_clinic_publishes_it_to_the_pages(
    manager: User, reader: Client, settings: Settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.VAR_DIR = tmp_path
    client = sit_down(manager)
    with django_capture_on_commit_callbacks(execute=True):
        Clinic.objects.get_or_create(pk=1)
        response = client.post("/admin/site/clinic/1/change/", {"name": "Harbor Clinic", "phone": "555-0100"})
    assert response.status_code == 302
    assert "Harbor Clinic runs it." in reader.get("/about/").content.decode()


def test_who_lets_one_clinician_sign_their_own_words_is_written_down(manager: User, settings: Settings, tmp_path):
    settings.VAR_DIR = tmp_path
    Clinic.objects.update_or_create(pk=1, defaults={"name": "Harbor Clinic"})
    client = sit_down(manager)
    Event.objects.all().delete()

    for fields in ({"solo": "on"}, {"solo": "on", "phone": "555-0100"}, {"phone": "555-0100"}):
        response = client.post("/admin/site/clinic/1/change/", {"name": "Harbor Clinic", **fields})
        assert response.status_code == 302
        assert Clinic.objects.get().solo == ("solo" in fields)
    found = list(Event.objects.order_by("pk").values_list("owner_ref", "verb"))
    assert found == [(manager.ref, verb) for verb in ("sole clinician", "clinic changed", "no sole clinician")]


def test_shutting_somebody_out_ends_their_browsers_and_roles(manager: User):
    ed = colleague("ed@example.org", "editor")
    eds = sit_down(ed)
    assert len(sessions_of(ed)) == 1
    response = sit_down(manager).post(f"/admin/accounts/user/{ed.pk}/change/", {"groups": [ed.groups.get().pk]})
    assert response.status_code == 302, response.content.decode()
    ed.refresh_from_db()
    assert (ed.is_active, ed.is_staff, ed.groups.count(), sessions_of(ed)) == (False, False, 0, [])
    assert eds.get("/admin/").headers["Location"].startswith("/accounts/login/")
    assert Event.objects.filter(owner_ref=ed.ref, verb="roles changed", object_ref=str(manager.ref)).exists()


def test_nobody_changes_their_own_roles(manager: User):
    client = sit_down(manager)
    client.post(f"/admin/accounts/user/{manager.pk}/change/", {"is_active": "", "groups": []})
    manager.refresh_from_db()
    assert manager.is_active
    assert manager.groups.count() == 2


def test_a_change_of_people_asks_again_who_sits_there_v7_5_1(manager: User):
    client = sit_down(manager)
    show_factor(client, manager, at=time.time() - 6 * 60)
    for path in (
        f"/admin/accounts/user/{manager.pk}/change/",
        "/admin/site/invitation/add/",
        "/admin/articles/reviewer/add/",
    ):
        response = client.get(path)
        assert response.status_code == 302
        assert "/reauthenticate/" in response.headers["Location"]


def test_nothing_on_the_desk_can_be_deleted(manager: User):
    client = sit_down(User.objects.create_user("first@example.org", is_staff=True, is_superuser=True))
    Clinic.objects.get_or_create(pk=1)
    for path in ADDRESSES:
        if path.endswith("/delete/"):
            assert client.post(path, {"post": "yes"}).status_code in {302, 403}, path
    client.post("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [manager.pk], "post": "yes"})
    assert User.objects.filter(pk=manager.pk).exists()
    assert Clinic.objects.filter(pk=1).exists()
