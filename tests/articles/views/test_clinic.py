"""The clinic's details on pages: how to reach it, what it offers, and its own words beside signed ones."""

import pytest

from articles import review
from articles.models import Guide
from ketcare.site.clinic import publish
from ketcare.site.models import Clinic
from tests.articles.views.pages import GUIDE, main_of, put, words_of
from tests.conftest import NEXT_YEAR, NOW
from tests.reading import check_page

DAY_OF_SESSION = "/guides/what-to-expect/the-day-of-a-session/"
STANDING = ["/", "/about/", "/crisis/", "/privacy/", "/accessibility/", "/editorial-policy/"]
BOOK = "https://example.org/book"


@pytest.fixture
def session_day(submit, dr_rao) -> Guide:
    return put(submit, "the-day-of-a-session", "what-to-expect", by=dr_rao)


@pytest.fixture
def harbor() -> None:
    publish(
        Clinic(
            pk=1,
            name="Harbor Clinic",
            phone="+1 (555) 010-0199",
            hours="Monday to Friday",
            after_hours_phone="555.010.0123",
            booking_url=BOOK,
            session_day_note="Ring <twice>.\nSide door.\n\nWe wait & see.",
        )
    )


# How to reach it


@pytest.mark.parametrize("address", ["/", "/about/", "/crisis/", "/privacy/", "/accessibility/", GUIDE])
def test_its_numbers_can_be_called(signed, harbor, reader, address):
    main = main_of(reader.get(address))
    assert {"tel:+15550100199", "tel:5550100123"} <= set(main.links())
    assert "Call +1 (555) 010-0199 (Monday to Friday)" in main.text
    assert "After hours: 555.010.0123" in main.text


@pytest.mark.parametrize(
    "known",
    [
        {},
        {"name": "Harbor Clinic"},
        {"phone": "555-0100"},
        {"name": "Harbor Clinic", "hours": "Monday"},
        {"name": "Harbor Clinic", "after_hours_phone": "555-0100"},
        {"name": "Harbor Clinic", "booking_url": BOOK},
        {"name": "Harbor Clinic", "email": "desk@example.org"},
    ],
)
@pytest.mark.parametrize("address", [*STANDING, DAY_OF_SESSION])
def test_pages_read_well_whatever_is_known_of_it(session_day, reader, address, known):
    publish(Clinic(pk=1, **known))
    words = check_page(reader.get(address).content).one("main").text
    for gap in ("None", "()", " .", " ,", "Call (", "From .", "call ,"):
        assert gap not in words
    assert ("Your clinic" in words) <= ("name" in known or "phone" in known)


def test_a_clinic_without_a_number_is_not_named_where_help_is_sought(reader):
    publish(Clinic(pk=1, name="Harbor Clinic", booking_url=BOOK))
    assert "Harbor Clinic" not in words_of(reader.get("/crisis/"))


@pytest.mark.parametrize("address", ["/about/", "/privacy/"])
def test_a_clinic_without_a_name_still_runs_the_site(reader, address):
    publish(Clinic(pk=1, phone="555-0100"))
    words = words_of(reader.get(address))
    assert "A clinic runs" in words
    assert "No clinic has put its name" not in words


# What it offers


@pytest.mark.parametrize("address", ["/", "/about/", GUIDE])
def test_a_visit_can_be_booked(signed, harbor, reader, address):
    assert BOOK in main_of(reader.get(address)).links()


@pytest.mark.parametrize("address", ["/crisis/", "/privacy/", "/accessibility/", "/editorial-policy/"])
def test_a_page_about_help_or_privacy_carries_no_offer(harbor, reader, address):
    assert BOOK not in reader.get(address).text


def test_a_guide_about_safety_carries_no_offer(submit, dr_rao, harbor, reader):
    guide = put(submit, "when-to-call", "safety", by=dr_rao)
    assert BOOK not in reader.get(guide.get_absolute_url()).text


# Its own words


def test_its_note_stands_on_the_guide_of_that_day_apart_from_what_is_signed(session_day, harbor, reader):
    main = main_of(reader.get(DAY_OF_SESSION))
    [note] = [card for card in main.all("section") if card.attributes.get("aria-labelledby") == "from-clinic"]
    assert note.one("h2").text == "From Harbor Clinic"
    assert [paragraph.text for paragraph in note.all("p")] == [
        "Ring <twice>.Side door.",  # with a <br> between
        "We wait & see.",
        "These are the clinic’s own words. They are no part of the guide, and no reviewer signed them.",
    ]
    assert main.text.index("Is rest enough?") < main.text.index("Ring <twice>.")


def test_its_note_stands_on_no_other_guide(signed, session_day, harbor, reader):
    assert "Side door." not in reader.get(GUIDE).text


def test_without_a_note_nothing_is_said_in_its_name(session_day, reader):
    publish(Clinic(pk=1, name="Harbor Clinic"))
    assert "From Harbor Clinic" not in words_of(reader.get(DAY_OF_SESSION))


def test_a_clinic_without_a_name_still_has_its_note(session_day, reader):
    publish(Clinic(pk=1, phone="555-0100", session_day_note="Side door."))
    assert "From your clinic Side door." in words_of(reader.get(DAY_OF_SESSION))


def test_its_note_stands_on_the_guide_of_that_day_in_another_state_too(submit, morgan, harbor, reader):
    guide = Guide.objects.create(section="what-to-expect", slug="the-day-of-a-session", changed_at=NOW)
    words = submit(guide)
    review.sign(words, by=morgan, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    assert "Side door." in words_of(reader.get(DAY_OF_SESSION))
