"""Alice has an account and a verified address; Bob is a stranger with one of his own."""

import pytest
from django.test import Client

from ketcare.accounts.models import User
from tests.ketcare.accounts.signing_in import account, sign_in


@pytest.fixture
def alice(db: None) -> User:
    return account("alice@example.org", time_zone="America/New_York")


@pytest.fixture
def bob(db: None) -> User:
    return account("bob@example.net")


@pytest.fixture
def dr_rao_account(db: None) -> User:
    """A clinician's account, still without a second factor."""
    return account("rao@example.org", is_staff=True)


@pytest.fixture
def alices(alice: User) -> Client:
    """Alice's browser, in which she has just signed in."""
    return sign_in(Client(), alice)
