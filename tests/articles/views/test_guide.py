"""A guide's page: what it answers and says in each state."""

import datetime as dt
import re

import pytest

from articles import review
from articles.models import Guide
from tests.articles.plain_sql import overwrite
from tests.articles.views.pages import DAY, GUIDE, HISTORY, JSON, LISTS, main_of, put, words_of
from tests.conftest import NEXT_YEAR, NOW
from tests.reading import check_help, read

PUBLIC = "public, max-age=60, stale-while-revalidate=60"


# Which status

STATUS = {
    "guide": 404,
    "submitted": 404,
    "signed": 200,
    "overdue": 200,
    "urgent": 200,
    "sample": 200,
    "withdrawn": 410,
    "checking": 503,
}


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON])
@pytest.mark.parametrize(("state", "status"), STATUS.items())
def test_each_address_of_a_guide_answers_alike_in_each_state(request, reader, state, status, address):
    request.getfixturevalue(state)
    response = reader.get(address)
    assert response.status_code == status
    assert ("Take it slowly." in response.text) == (status == 200 and address == GUIDE)
    assert response.headers["Cache-Control"] == (PUBLIC if status == 200 else "no-store")
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize("address", ["/guides/safety/rest-first/", "/guides/integration/rest/", f"{GUIDE}more/"])
def test_there_is_nothing_beside_a_guides_own_address(signed, reader, address):
    assert reader.get(address).status_code == 404


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON, "/guides/", "/guides/integration/", "/sources/"])
def test_pages_are_only_for_reading(signed, reader, address):
    assert reader.post(address).status_code == 405
    head = reader.head(address)
    assert (head.status_code, head.content) == (200, b"")


def test_a_guide_of_another_language_is_not_shown_in_this_one(signed, reader):
    overwrite(signed, language="es")
    assert reader.get(GUIDE).status_code == 404
    assert all("Rest first" not in reader.get(address).text for address in LISTS)


# A reviewed guide


def test_a_reviewed_guide_says_who_reviewed_it_and_when(signed, reader):
    words = words_of(reader.get(GUIDE))
    assert "Reviewed by Asha Rao, MD · Last reviewed Nov. 2, 2026 · Next review Nov. 2, 2027" in words
    assert "No clinician has checked this page" not in words
    assert "is late" not in words


def test_a_guide_shows_everything_that_was_signed(signed, reader):
    page = read(reader.get(GUIDE).content)
    assert page.one("h1").text == "Rest first"
    words = page.one("main").text
    for part in (
        "What to do on the day after.",
        "After a session",
        "Rest comes first. Take it slowly.",
        "Anyone with heart disease.",
        "How long it lasts.",
        "Is rest enough?",
        "Doe J et al. A trial. 2020.",
    ):
        assert part in words


def test_the_quick_answer_stands_before_the_contents_and_the_rest_after(signed, reader):
    words = words_of(reader.get(GUIDE))
    assert words.index("Take it slowly.") < words.index("On this page") < words.index("Anyone with heart disease.")


def test_a_guide_fills_in_the_sites_numbers(signed, reader):
    main = main_of(reader.get(GUIDE))
    assert "Call 911 now if" in main.text
    assert "please call or text 988 now, or call your prescriber" in main.text
    assert {"tel:911", "tel:988", "sms:988"} <= set(main.links())
    assert not re.search(r"\{(emergency|crisis|clinic)\}", main.text)


def test_a_citation_leads_to_its_source_and_back(signed, reader):
    main = main_of(reader.get(GUIDE))
    ids = {element.attributes.get("id") for element in main.all()}
    assert {"source-1", "cite-1-1"} <= ids
    assert {"#source-1", "#cite-1-1", "https://pubmed.ncbi.nlm.nih.gov/1234567/"} <= set(main.links())


def test_a_source_is_shown_as_it_was_signed(signed, trial, reader):
    trial.record = {**trial.record, "title": "Another title"}
    trial.save()
    words = words_of(reader.get(GUIDE))
    assert "A trial." in words
    assert "Another title" not in words


def test_a_guide_names_its_one_address(signed, reader):
    page = read(reader.get(f"{GUIDE}?from=mail").content)
    [link] = [link for link in page.all("link") if link.attributes["rel"] == "canonical"]
    assert link.attributes["href"] == "http://localhost:8000/guides/integration/rest-first/"


def test_words_of_a_guide_are_text(submit, dr_rao, reader):
    guide = Guide.objects.create(section="safety", slug="marks", changed_at=NOW)
    revision = submit(guide, "<script>alert(1)</script> {{ settings.SECRET_KEY }}", title="<b>Tom</b> & {% now %}")
    review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
    page = read(reader.get(guide.get_absolute_url()).content)
    assert page.one("h1").text == "<b>Tom</b> & {% now %}"
    assert [script.attributes["type"] for script in page.all("script")] == ["application/ld+json"]
    assert "{{ settings.SECRET_KEY }}" in page.one("main").text


# An overdue guide


def test_an_overdue_guide_says_so_and_whose_words_it_shows(overdue, reader):
    words = words_of(reader.get(GUIDE))
    assert (
        "The yearly check of this page is late (due Nov. 2, 2027). "
        "The words are the ones Asha Rao signed on Nov. 2, 2026." in words
    )
    assert "Reviewed by Asha Rao, MD" in words


def test_a_page_that_was_ready_before_midnight_says_so_after_it(signed, reader, clock):
    clock.move_to(dt.datetime.combine(NEXT_YEAR, dt.time.max, dt.UTC))
    before = reader.get(GUIDE)
    clock.move_to(dt.datetime.combine(NEXT_YEAR + DAY, dt.time.min, dt.UTC))
    after = reader.get(GUIDE, headers={"If-None-Match": before.headers["ETag"]})
    assert "is late" not in words_of(before)
    assert after.status_code == 200
    assert "is late" in words_of(after)


# A guide that was changed urgently


def test_an_urgent_guide_says_so_with_its_reason(urgent, reader):
    words = words_of(reader.get(GUIDE))
    assert "Changed urgently by Asha Rao on Nov. 2, 2026" in words
    assert "A new warning came out." in words
    assert "not yet signed by a clinician" in words


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON, *LISTS])
def test_nothing_says_that_an_urgent_guide_was_reviewed(urgent, reader, address):
    assert "reviewed by" not in reader.get(address).text.lower()
    assert "reviewedBy" not in reader.get(address).text


# A sample


def test_a_sample_keeps_the_places_of_the_byline_and_says_that_it_is_one(sample, reader):
    words = words_of(reader.get(GUIDE))
    assert (
        "Sample reviewer: Morgan Example, PMHNP-BC, not a real person · "
        "Last reviewed (sample): Nov. 2, 2026 · Next review (sample): Nov. 2, 2027" in words
    )
    assert "Sample text. No clinician has checked this page. Ask yours before you act on it." in words


def test_the_sample_notice_stands_before_the_words(sample, reader):
    words = words_of(reader.get(GUIDE))
    assert words.index("No clinician has checked this page.") < words.index("Take it slowly.")


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON, "/reviewers/morgan-example/", "/sources/", *LISTS])
def test_nothing_says_that_a_sample_was_reviewed(sample, reader, address):
    response = reader.get(address)
    assert response.status_code == 200
    assert "reviewed by" not in response.text.lower()
    assert "reviewedBy" not in response.text
    assert "lastReviewed" not in response.text


@pytest.mark.parametrize("address", ["/", "/guides/", "/guides/integration/", HISTORY, "/reviewers/morgan-example/"])
def test_every_page_that_names_a_sample_says_so(sample, reader, address):
    assert "sample" in words_of(reader.get(address)).lower()


def test_a_sample_beside_a_reviewed_guide_is_told_from_it(sample, submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao)
    items = {item.one("h3").text: item.text for item in main_of(reader.get("/guides/")).all("li")}
    assert "Reviewed by Asha Rao, MD" in items["Guide small-steps"]
    assert "Sample" not in items["Guide small-steps"]
    assert "no clinician has checked it" in items["Rest first"]
    assert "Reviewed by" not in items["Rest first"]


@pytest.mark.parametrize("address", ["/", "/guides/", "/guides/integration/"])
def test_without_a_sample_nothing_speaks_of_one(signed, reader, address):
    assert "sample" not in words_of(reader.get(address)).lower()


def test_a_section_without_samples_does_not_speak_of_those_elsewhere(sample, submit, dr_rao, reader):
    put(submit, "when-to-call", "safety", by=dr_rao)
    assert "sample" not in words_of(reader.get("/guides/safety/")).lower()
    assert "sample" in words_of(reader.get("/guides/integration/")).lower()


# A withdrawn guide


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON])
def test_a_withdrawn_guide_says_when_and_why(withdrawn, reader, address):
    response = reader.get(address)
    words = words_of(response)
    assert "Nov. 2, 2026" in words
    assert "A dose on it was <wrong> & old." in words
    assert "Rest first" not in response.text
    check_help(read(response.content))


def test_a_withdrawn_safety_guide_names_the_red_flags(withdrawn, reader):
    assert "chest pain" not in words_of(reader.get(GUIDE))
    overwrite(withdrawn, section="safety")
    words = words_of(reader.get("/guides/safety/rest-first/"))
    assert "Call 911 now if" in words
    assert "chest pain" in words


# A guide that is being checked


@pytest.mark.parametrize("address", [GUIDE, HISTORY, JSON])
def test_a_guide_that_is_being_checked_shows_crisis_lines_and_no_words(checking, reader, address):
    response = reader.get(address)
    main = main_of(response)
    assert "This page is being checked" in main.text
    assert {"tel:988", "tel:911"} <= set(main.links())
    check_help(read(response.content))
    for words in ("Take it slowly.", "Other words, by nobody.", "Rest first", "Asha Rao", "revision 1"):
        assert words not in response.text


def test_an_answer_without_words_carries_no_etag(checking, reader):
    assert "ETag" not in reader.get(GUIDE).headers
