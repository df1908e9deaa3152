"""`check_keys` and `rotate_keys`: what stands under which key, and everything sealed again under the newest."""

import datetime as dt
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.test import Client

from articles.models import Guide, Rendering
from journal import sealed
from journal.models import DataKey
from ketcare import outbox
from ketcare.accounts.models import User, WebSession
from ketcare.keys import Ring
from ketcare.site import rotating
from ketcare.site.keyed import counted
from ketcare.site.models import Outbox
from tests.commands import run
from tests.conftest import NOW
from tests.journal.conftest import entry_of
from tests.ketcare.accounts.signing_in import (
    account,
    add_recovery_codes,
    add_totp,
    is_signed_in,
    mails,
    sign_in,
    totp_code,
)

pytestmark = pytest.mark.django_db

OLD, NEW = (f"{name}:{urlsafe_b64encode(bytes([number] * 32)).decode()}" for number, name in enumerate(("old", "new")))


@pytest.fixture(autouse=True)
def old_ring(settings: Any) -> None:
    settings.KETCARE_KEYS = Ring.parse(OLD)


@pytest.fixture
def alice() -> User:
    alice = account("alice@example.org")
    entry_of(alice, "Rest first.")
    return alice


@pytest.fixture
def browser(alice: User) -> Client:
    return sign_in(Client(), alice)


@pytest.fixture
def ring(alice: User, browser: Client, signed: Guide, settings: Any) -> str:
    """Something of each kind stands under the old key; a new one was put before it."""
    add_recovery_codes(alice)
    outbox.put(key="a", kind="a", to="alice@example.org", subject="Notes", body="Words.", now=NOW)
    settings.KETCARE_KEYS = Ring.parse(f"{NEW},{OLD}")
    return f"{NEW},{OLD}"


def words_of_journal(alice: User) -> str:
    return str(sealed.to_read(alice).words_of(alice.entries.get())["text"])


# check_keys --------------------------------------------------------------------------------------------------------


def test_a_new_site_needs_no_key():
    outcome = run("check_keys")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0] == "journals              none"
    assert outcome.out.splitlines()[-1] == "New work is done under old, the first key of KETCARE_KEYS."


def test_it_counts_the_rows_of_each_kind_under_each_key(ring):
    account("bob@example.net")
    entry_of(User.objects.get(email="bob@example.net"))
    assert run("check_keys").out.splitlines() == [
        "journals              1 under new, 1 under old",
        "signatures on guides  1 under old",
        "finished HTML         1 under old",
        "second factors        1 under old",
        "mails that wait       1 under old",
        "signed-in browsers    1 under old",
        "New work is done under new, the first key of KETCARE_KEYS.",
        "old is needed until rotate_keys has sealed again what stands under it.",
    ]


def test_a_key_that_is_missing_is_an_error(ring, settings):
    settings.KETCARE_KEYS = Ring.parse(NEW)
    outcome = run("check_keys")
    assert (outcome.code, outcome.problem) == (
        1,
        "Rows need the key old, which KETCARE_KEYS does not have. Put that key back.",
    )
    assert "journals              1 under old" in outcome.out


ANOTHER = "old:" + urlsafe_b64encode(bytes([7] * 32)).decode()


def test_another_key_of_the_same_name_is_an_error(alice, settings):
    settings.KETCARE_KEYS = Ring.parse(ANOTHER)
    outcome = run("check_keys")
    assert outcome.code == 1
    assert outcome.problem.startswith("KETCARE_KEYS has another key under the id old than the one that this site's")


def test_a_signature_shows_that_a_key_is_another(signed, settings):
    settings.KETCARE_KEYS = Ring.parse(ANOTHER)
    assert run("check_keys").problem.startswith("KETCARE_KEYS has another key under the id old ")


def test_a_damaged_row_does_not_make_a_key_a_wrong_one(ring):
    DataKey.objects.update(wrapped=bytes(DataKey.objects.get().wrapped)[:-1] + b"?")
    assert run("check_keys").code == 0


def test_html_that_needs_a_lost_key_is_none(ring, settings):
    """It is made again."""
    run("rotate_keys")
    Rendering.objects.update(key_id="lost")
    assert run("check_keys").code == 0


def test_a_key_that_signed_stays(ring):
    run("rotate_keys")
    assert "old stays: signatures on guides are proved with it.\n" in run("check_keys").out


def test_a_key_that_nothing_needs_may_still_be_that_of_a_backup(settings):
    settings.KETCARE_KEYS = Ring.parse(f"{NEW},{OLD}")
    assert "Nothing needs old any more, but older backups may" in run("check_keys").out


# rotate_keys -------------------------------------------------------------------------------------------------------


def test_everything_but_signatures_is_sealed_again(ring):
    outcome = run("rotate_keys")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "journals: 1 sealed again under new",
        "second factors: 1 sealed again under new",
        "mails that wait: 1 sealed again under new",
        "signed-in browsers: 1 sealed again under new",
        "finished HTML: 1 sealed again under new",
        "signatures on guides: 1 stay under old, which proves them: keep it in KETCARE_KEYS",
    ]
    assert {kind: dict(rows) for kind, rows in counted().items()} == {
        "journals": {"new": 1},
        "signatures on guides": {"old": 1},
        "finished HTML": {"new": 1},
        "second factors": {"new": 1},
        "mails that wait": {"new": 1},
        "signed-in browsers": {"new": 1},
    }


def test_everything_opens_as_before(ring, alice, browser, signed, settings):
    run("rotate_keys")
    assert run("verify_reviews").code == 0
    settings.KETCARE_KEYS = Ring.parse(NEW)  # without the old one, which only signatures need now
    assert words_of_journal(alice) == "Rest first."
    assert [mail["body"] for mail in mails()] == ["Words."]
    assert is_signed_in(browser)


def test_an_authenticator_app_and_recovery_codes_still_work(alice, settings):
    secret, codes = add_totp(alice), add_recovery_codes(alice)
    settings.KETCARE_KEYS = Ring.parse(f"{NEW},{OLD}")
    assert "second factors: 2 sealed again" in run("rotate_keys").out
    settings.KETCARE_KEYS = Ring.parse(NEW)
    for code in (totp_code(secret), codes[0]):
        client = sign_in(Client(), alice)
        assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
        assert is_signed_in(client)


def test_a_second_time_there_is_nothing_to_do(ring):
    run("rotate_keys")
    rows = list(DataKey.objects.values()) + list(WebSession.objects.values()) + list(Outbox.objects.values())
    assert " 1 sealed again" not in run("rotate_keys").out
    assert list(DataKey.objects.values()) + list(WebSession.objects.values()) + list(Outbox.objects.values()) == rows


def test_many_rows_are_taken_in_turn(ring, settings, monkeypatch):
    monkeypatch.setattr(rotating, "BATCH", 2)
    settings.KETCARE_KEYS = Ring.parse(OLD)
    for number in range(6):
        outbox.put(key=f"b{number}", kind="a", to="a@example.org", subject="A", body="B", now=NOW)
        entry_of(account(f"{number}@example.net"))
    settings.KETCARE_KEYS = Ring.parse(ring)
    out = run("rotate_keys").out
    assert "journals: 7 sealed again" in out
    assert "mails that wait: 7 sealed again" in out


def test_what_is_over_is_left_alone(ring):
    Outbox.objects.update(sealed=b"", sent_at=NOW)
    WebSession.objects.update(started_at=NOW - dt.timedelta(days=2), expires_at=NOW - dt.timedelta(days=1))
    out = run("rotate_keys").out
    assert "mails that wait: 0 sealed again" in out
    assert "signed-in browsers: 0 sealed again" in out


def test_what_cannot_be_opened_is_counted_and_left_as_it_is(ring):
    DataKey.objects.update(wrapped=bytes(DataKey.objects.get().wrapped)[:-1] + b"?")
    before = bytes(DataKey.objects.get().wrapped)
    outcome = run("rotate_keys")
    assert outcome.code == 1
    assert outcome.err == "journals: 1 cannot be opened and were left as they are\n"
    assert "second factors: 1 sealed again" in outcome.out
    assert bytes(DataKey.objects.get().wrapped) == before


def test_html_that_was_tampered_with_is_not_sealed(ring):
    Rendering.objects.update(html="<p>Take more.</p>")
    assert run("rotate_keys").code == 1
    assert run("verify_reviews").code == 1
