"""Every question on one page, each with an address that opens it."""

import json

from tests.articles.views.pages import main_of, put
from tests.conftest import body_with
from tests.reading import read

ASKED = body_with("Slowly.").replace(
    "For today, yes.", "For today, yes.\n\n### Call whom?\n\nCall {emergency}, as a trial says [@trial-2020]."
)


def test_each_question_stands_under_its_guide_and_who_stands_behind_it(signed, submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao)
    main = main_of(reader.get("/faq/"))
    assert [heading.text for heading in main.all("h2")] == ["Guide small-steps", "Rest first"]
    assert [summary.text for summary in main.all("summary")] == ["Is rest enough?", "Is rest enough?"]
    assert main.text.count("Reviewed by Asha Rao, MD") == 2


def test_the_general_questions_come_first(signed, submit, dr_rao, reader):
    put(submit, "general", "faq", by=dr_rao)
    headings = [heading.text for heading in main_of(reader.get("/faq/")).all("h2")]
    assert headings == ["Guide general", "Rest first"]


def test_questions_of_two_guides_keep_addresses_of_their_own(signed, submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao)
    ids = [element.attributes["id"] for element in main_of(reader.get("/faq/")).all() if "id" in element.attributes]
    assert {"small-steps--is-rest-enough", "rest-first--is-rest-enough"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_numbers_are_filled_in_and_a_citation_leads_to_the_source_in_the_guide(submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao, body=ASKED)
    links = [link.attributes["href"] for link in main_of(reader.get("/faq/")).all("a")]
    assert "tel:911" in links
    assert "/guides/integration/small-steps/#source-1" in links


def test_a_sample_is_called_one(sample, reader):
    text = main_of(reader.get("/faq/")).text
    assert "Sample: no clinician has checked it" in text
    assert "Reviewed by" not in text


def test_a_guide_that_may_not_be_shown_has_no_questions_there(checking, withdrawn, reader):
    assert "Is rest enough?" not in main_of(reader.get("/faq/")).text


def test_a_site_without_guides_says_so(db, reader):
    assert "No guide is ready to read yet." in main_of(reader.get("/faq/")).text


def test_search_engines_read_each_question_with_its_answer(submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao, body=ASKED)
    page = read(reader.get("/faq/").content)
    (script,) = page.all("script")
    told = json.loads(script.text)
    assert told["@type"] == "FAQPage"
    assert [(asked["name"], asked["acceptedAnswer"]["text"]) for asked in told["mainEntity"]] == [
        ("Is rest enough?", "For today, yes."),
        ("Call whom?", "Call 911, as a trial says."),
    ]
    assert told["mainEntity"][1]["@id"] == "http://localhost:8000/faq/#small-steps--call-whom"
