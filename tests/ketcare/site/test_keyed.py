"""What `up` asks before it makes a new key: which keys stored rows depend on."""

import datetime as dt
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.utils import timezone

from ketcare import outbox
from ketcare.accounts.models import User, WebSession
from ketcare.accounts.sessions import SessionStore
from ketcare.keys import Ring
from ketcare.site.keyed import keys_in_use
from ketcare.site.models import Outbox
from tests.ketcare.accounts.signing_in import account, add_recovery_codes, add_totp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_key_of_its_own(settings: Any) -> None:
    settings.KETCARE_KEYS = Ring.parse(f"mine:{urlsafe_b64encode(bytes(32)).decode()}")


def test_a_new_database_depends_on_no_key():
    assert keys_in_use() == set()


def test_a_signature_depends_on_its_key(signed: Any):
    assert keys_in_use() == {"mine"}


def test_a_web_session_depends_on_its_key_until_it_is_over():
    SessionStore().save()
    assert keys_in_use() == {"mine"}
    now = timezone.now()
    WebSession.objects.update(started_at=now - dt.timedelta(hours=13), expires_at=now - dt.timedelta(hours=1))
    assert keys_in_use() == set()


@pytest.mark.parametrize("add", [add_totp, add_recovery_codes])
def test_a_second_factor_depends_on_its_key(add: Any):
    add(account("alice@example.org"))
    assert keys_in_use() == {"mine"}


def test_a_mail_depends_on_its_key_until_it_is_sent():
    outbox.put(key="a", kind="a", to="a@example.org", subject="A", body="A", now=timezone.now())
    assert keys_in_use() == {"mine"}
    Outbox.objects.update(sealed=b"")
    assert keys_in_use() == set()


def test_rows_that_nothing_opens_depend_on_nothing():
    SessionStore().save()
    WebSession.objects.update(sealed=b"damaged")
    assert keys_in_use() == set()
    assert User.objects.count() == 0
