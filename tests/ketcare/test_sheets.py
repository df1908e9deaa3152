"""Sheets to print: what each takes from which guide, and where there is nothing to take."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from articles import review
from articles.models import Guide
from articles.models.revision import Change
from ketcare.sheets import COMPANION, MOMENTS
from ketcare.site.clinic import publish
from ketcare.site.models import Clinic
from tests.articles.plain_sql import overwrite
from tests.conftest import NEXT_YEAR, NOW, body_with
from tests.reading import Element, read

QUESTIONS = "/sheets/questions/"
HOME = "/sheets/taking-someone-home/"
WEEK = "/sheets/blank-week/"
HOURS = """
## From hour to hour {: .timeline }

- **The ride.** Sit still [@trial-2020].
- **The night.** Call {clinic} if in doubt.
"""
FIRST = "- Whom do I call at night?\n"
SECOND = """\
- Is {emergency} right, or [the other number](#what-is-known)?

More is in the next guide.
"""
WHOLE = body_with("Take it slowly.").replace(FIRST, FIRST + SECOND) + HOURS


@pytest.fixture(autouse=True)
def clinic_day(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.VAR_DIR = tmp_path


Put = Callable[..., Guide]


@pytest.fixture
def put(submit, dr_rao) -> Put:
    """`put("safety", "slug")`: a live guide with questions to ask, signed by Dr Rao."""

    def made(section: str, slug: str, *, by=dr_rao, body: str = WHOLE) -> Guide:
        guide = Guide.objects.create(section=section, slug=slug, changed_at=NOW)
        words = submit(guide, title=f"Guide {slug}", body=body)
        review.sign(words, by=by, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
        return guide

    return made


@pytest.fixture
def first(put: Put) -> Guide:
    return put("what-to-expect", "first-session")


@pytest.fixture
def companion(put: Put) -> Guide:
    return put(*COMPANION)


def main_of(reader: Client, address: str) -> Element:
    response = reader.get(address)
    assert response.status_code == 200
    return read(response.content).one("main")


@pytest.mark.parametrize("place", [COMPANION, *(place for moment in MOMENTS for place in moment.guides)])
def test_each_sheet_has_its_guides_among_those_that_ship(place):
    section, slug = place
    text = (settings.CONTENT_DIR / "guides" / "en" / section / f"{slug}.md").read_text()
    assert "{: .ask }" in text
    assert place != COMPANION or ("{: .safety }" in text and "{: .timeline }" in text)


# Questions


def test_a_guides_questions_stand_under_its_title_with_who_signed_them(first, reader):
    main = main_of(reader, QUESTIONS)
    section = main.all("section")[0]
    assert section.one("h2").text == "Guide first-session"
    assert section.one("p").text == "Reviewed by Asha Rao, MD, Nov. 2, 2026"
    assert [item.text for item in section.all("li")] == [
        "Whom do I call at night?",
        "Is 911 right, or the other number?",
    ]
    assert "/guides/what-to-expect/first-session/#what-is-known" in section.links()
    assert "More is in the next guide." not in main.text


def test_questions_of_a_sample_are_called_so(put, morgan, reader):
    put("what-to-expect", "first-session", by=morgan)
    words = main_of(reader, QUESTIONS).text
    assert "No clinician has checked the guides marked “Sample”." in words
    assert "Sample: no clinician has checked it" in words
    assert "Reviewed by" not in words


def test_without_a_sample_nothing_speaks_of_one(first, put, morgan, reader):
    put("what-to-expect", "days-1-to-7", by=morgan)
    assert "sample" not in main_of(reader, QUESTIONS).text.lower()


def test_other_questions_are_a_link_away(first, put, reader):
    put("integration", "keeping-it-going")
    put("safety", "elsewhere")
    links = main_of(reader, QUESTIONS).links()
    assert "/sheets/questions/not-helping/" in links
    assert "/sheets/questions/after/" not in links
    assert "/guides/safety/elsewhere/#what-to-ask-your-clinician" in links
    assert QUESTIONS in main_of(reader, "/sheets/questions/not-helping/").links()


def test_a_guide_that_asks_nothing_is_left_out(first, put, reader):
    put("what-to-expect", "the-day-of-a-session", body=WHOLE.replace("{: .ask }", ""))
    assert "the-day-of-a-session" not in reader.get(QUESTIONS).text


@pytest.mark.parametrize("address", [QUESTIONS, "/sheets/questions/after/", "/sheets/questions/no-such-moment/"])
def test_without_questions_there_is_no_sheet_of_them(put, reader, address):
    put("safety", "elsewhere")
    assert reader.get(address).status_code == 404


# For the companion


def test_the_companions_sheet_holds_the_warning_signs_and_the_hours(companion, reader):
    main = main_of(reader, HOME)
    assert main.one("h1").text == "Guide taking-someone-home"
    assert [section.one("h2").text for section in main.all("section")] == [
        "Write down before you leave the clinic",
        "Call 911 now if",
        "From hour to hour",
    ]
    assert "Reviewed by Asha Rao, MD · Last reviewed Nov. 2, 2026" in main.text
    assert "http://localhost:8000/guides/what-to-expect/taking-someone-home/" in main.text
    for elsewhere in ("Take it slowly.", "Whom do I call at night?"):
        assert elsewhere not in main.text


def test_its_citations_lead_to_the_guides_sources(companion, reader):
    links = main_of(reader, HOME).links()
    assert "/guides/what-to-expect/taking-someone-home/#source-1" in links
    assert not any(link.startswith("#") for link in links)


def test_the_clinics_numbers_are_filled_in(companion, reader):
    publish(Clinic(pk=1, name="Harbor Clinic", phone="555-0100", after_hours_phone="555.0101"))
    main = main_of(reader, HOME)
    assert {"tel:5550100", "tel:5550101"} <= set(main.links())
    assert "Call Harbor Clinic at 555-0100 if in doubt." in main.text
    assert "The clinic’s phone" not in main.text
    assert "Phone for tonight" not in main.text


def test_without_numbers_there_is_a_line_for_each(companion, reader):
    words = main_of(reader, HOME).text
    assert "The clinic’s phone" in words
    assert "Phone for tonight" in words


def test_the_clinics_note_stands_apart(companion, reader):
    publish(Clinic(pk=1, name="Harbor Clinic", session_day_note="Ring <twice>."))
    note = main_of(reader, HOME).all("section")[-1].text
    assert note.startswith("From Harbor Clinic Ring <twice>.")
    assert note.endswith("no reviewer signed them.")


def test_a_sample_says_that_it_is_one(put, morgan, reader):
    put(*COMPANION, by=morgan)
    words = main_of(reader, HOME).text
    assert "Sample text. No clinician has checked this page." in words
    assert "Reviewed by" not in words


def test_an_urgent_change_says_so(submit, dr_rao, reader):
    guide = Guide.objects.create(section=COMPANION[0], slug=COMPANION[1], changed_at=NOW)
    words = submit(guide, by=dr_rao.user, change=Change.URGENT, reason="A new warning came out.")
    review.publish_urgently(words, by=dr_rao, digest=words.digest, now=NOW)
    assert "A new warning came out." in main_of(reader, HOME).text


def withdraw(guide: Guide) -> None:
    review.withdraw(guide, why="It is wrong.", now=NOW)


def change_in_secret(guide: Guide) -> None:
    overwrite(guide.words, body="Words of nobody.\n")


def move_away(guide: Guide) -> None:
    overwrite(guide, language="es")


@pytest.mark.parametrize("deed", [withdraw, change_in_secret, move_away])
def test_words_that_may_not_be_shown_are_on_no_sheet(companion, first, reader, deed):
    for guide in (companion, first):
        deed(guide)
    assert reader.get(HOME).status_code == 404
    assert reader.get(QUESTIONS).status_code == 404
    assert main_of(reader, "/sheets/").links() == [WEEK]
    assert reader.get("/sitemap.xml").text.count("/sheets/") == 2


def test_without_the_guide_there_is_no_sheet_of_it(db, reader):
    assert reader.get(HOME).status_code == 404


# The week, and the list of all


def test_the_week_has_four_boxes_seven_days_and_where_to_turn(reader):
    main = main_of(reader, WEEK)
    assert len(main.all("h3")) == 4 + 7 + 1
    assert "One word is a complete answer, and so is nothing." in main.text
    assert {"tel:988", "sms:988"} <= set(main.links())
    assert main.all("input", "textarea", "form") == []


def test_the_week_names_the_clinics_phone(reader):
    publish(Clinic(pk=1, phone="555-0100"))
    assert "tel:5550100" in main_of(reader, WEEK).links()


def test_the_list_names_every_sheet_that_there_is(companion, first, reader):
    assert main_of(reader, "/sheets/").links() == [QUESTIONS, HOME, WEEK]


def test_the_sitemap_names_them_too(companion, first, reader):
    sitemap = reader.get("/sitemap.xml").text
    for address in ("/sheets/", QUESTIONS, HOME, WEEK):
        assert f"<loc>http://localhost:8000{address}</loc>" in sitemap
    assert "/sheets/questions/after/" not in sitemap
