import uuid

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from ketcare.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_in_lower_case_without_spaces():
    assert User.objects.create_user(" Alice@Example.ORG ").email == "alice@example.org"


@pytest.mark.parametrize("written", ["alice@example.org", "Alice@Example.org", " ALICE@EXAMPLE.ORG "])
def test_an_account_is_found_however_its_address_is_written(written):
    alice = User.objects.create_user("alice@example.org")
    assert User.objects.get_by_natural_key(written) == alice


def test_somebody_signs_in_however_their_address_is_written():
    alice = User.objects.create_user("alice@example.org", "correct horse battery staple")
    assert authenticate(username="Alice@Example.org", password="correct horse battery staple") == alice
    assert authenticate(username="alice@example.org", password="correct horse battery") is None


def test_an_account_without_a_password_lets_nobody_in():
    alice = User.objects.create_user("alice@example.org")
    assert not alice.has_usable_password()
    assert authenticate(username="alice@example.org", password="") is None


@pytest.mark.parametrize("email", ["", None])
def test_an_account_needs_an_address(email):
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user(email)


def test_a_second_account_with_the_same_address_is_refused():
    User.objects.create_user("alice@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALICE@example.org")


def test_the_database_refuses_an_address_in_capitals():
    User.objects.create_user("alice@example.org")
    with pytest.raises(IntegrityError, match="an_address_is_in_lower_case"), transaction.atomic():
        models.QuerySet(User).update(email="Alice@example.org")


def test_a_form_sees_an_address_that_is_taken_however_it_is_written():
    User.objects.create_user("alice@example.org")
    with pytest.raises(ValidationError) as caught:
        User(email="Alice@Example.org", password="x").full_clean()
    assert caught.value.message_dict == {"email": ["There is an account with this address."]}


def test_an_account_is_named_by_its_ref_and_never_by_its_address():
    alice = User.objects.create_user("alice@example.org")
    assert str(alice) == str(alice.ref)
    assert "alice" not in repr(alice)


def test_every_account_has_a_random_ref_of_its_own():
    alice, bob = User.objects.create_user("alice@example.org"), User.objects.create_user("bob@example.org")
    assert alice.ref != bob.ref
    assert alice.ref.version == uuid.uuid4().version
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=bob.pk).update(ref=alice.ref)


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "Pacific/Apia"])
def test_a_time_zone_of_the_database_is_taken(name):
    User(email="alice@example.org", password="x", time_zone=name).full_clean()


@pytest.mark.parametrize("name", ["Mars/Olympus", "america/new_york", "../../etc/passwd", "EST5EDT4"])
def test_another_time_zone_is_refused(name):
    with pytest.raises(ValidationError) as caught:
        User(email="alice@example.org", password="x", time_zone=name).full_clean()
    assert caught.value.message_dict.keys() == {"time_zone"}


def test_a_new_account_may_sign_in_and_is_no_staff():
    alice = User.objects.create_user("alice@example.org")
    assert (alice.is_active, alice.is_staff, alice.is_superuser) == (True, False, False)


def test_deleting_alice_leaves_bob_whole():
    alice, bob = User.objects.create_user("alice@example.org"), User.objects.create_user("bob@example.org")
    before = User.objects.filter(pk=bob.pk).values().get()
    alice.delete()
    assert list(User.objects.values()) == [before]
