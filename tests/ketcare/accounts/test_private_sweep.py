"""Every private address of the resolver, judged alike: a new view is found here by itself.

What is not named below as open or as a step belongs to somebody, and has to ask who that is.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from journal import drafts, sealed
from journal.models import Kind
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.addresses import PRIVATE_NAMES
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.ketcare.accounts.signing_in import PASSWORD, add_recovery_codes, add_totp, is_signed_in, sign_in, totp_code
from tests.ketcare.test_sweep import every_row
from tests.reading import check_headers, check_help, check_own_host, check_shape, read

# What anybody may open.
OPEN = {
    "rough",
    "ways_back",
    "account_login",
    "account_inactive",
    "account_signup",
    "account_signup_by_passkey",
    "account_reset_password",
    "account_password_reset_completed",
}
# What answers only in the middle of something, and otherwise leads back to its beginning.
STEPS = {
    "account_email_verification_sent": "/accounts/login/",
    "account_confirm_login_code": "/accounts/login/",
    "account_confirm_password_reset_code": "/accounts/login/",
    "account_complete_password_reset": "/accounts/password/reset/",
    "mfa_authenticate": "/accounts/login/",
    "mfa_login_webauthn": "/accounts/login/",
    "mfa_signup_webauthn": "/accounts/signup/",
}
# Leads nowhere without leave, and asks nobody who they are; or takes nothing but a form.
BY_LINK = {
    "invitation": 404,
    "stop_factor_reset": 404,
    "stop_reminders": 404,
    "capture": 404,
    "account_logout": 302,
    "exit": 405,
    "end_browsers": 405,
    "delete_account_now": 405,
    "delete_account_later": 405,
    "keep_account": 405,
    **dict.fromkeys(
        [
            "bring_back_version",
            "call_off_session",
            "drop_draft",
            "export_zip",
            "keep_draft",
            "keep_entry",
            "restore_entry",
            "session_takes_place",
            "trash_entry",
            "find",
            "prepare_capture",
            "settle_step",
            "start",
        ],
        405,
    ),
}
# What Alice has in her journal: a session, an entry and an unsaved text, each by this name.
HERS = uuid.UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "invitation": {"token": "nobody-gave-this"},
    "stop_reminders": {"token": "nobody-gave-this"},
    "write_day": {"ref": HERS, "day": 1},
    "start_when": {"where": "coming"},
    "try": {"moment": "before"},
    "bring_back_version": {"ref": HERS, "number": 1},
    "draft": {"form": HERS},
    "drop_draft": {"form": HERS},
}
# What signs out.
LEAVING = {"account_logout", "exit"}
# Recovery codes are shown once, by the page that shows them.
SHOWN_ONCE = {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}
# Rows that a visit may leave: browsers that are signed in, what happened, counted tries.
LEFT_BY_A_VISIT = {"accounts_websession", "site_event", "ketcare_cache"}


def path_of(name: str) -> str:
    if name in ARGUMENTS:
        return reverse(name, kwargs=ARGUMENTS[name])
    for arguments in ([], [1], [1, 1], [HERS]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return "/admin/nothing/here/"  # whatever else the desk has


# The desk has a sweep of its own (tests/ketcare/test_desk.py); its first page stands here for what all have in common.
PATHS = {name: path_of(name) for name in PRIVATE_NAMES if not name.startswith("admin:") or name == "admin:index"}
pytestmark = [pytest.mark.django_db, pytest.mark.answers]


@contextmanager
def judged(name: str, wrong: list[str]) -> Iterator[None]:
    """Goes on to the next address after a failure, so that one run names every address that is not as it should be."""
    try:
        yield
    except AssertionError as problem:
        wrong.append(f"{name} {PATHS[name]}: {' '.join(str(problem).split())[:300] or 'not as it should be'}")


@pytest.fixture
def her_browser(alice: User) -> Client:
    """Alice's, with a second factor, who has just shown again who she is: nothing is closed to her."""
    secret = add_totp(alice)
    add_recovery_codes(alice)
    client = Client(raise_request_exception=False)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert is_signed_in(client)
    keep_a_journal(alice)
    return client


def keep_a_journal(owner: User) -> None:
    journal = sealed.to_write(owner)
    treatment_of(owner, ref=HERS)
    entry_of(owner, ref=HERS)
    token = FormToken(owner.ref, Place(Kind.NOTE), uuid.uuid4(), HERS)
    drafts.keep(owner, journal, token, {"text": "Not yet saved."}, now=NOW)


def check_private(response: Any) -> None:
    assert response.headers["Cache-Control"] == ("no-store, private" if response.status_code < 400 else "no-store")
    assert response.headers.get("X-Robots-Tag") == "noindex, nofollow, noarchive, nosnippet"
    assert "Sec-Fetch-Site" in response.headers["Vary"]
    check_headers(response.headers, private=True)


def check_page(response: Any) -> None:
    if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
        page = read(response.content)
        check_help(page)
        check_shape(page)
        check_own_host(page)
        for script in page.all("script"):
            assert script.attributes.get("src") or script.attributes.get("type") == "application/json"


def check_stranger(name: str) -> None:
    response = Client().get(PATHS[name])
    if name in OPEN:
        assert response.status_code == 200
    elif name in BY_LINK:
        assert response.status_code == BY_LINK[name]
    elif name in STEPS:
        assert (response.status_code, response.headers["Location"]) == (302, STEPS[name])
    else:
        assert response.status_code == 302
        to = urlsplit(response.headers["Location"])
        assert (to.scheme, to.netloc, to.path) == ("", "", "/accounts/login/")
        if not name.startswith("admin:"):
            assert parse_qs(to.query) == {"next": [PATHS[name]]}


def test_every_open_address_and_every_step_is_in_the_resolver():
    assert {*OPEN, *STEPS, *BY_LINK} - set(PRIVATE_NAMES) == set()


def test_a_stranger_is_sent_to_sign_in_and_from_there_back():
    wrong: list[str] = []
    for name in PATHS:
        with judged(name, wrong):
            check_stranger(name)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["nobody", "alice"])
def test_every_answer_is_private_and_has_help(her_browser: Client, who: str):
    wrong: list[str] = []
    for name, path in PATHS.items():
        for method in ("GET", "HEAD", "POST"):
            browser = her_browser if who == "alice" and name not in LEAVING else Client()
            with judged(name, wrong):
                response = browser.generic(method, path)
                assert response.status_code in {200, 302, 400, 403, 404, 405}, response.status_code
                check_private(response)
                check_page(response)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["nobody", "alice"])
def test_a_post_without_a_token_is_refused_v3_5_1(alices: Client, who: str):
    wrong: list[str] = []
    browser = alices if who == "alice" else Client()
    browser.handler.enforce_csrf_checks = True
    for name, path in PATHS.items():
        with judged(name, wrong):
            response = browser.post(path, {"anything": "at all"})
            assert response.status_code == 403
            check_private(response)
            check_page(response)
    assert not wrong, "\n".join(wrong)


def test_reading_changes_nothing_v3_5_3(her_browser: Client):
    wrong: list[str] = []

    def rows(name: str) -> dict[str, Any]:
        left = LEFT_BY_A_VISIT | ({"mfa_authenticator"} if name in SHOWN_ONCE else set())
        return {table: found for table, found in every_row().items() if table not in left}

    for name, path in PATHS.items():
        if name != "account_logout":
            before = rows(name)
            for browser in (her_browser, Client()):
                browser.get(path)
                browser.head(path)
            with judged(name, wrong):
                assert rows(name) == before
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", ["iframe", "image", "script", "empty"])
def test_another_site_cannot_put_it_into_its_own_v3_5_8(alices: Client, part: str):
    wrong: list[str] = []
    for name, path in PATHS.items():
        with judged(name, wrong):
            response = alices.get(path, headers={"sec-fetch-site": "cross-site", "sec-fetch-dest": part})
            assert response.status_code == 403
            check_private(response)
            check_help(read(response.content))
    assert not wrong, "\n".join(wrong)


def test_another_site_may_link_to_it_v3_5_8():
    from_elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}
    refused = [name for name, path in PATHS.items() if Client().get(path, headers=from_elsewhere).status_code == 403]
    assert refused == []


def test_it_knows_no_other_methods_v4_1_4(alices: Client):
    wrong: list[str] = []
    for name, path in PATHS.items():
        for method in ("PUT", "DELETE", "TRACE", "OPTIONS", "MADEUP"):
            with judged(name, wrong):
                response = alices.generic(method, path, b"a=b", content_type="application/x-www-form-urlencoded")
                assert response.status_code == 405
                check_private(response)
                check_page(response)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/accounts", "/accounts/", "/accounts/nothing/", "/accounts/settings/style.css"])
def test_what_is_not_there_shows_nobody_anything(alices: Client, path: str):
    for browser in (Client(), alices):
        response = browser.get(path)
        assert response.status_code in {301, 302, 404}
        assert "no-store" in response.headers["Cache-Control"]
        assert b"alice" not in response.content


def test_two_people_are_shown_their_own(alices: Client, bob: User):
    bobs = sign_in(Client(), bob)
    for path in ("/accounts/settings/", "/accounts/email/", "/accounts/browsers/", "/accounts/events/"):
        assert b"bob@" not in alices.get(path).content
        assert b"alice@" not in bobs.get(path).content


def test_nobody_ends_a_browser_of_somebody_else_v8_2_2(alices: Client, alice: User, bob: User):
    bobs = sign_in(Client(), bob)
    bobs.post("/accounts/reauthenticate/", {"password": PASSWORD})
    hers = alice.web_sessions.get()
    assert bobs.post("/accounts/browsers/end/", {"ref": str(hers.ref)}).status_code == 404
    assert bobs.post("/accounts/browsers/end/", {"ref": "' OR 1=1"}).status_code == 404
    bobs.post("/accounts/browsers/end/")
    assert is_signed_in(alices)
