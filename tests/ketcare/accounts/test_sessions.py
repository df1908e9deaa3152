"""Web sessions: what is stored is no cookie and no secret, and a session ends when it should."""

import base64
import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from ketcare.accounts.models import User, WebSession
from ketcare.accounts.private import ACTIVE_AT
from ketcare.accounts.sessions import LONGEST, SessionStore, WebSessions, hash_of
from tests.ketcare.accounts.signing_in import (
    FIREFOX,
    OTHER_PASSWORD,
    PASSWORD,
    account,
    add_totp,
    cookie_of,
    is_signed_in,
    reauthenticate,
    session_of,
    set_in_session,
    sign_in,
    totp_code,
    with_cookie,
)
from tests.reading import check_help, read

pytestmark = pytest.mark.django_db
Later = Callable[..., None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(minutes=20)`: the clocks of Django and of allauth, which stand still, go forward."""
    now = [dt.datetime.now(dt.UTC)]

    def forward(**by: float) -> None:
        now[0] += dt.timedelta(**by)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])
        monkeypatch.setattr("time.time", lambda: now[0].timestamp())

    forward()
    return forward


# What is stored ---------------------------------------------------------------------------------------------------


def every_value(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Each stored value in the forms in which somebody could paste it."""
    found = set()
    for value in (value for row in rows for value in row.values() if value is not None):
        plain = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        found |= {plain.decode("latin-1"), plain.hex(), base64.b64encode(plain).decode()}
        found |= {base64.urlsafe_b64encode(plain).decode().rstrip("="), hash_of(plain.decode("latin-1"))}
    return {value for value in found if value.isprintable() and not set(value) & set(' ",;\\')}


def test_no_stored_value_is_a_cookie_v7_2_1(alices: Client):
    rows = list(WebSession.objects.values())
    assert is_signed_in(with_cookie(cookie_of(alices))), "a control: the real one is"
    tried = every_value(rows)
    assert len(tried) > 15
    assert [value for value in tried if is_signed_in(with_cookie(value))] == []


def test_the_key_in_the_cookie_is_random_and_stands_nowhere_v7_2_3(alices: Client):
    key = cookie_of(alices)
    assert len(key) == 32  # of 36 characters: 165 bits
    assert hash_of(key) == WebSession.objects.get().key_hash
    assert key not in "".join(every_value(WebSession.objects.values()))


def files_of_the_database() -> list[Path]:
    """SQLite's file, and what it wrote beside it."""
    path = Path(connection.settings_dict["NAME"])
    return [path, *path.parent.glob(f"{path.name}-*")]


@pytest.mark.django_db(transaction=True)  # what a copy of the file has was committed
def test_a_dump_of_the_database_holds_no_secret_v6_5_2(alices: Client, alice: User):
    """Scanned in several forms; a control sees to it that the scan finds what is there in clear."""
    canaries = ["canary-in-the-session-7f3a", "canary-mail@example.org"]
    set_in_session(alices, something=canaries[0], login={"email": canaries[1]}, invitation="9b2e-canary-ref")
    secret = add_totp(alice)
    if connection.vendor == "sqlite":
        dump = b"".join(path.read_bytes() for path in files_of_the_database())
    else:
        dump = b""
        with connection.cursor() as cursor:
            for table in ("accounts_websession", "mfa_authenticator", "accounts_user"):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                dump += repr([bytes(v) if isinstance(v, memoryview) else v for r in cursor for v in r]).encode()
    assert alice.ref.hex.encode() in dump or str(alice.ref).encode() in dump, "a control: this is in clear"
    for text in [*canaries, "9b2e-canary-ref", secret, cookie_of(alices)]:
        for form in (
            text.encode(),
            text.encode().hex().encode(),
            base64.b64encode(text.encode())[: len(text)].rstrip(b"="),
            json.dumps(text)[1:-1].encode(),
            text.encode("utf-16-le"),
            text.encode()[::-1],
        ):
            assert form not in dump, (text, form)


def test_a_session_belongs_to_nobody_until_somebody_is_signed_in(alice: User):
    stranger = Client()
    stranger.get("/accounts/login/")
    add_totp(alice)
    stranger.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert WebSession.objects.get().owner is None
    assert not is_signed_in(stranger)


def test_a_session_says_which_browser_it_is(alice: User):
    sign_in(Client(headers={"user-agent": FIREFOX}), alice)
    assert alice.web_sessions.get().device == "Firefox on Android"


def test_the_content_of_one_session_does_not_open_in_another(alices: Client, bob: User):
    bobs = sign_in(Client(), bob)
    hers, his = (WebSession.objects.get(key_hash=hash_of(cookie_of(client))) for client in (alices, bobs))
    WebSession.objects.filter(pk=his.pk).update(sealed=hers.sealed)
    assert not is_signed_in(with_cookie(cookie_of(bobs)))


def test_a_changed_session_is_one_that_is_over(alices: Client):
    row = WebSession.objects.get()
    spoiled = bytes(row.sealed)
    WebSession.objects.update(sealed=spoiled[:-1] + bytes([spoiled[-1] ^ 1]))
    assert not is_signed_in(alices)


# The store --------------------------------------------------------------------------------------------------------


def test_what_is_kept_in_a_session_comes_back():
    store = SessionStore()
    store["words"] = ["ä", 1, None]
    store.save()
    assert SessionStore(store.session_key)["words"] == ["ä", 1, None]
    assert store.exists(store.session_key or "")


def test_a_session_that_ended_meanwhile_is_not_made_anew():
    store = SessionStore()
    store["a"] = 1
    store.save()
    WebSession.objects.all().delete()
    store["a"] = 2
    with pytest.raises(UpdateError):
        store.save()
    assert WebSession.objects.count() == 0


def test_old_sessions_are_cleared_away(alices: Client, bob: User, later: Later):
    later(hours=11)
    bobs = sign_in(Client(), bob)
    later(hours=2)
    SessionStore.clear_expired()
    assert [row.owner for row in WebSession.objects.all()] == [bob]
    assert cookie_of(bobs)


# Beginning --------------------------------------------------------------------------------------------------------


def test_signing_in_changes_the_key_v7_2_4(alice: User):
    browser = Client()
    browser.get("/accounts/login/")
    set_in_session(browser, before="something")
    before = cookie_of(browser)
    sign_in(browser, alice)
    assert before
    assert cookie_of(browser) != before
    assert not is_signed_in(with_cookie(before))
    assert not WebSession.objects.filter(key_hash=hash_of(before)).exists()


def test_a_key_that_a_stranger_planted_is_not_taken_v7_2_4(alice: User, bob: User):
    mallory = sign_in(Client(), bob)
    victim = with_cookie("a" * 32)
    sign_in(victim, alice)
    assert cookie_of(victim) != "a" * 32
    assert not is_signed_in(with_cookie("a" * 32))
    planted = with_cookie(cookie_of(mallory))
    planted.post("/accounts/logout/")
    sign_in(planted, alice)
    assert not is_signed_in(mallory)


def test_the_second_step_changes_the_key_too_v7_2_4(alice: User):
    secret = add_totp(alice)
    browser = Client()
    browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    before = cookie_of(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": totp_code(secret)})
    assert is_signed_in(browser)
    assert not is_signed_in(with_cookie(before))


def test_showing_again_who_one_is_changes_the_key_v7_2_4(alices: Client):
    before = cookie_of(alices)
    assert reauthenticate(alices).status_code == 302
    assert cookie_of(alices) != before
    assert is_signed_in(alices)
    assert not is_signed_in(with_cookie(before))


def test_the_cookie_is_for_this_site_and_for_no_script_v3_3_2(alices: Client):
    cookie = alices.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


# Ending -----------------------------------------------------------------------------------------------------------


def test_a_cookie_is_worth_nothing_after_signing_out_v7_4_1(alices: Client):
    before = cookie_of(alices)
    alices.post("/accounts/logout/")
    assert WebSession.objects.count() == 0
    assert not is_signed_in(with_cookie(before))


def test_whoever_may_not_sign_in_any_more_is_out_at_once_v7_4_2(alices: Client, alice: User):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not is_signed_in(alices)


def test_a_new_password_ends_the_other_browsers_v7_4_3(alices: Client, alice: User):
    others = [sign_in(Client(), alice), sign_in(Client(), alice)]
    reauthenticate(alices)
    answer = alices.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD},
    )
    assert answer.status_code == 302
    assert is_signed_in(alices)
    assert [is_signed_in(other) for other in others] == [False, False]
    assert [row.key_hash for row in alice.web_sessions.all()] == [hash_of(cookie_of(alices))]


def test_one_browser_is_ended_from_another_v7_4_5(alices: Client, alice: User):
    phone = sign_in(Client(headers={"user-agent": FIREFOX}), alice)
    row = alice.web_sessions.get(device="Firefox on Android")
    reauthenticate(alices)
    assert alices.post("/accounts/browsers/end/", {"ref": str(row.ref)}).status_code == 302
    assert is_signed_in(alices)
    assert not is_signed_in(phone)


def test_all_other_browsers_are_ended_at_once_v7_5_2(alices: Client, alice: User):
    others = [sign_in(Client(), alice) for _ in range(2)]
    reauthenticate(alices)
    alices.post("/accounts/browsers/end/")
    assert is_signed_in(alices)
    assert [is_signed_in(other) for other in others] == [False, False]


def test_a_session_that_is_ended_while_a_request_runs_leads_to_sign_in(alices: Client, monkeypatch: Any):
    def ended_meanwhile(*arguments: Any, **options: Any) -> Any:
        WebSession.objects.all().delete()
        raise UpdateError

    monkeypatch.setattr(SessionStore, "save", ended_meanwhile)
    alices.raise_request_exception = False
    answer = alices.post(
        "/accounts/settings/", {"name": "A", "time_zone": "UTC", "theme": "dark", "idle_minutes": "15"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/accounts/settings/"
    assert "no-store" in answer.headers["Cache-Control"]


# Time -------------------------------------------------------------------------------------------------------------


def test_a_session_ends_after_twelve_hours_however_busy_v7_3_2(alices: Client, later: Later):
    row = WebSession.objects.get()
    assert row.expires_at - row.started_at == LONGEST == dt.timedelta(hours=12)
    for _ in range(71):
        later(minutes=10)
        assert is_signed_in(alices)
    later(minutes=11)
    assert not is_signed_in(alices)


def question(client: Client, path: str = "/accounts/browsers/?a=b") -> str:
    """Where it asks who sits there; empty where it does not ask."""
    response = client.get(path)
    if response.status_code == 200:
        return ""
    assert response.status_code == 302
    return str(response.headers["Location"])


ASKED = "/accounts/reauthenticate/?next=%2Faccounts%2Fbrowsers%2F%3Fa%3Db"


@pytest.mark.parametrize(("chosen", "staff", "limit"), [(15, False, 15), (5, False, 5), (60, False, 60), (5, True, 30)])
def test_a_silence_is_followed_by_a_question_v7_3_1(later: Later, chosen: int, staff: bool, limit: int):
    person = account("carol@example.org", idle_minutes=chosen, is_staff=staff)
    hers = sign_in(Client(), person)
    later(minutes=limit - 0.1)
    assert question(hers) == ""
    later(minutes=limit - 0.1)
    assert question(hers) == ""
    later(minutes=limit + 0.1)
    assert question(hers) == ASKED


def test_after_the_question_one_is_back_at_the_same_page_v7_3_1(alices: Client, later: Later):
    later(minutes=16)
    assert question(alices) == ASKED
    page = alices.get(ASKED)
    assert page.status_code == 200
    check_help(read(page.content))
    answer = reauthenticate(alices, next_page="/accounts/browsers/?a=b")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/browsers/?a=b")
    assert question(alices) == ""


def test_a_wrong_password_is_no_answer_v7_3_1(alices: Client, later: Later):
    later(minutes=16)
    assert reauthenticate(alices, OTHER_PASSWORD).status_code == 200
    assert question(alices) == ASKED


def test_what_was_written_before_a_silence_is_taken_in(alices: Client, alice: User, later: Later):
    later(minutes=30)
    written = {"name": "Al", "time_zone": "Pacific/Apia", "theme": "dark", "idle_minutes": "15"}
    assert alices.post("/accounts/settings/", written).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.time_zone) == ("Al", "Pacific/Apia")
    assert question(alices) == ASKED


def test_public_pages_are_no_sign_of_life(alices: Client, later: Later):
    for _ in range(3):
        later(minutes=6)
        alices.get("/crisis/")
    assert question(alices) == ASKED


def test_a_busy_browser_writes_its_sign_once_a_minute(alices: Client, later: Later):
    later(seconds=30)
    before = session_of(alices).get(ACTIVE_AT)
    is_signed_in(alices)
    assert session_of(alices).get(ACTIVE_AT) == before
    later(seconds=40)
    is_signed_in(alices)
    assert session_of(alices).get(ACTIVE_AT) != before


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]
)
def test_the_dangerous_asks_again_and_only_for_five_minutes_v7_5_1(alices: Client, later: Later, path: str):
    reauthenticate(alices)
    assert alices.get(path).status_code == 200
    later(seconds=299)
    assert alices.get(path).status_code == 200
    later(seconds=2)
    answer = alices.get(path)
    if path == "/accounts/password/change/":  # asks for the old password itself
        assert b"oldpassword" in answer.content
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")


def test_ending_a_browser_asks_again_and_then_does_it_v7_5_1(alices: Client, alice: User, later: Later):
    other = sign_in(Client(), alice)
    later(minutes=10)
    answer = alices.post("/accounts/browsers/end/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert is_signed_in(other)
    reauthenticate(alices, next_page="/accounts/browsers/end/")
    assert not is_signed_in(other)


@pytest.mark.parametrize(("problem", "status"), [(OperationalError, 503), (InterfaceError, 503), (DataError, None)])
def test_a_database_that_goes_away_before_the_session_is_written_is_said_so(
    alice: User, rf: RequestFactory, problem: type[Exception], status: int | None
):
    """The deed is done by then; whoever did it may do the same once more."""

    def away(*_query: Any) -> None:
        raise problem

    request = rf.post("/journal/note/", {"text": "Rest first."})
    request.session = SessionStore()
    request.session["seen"] = True
    request.session.save()
    middleware = WebSessions(lambda _request: HttpResponse())
    with connection.execute_wrapper(away):
        if status is None:
            with pytest.raises(problem):
                middleware.process_response(request, HttpResponse("Saved."))
            return
        answer = middleware.process_response(request, HttpResponse("Saved."))
    assert answer.status_code == status
    assert "Rest first." in answer.content.decode()
