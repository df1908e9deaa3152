"""The clinic's details: a row that is edited, and the file that pages read."""

import os
from dataclasses import fields

import pytest
from django.db import IntegrityError, transaction

from ketcare.site.clinic import Details, clinic_link, details, publish, publish_current
from ketcare.site.models import Clinic

FILLED = {
    "name": "Harbor Clinic",
    "phone": "+1 (555) 010-0199",
    "hours": "Mon-Fri 9-5",
    "after_hours_phone": "555-0100",
    "email": "desk@example.org",
    "booking_url": "https://example.org/book",
    "session_day_note": "Bring a “warm” layer.\nEat little.",
}


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    """The folder of a site that never ran."""
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


def test_without_a_file_there_are_no_details(place):
    assert details() is None


def test_what_is_published_is_what_pages_read(place):
    assert publish(Clinic(**FILLED))
    assert details() == Details(**FILLED)


@pytest.mark.django_db
def test_pages_read_the_details_without_the_database(place, django_assert_num_queries):
    publish(Clinic(**FILLED))
    with django_assert_num_queries(0):
        assert details() is not None


def test_a_change_is_seen_at_once(place):
    """Even one that is written in the same tick of the clock of files."""
    for number in range(50):
        publish(Clinic(name=f"Clinic {number}"))
        os.utime(place / "clinic.json", ns=(0, 0))
        assert details() == Details(name=f"Clinic {number}")


def test_publishing_the_same_again_writes_nothing(place):
    publish(Clinic(**FILLED))
    before = (place / "clinic.json").stat().st_ino
    assert not publish(Clinic(**FILLED))
    assert (place / "clinic.json").stat().st_ino == before


def test_publishing_leaves_no_half_written_file_behind(place):
    publish(Clinic(**FILLED))
    publish(Clinic(name="Another"))
    assert [path.name for path in place.iterdir()] == ["clinic.json"]


def test_a_clinic_without_name_and_phone_is_none(place):
    publish(Clinic(hours="Mon-Fri 9-5"))
    assert details() is None


@pytest.mark.parametrize("phone", ["555-0100", ""])
@pytest.mark.parametrize("name", ["Harbor Clinic", ""])
def test_a_name_or_a_phone_is_enough(place, name, phone):
    publish(Clinic(name=name, phone=phone))
    assert (details() is None) == (not name and not phone)


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"null", b"[1]", b'"words"', b'{"unknown": 1}', b"\xff", b"{}", b'{"name": ""}']
)
def test_a_broken_file_never_breaks_a_page(place, broken):
    place.mkdir()
    (place / "clinic.json").write_bytes(broken)
    assert details() is None


def test_a_folder_in_its_place_never_breaks_a_page(place):
    (place / "clinic.json").mkdir(parents=True)
    assert details() is None


@pytest.mark.django_db
def test_the_environment_fills_the_row_the_first_time_only(settings):
    settings.CLINIC_NAME, settings.CLINIC_PHONE = "Harbor Clinic", "555-0100"
    settings.CLINIC_BOOKING_URL = "https://example.org/book"
    assert publish_current()
    assert details() == Details(name="Harbor Clinic", phone="555-0100", booking_url="https://example.org/book")
    settings.CLINIC_NAME = "Another"
    assert not publish_current()
    assert Clinic.objects.get().name == "Harbor Clinic"


@pytest.mark.django_db
def test_the_row_is_the_truth_afterwards(place):
    publish_current()
    Clinic.objects.update(name="Harbor Clinic")
    (place / "clinic.json").write_text("{}")
    assert publish_current()
    assert details() == Details(name="Harbor Clinic")


@pytest.mark.django_db
def test_a_lost_file_comes_back(place):
    Clinic.objects.create(pk=1, **FILLED)
    publish_current()
    (place / "clinic.json").unlink()
    assert publish_current()
    assert details() == Details(**FILLED)


@pytest.mark.django_db
def test_there_is_one_clinic():
    Clinic.objects.create(pk=1, name="Harbor Clinic")
    with pytest.raises(IntegrityError, match="there_is_one_clinic"), transaction.atomic():
        Clinic.objects.create(pk=2, name="Another")


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["http://example.org/", "javascript:alert(1)", " https://example.org/"])
def test_a_booking_link_is_https(url):
    with pytest.raises(IntegrityError, match="a_booking_link_is_https"), transaction.atomic():
        Clinic.objects.create(pk=1, booking_url=url)


def test_a_clinic_is_called_by_its_name():
    assert str(Clinic(name="Harbor Clinic")) == "Harbor Clinic"
    assert str(Clinic()) == "Clinic without a name"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, "your prescriber"),
        (Details(name="Harbor Clinic"), "Harbor Clinic"),
        (
            Details(name="Harbor Clinic", phone="+1 (555) 010-0199"),
            'Harbor Clinic at <a href="tel:+15550100199">+1 (555) 010-0199</a>',
        ),
        (Details(phone="555-0100"), 'your clinic at <a href="tel:5550100">555-0100</a>'),
        (
            Details(name="<b>A & B</b>", phone='1"><script>'),
            '&lt;b&gt;A &amp; B&lt;/b&gt; at <a href="tel:1">1&quot;&gt;&lt;script&gt;</a>',
        ),
    ],
)
def test_the_clinic_as_a_guide_names_it(known, words):
    assert clinic_link(known) == words


@pytest.mark.parametrize(
    ("phone", "dialed"),
    [
        ("", ""),
        ("+1 (555) 010-0199", "+15550100199"),
        ("555.010.0199", "5550100199"),
        ("(555) 010–0199", "5550100199"),
        ("555-010-0199 ext. 12", "5550100199"),
        ("555-010-0199 or 555-010-0111", "5550100199"),
        ("24/7: 555-010-0199", "5550100199"),
        ("ask at the desk", ""),
    ],
)
def test_a_phone_is_dialed_by_its_digits_alone(phone, dialed):
    known = Details(phone=phone, after_hours_phone=phone)
    assert (known.tel, known.after_hours_tel) == (dialed, dialed)


def test_every_column_of_the_row_reaches_the_pages():
    """But for the one that says who may sign: a signature carries that itself."""
    columns = {field.name for field in Clinic._meta.concrete_fields} - {"id", "solo"}
    assert {field.name for field in fields(Details)} == columns == FILLED.keys()
