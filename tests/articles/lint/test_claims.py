"""Sources without a citation, claims without a source."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings, messages
from tests.conftest import body_with

SAYS = "say where this comes from, with [@key] in the same paragraph"


def test_a_source_that_is_listed_and_not_cited_is_found(folder):
    [finding] = findings(folder, body_with("").replace(" [@trial-2020]", ""))
    assert finding == Finding(None, "lists the source trial-2020 and does not cite it")


def test_a_guide_without_a_source_is_stopped(folder):
    [finding] = findings(folder, body_with("").replace(" [@trial-2020]", ""), sources=[])
    assert finding == Finding(None, "has no source", stops=True)


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("It helped 55 percent of them.", "5 percent"),
        ("It helped 55.4% of them.", "4%"),
        ("A second measure did (p = 0.033).", "p = 0.0"),
        ("One study of 20 people found relief.", "study of 20 people found"),
        ("The label says so.", "label says"),
        ("The FDA warns of it.", "FDA warns"),
        ("A long\nreview\nfound little.", "review\nfound"),
    ],
)
def test_a_claim_without_a_citation_is_found_with_its_line(folder, claim, found):
    [finding] = findings(folder, body_with(f"\n\n{claim}\n\n"))
    assert finding == Finding(BODY_LINE + 4 + claim[: claim.index(found)].count("\n"), f"“{found}”: {SAYS}")


@pytest.mark.parametrize(
    "words",
    [
        "It helped 55 percent of them [@trial-2020].",
        "One study found relief. It was small [@trial-2020].",
        "The two trials above point different ways.",
        "Which study is your claim about?",
        "A prescriber may use it in a way that its label does not name.",
        "Learn the warning signs. She found a ride.",
    ],
)
def test_what_is_cited_or_claims_nothing_is_no_finding(folder, words):
    assert findings(folder, body_with(words)) == []


LIST = "\n\n{lead}\n\n- Since 2019: the label says one thing.\n- Since 2020: the label says another.\n\nRest."


def test_a_citation_before_a_list_stands_for_all_of_it(folder):
    assert findings(folder, body_with(LIST.replace("{lead}", "These uses [@trial-2020]:"))) == []


def test_without_it_each_item_is_found(folder):
    found = findings(folder, body_with(LIST.replace("{lead}", "These uses:")))
    assert [finding.line for finding in found] == [BODY_LINE + 6, BODY_LINE + 7]


def test_a_citation_under_another_heading_stands_for_nothing(folder):
    words = "\n\nThese uses [@trial-2020].\n\n## More\n\n- The label says one thing."
    assert messages(folder, body_with(words)) == [f"“label says”: {SAYS}"]


def test_each_row_of_a_table_is_a_claim_of_its_own(folder):
    table = "\n\n| a | b |\n|---|---|\n| Doe | 5 percent [@trial-2020] |\n| Roe | 6 percent |\n\n"
    [finding] = findings(folder, body_with(table))
    assert finding == Finding(BODY_LINE + 7, f"“6 percent”: {SAYS}")
