"""The search page: help first where it is needed, something useful always, and nothing kept."""

import pytest

from articles import search
from ketcare.site.models import GlossaryTerm
from tests.articles.views.pages import GUIDE, main_of, put, words_of
from tests.reading import read


@pytest.fixture(autouse=True)
def new_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_indexes", {})


def test_it_begins_with_a_box_and_says_where_it_looks(signed, reader):
    main = main_of(reader.get("/search/"))
    assert main.one("input").attributes["name"] == "q"
    assert "the guides, the questions they answer, and the glossary" in main.text


def test_a_guide_that_fits_comes_with_its_state_and_what_was_found(signed, reader):
    main = main_of(reader.get("/search/", {"q": "slowly"}))
    assert [link.attributes["href"] for link in main.one("h3").all("a")] == [GUIDE]
    assert [mark.text for mark in main.all("mark")] == ["slowly"]
    assert "Reviewed by Asha Rao, MD" in main.text


def test_a_sample_is_called_one(sample, reader):
    text = words_of(reader.get("/search/", {"q": "slowly"}))
    assert "Sample: no clinician has checked it" in text
    assert "Reviewed by" not in text


def test_an_answer_leads_to_the_question_it_answers(signed, reader):
    main = main_of(reader.get("/search/", {"q": "rest enough"}))
    assert f"{GUIDE}#is-rest-enough" in [link.attributes["href"] for link in main.all("a")]


def test_a_word_of_the_glossary_is_explained(signed, reader):
    GlossaryTerm.objects.create(key="torpor", term="Torpor", also=["torpid"], meaning="Slowness.")
    main = main_of(reader.get("/search/", {"q": "torpid"}))
    assert [part.text for part in main.all("dt", "dd")] == ["Torpor", "Slowness."]
    assert "the glossary knows the word" in main.text


def test_a_word_that_was_read_as_another_says_so(signed, reader):
    text = words_of(reader.get("/search/", {"q": "slowlly"}))
    assert "You wrote “slowlly”. We also looked for “slowly”." in text


def test_nothing_found_is_answered_with_pages_and_help(signed, submit, dr_rao, reader):
    put(submit, "small-steps", by=dr_rao)
    main = main_of(reader.get("/search/", {"q": "qzxqzx"}))
    assert "Nothing found for “qzxqzx”" in main.text
    links = [link.attributes["href"] for link in main.all("a")]
    assert GUIDE in links
    assert "/crisis/" in links


def test_nothing_found_on_a_site_without_guides_is_answered_too(db, reader):
    assert "Nothing found for “rest”" in words_of(reader.get("/search/", {"q": "rest"}))


def test_words_of_danger_bring_help_before_the_box_and_the_hits(signed, reader):
    main = main_of(reader.get("/search/", {"q": "want to die slowly"}))
    inside = [child for child in main.children if child.tag in {"section", "form", "ul"}]
    assert inside[0].one("h2").text == "Something wrong right now?"
    numbers = [link.attributes["href"] for link in inside[0].all("a")]
    assert {"tel:911", "tel:988", "sms:988", "/crisis/"} <= set(numbers)
    assert main.one("h3").text == "Rest first"  # the guides are found all the same


def test_what_was_asked_stays_in_the_box_as_text(signed, reader):
    query = '"><script>alert(1)</script>&amp; {{ 7|add:7 }}'
    main = main_of(reader.get("/search/", {"q": query}))
    assert main.one("input").attributes["value"] == query
    assert main.all("script") == []


def test_a_very_long_question_is_cut_and_answered(signed, reader):
    response = reader.get("/search/", {"q": "slowly " * 2000})
    assert response.status_code == 200
    assert len(main_of(response).one("input").attributes["value"]) <= 200


def test_the_answer_is_kept_nowhere_and_its_address_goes_to_nobody(signed, reader):
    response = reader.get("/search/", {"q": "slowly"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in response.headers
    page = read(response.content)
    assert [meta.attributes["content"] for meta in page.all("meta") if meta.attributes.get("name") == "robots"] == [
        "noindex"
    ]
    canonical = [link.attributes["href"] for link in page.all("link") if link.attributes.get("rel") == "canonical"]
    assert canonical == ["http://localhost:8000/search/"]


def test_a_search_takes_two_queries_once_the_index_is_made(signed, reader, django_assert_num_queries):
    reader.get("/search/", {"q": "slowly"})
    with django_assert_num_queries(2):
        reader.get("/search/", {"q": "rest"})
