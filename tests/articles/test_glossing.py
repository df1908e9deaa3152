"""Words of the glossary in a guide: each marked once, where it helps and is not in the way."""

from articles.glossing import MOST, Glossing
from ketcare.site.models import GlossaryTerm
from tests.articles.making import html
from tests.reading import read

SEDATIVE = GlossaryTerm(key="sedative", term="Sedative", also=["sedatives", "benzos"], meaning="It makes you <calm>.")
PSYCHOSIS = GlossaryTerm(key="psychosis", term="Psychosis", also=["hearing voices"], meaning="Losing touch.")
LOZENGE = GlossaryTerm(key="lozenge", term="Lozenge (troche)", also=["lozenges"], meaning="It melts.")
KETAMINE = GlossaryTerm(key="ketamine", term="Ketamine", also=[], meaning="A drug.", mark=False)
TERMS = [SEDATIVE, PSYCHOSIS, LOZENGE, KETAMINE]


def marked(body: str, *, terms: list[GlossaryTerm] = TERMS) -> list[str]:
    """The words that are buttons in the HTML of that body."""
    return [button.text for button in read(Glossing(terms).marked(html(body)).encode()).all("button")]


def test_a_word_is_marked_where_it_is_used_first():
    assert marked("No sedatives today.\n\nA sedative makes you sleepy.\n") == ["sedatives"]


def test_its_button_opens_what_it_means_and_says_that_this_is_from_the_glossary():
    page = read(Glossing(TERMS).marked(html("No sedatives.\n")).encode())
    button, meaning = page.one("button"), page.one("span")
    assert button.attributes["popovertarget"] == meaning.attributes["id"] == "w_sedative"
    assert "popover" in meaning.attributes
    assert meaning.text == "Sedative: It makes you <calm>. From the glossary"
    assert meaning.one("a").attributes["href"] == "/glossary/#sedative"


def test_a_word_is_marked_in_any_case_and_without_what_stands_in_brackets():
    assert marked("LOZENGES melt.\n") == ["LOZENGES"]


def test_other_words_for_it_are_for_search_alone():
    assert marked("Benzos and hearing voices.\n") == []


def test_a_word_inside_another_is_not_marked():
    assert marked("Antipsychosis and sedative-like.\n") == []


def test_a_word_that_everyone_knows_is_not_marked():
    assert marked("Ketamine.\n") == []


def test_headings_questions_links_and_code_are_left_alone():
    body = "## Sedatives\n\n[sedative](/crisis/) and `sedative`.\n\n## Asked {: .faq }\n\n### A sedative?\n\nNo.\n"
    assert marked(body) == []


def test_a_list_of_warning_signs_is_left_alone():
    body = "## Call {emergency} if {: .safety }\n\n- sedatives {crisis}\n\n## Then\n\nNo psychosis.\n"
    assert marked(body) == ["psychosis"]


def test_each_word_is_marked_once_on_a_page_that_comes_in_two_pieces():
    glossing = Glossing(TERMS)
    assert "<button" in glossing.marked("<p>A sedative.</p>")
    assert "<button" not in glossing.marked("<p>A sedative.</p>")


def test_a_page_marks_no_more_than_its_most():
    terms = [GlossaryTerm(key=f"w{n}", term=f"word{n}", also=[], meaning="A word.") for n in range(MOST + 3)]
    assert len(marked(" ".join(f"word{n}" for n in range(MOST + 3)), terms=terms)) == MOST


def test_without_a_glossary_the_html_stays_as_it_is():
    assert Glossing([]).marked("<p>A sedative.</p>") == "<p>A sedative.</p>"
