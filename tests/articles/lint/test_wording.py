"""Words to avoid, numbers of one country, tokens."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings, messages
from tests.conftest import body_with


@pytest.mark.parametrize(
    "words",
    [
        "He committed suicide.",
        "She will commit suicide",
        "a completed suicide",
        "after a failed attempt",
        "an unsuccessful suicide attempt",
        "a suicidal gesture",
        "It is no magic pill.",
        "A MIRACLE.",
        "a game-changer",
        "a game changer",
        "the honeymoon",
        "a breakthrough",
        "It cures depression.",
        "She was cured.",
        "a cure",
        "Results are guaranteed.",
        "a guarantee",
        "risk-free",
        "It is safe and effective.",
        "Ketamine is better than ECT.",
        "end-to-end",
        "a zero-knowledge journal",
        "only you can read it",
        "no one else can read it",
        "It is completely private.",
        "after treatment failure",
        "a failed treatment",
        "You were non-compliant.",
        "noncompliance",
        "an addict",
        "drug abuse",
        "Press 3 for a counselor.",
    ],
)
def test_words_that_promise_blame_or_harm_are_found_with_their_line(folder, words):
    [finding] = findings(folder, body_with(f"\n\n{words}\n\n"))
    assert finding.line == BODY_LINE + 4
    assert finding.message.startswith("“")
    assert not finding.stops


@pytest.mark.parametrize(
    "words",
    [
        "He died by suicide.",
        "It is secure.",
        "the attempt to rest",
        "This obscures it.",
        "Can I get addicted?",
        "You are not lazy, and you did not fail.",
        "Nothing has been missed.",
        "It held for 100 days.",
    ],
)
def test_plain_words_are_no_finding(folder, words):
    assert findings(folder, body_with(words)) == []


@pytest.mark.parametrize("field", ["title", "summary"])
def test_the_title_and_the_summary_are_searched_too(folder, field):
    assert messages(folder, **{field: "A miracle"}) == [f"{field}: “miracle”: say plainly what happens"]


def test_so_are_the_other_names_which_stand_on_the_page(folder):
    assert messages(folder, also_known_as=["Ketamine", "The ketamine cure"]) == [
        "also_known_as: “cure”: promise nothing beyond the source"
    ]


@pytest.mark.parametrize("words", ["This is contraindicated.", "the colour", "an anaesthetic", "whilst you rest"])
def test_words_that_are_to_be_plain_are_found(folder, words):
    [finding] = findings(folder, body_with(words))
    assert finding.line == BODY_LINE + 2


def test_other_names_may_be_spelled_and_said_as_people_do(folder):
    assert findings(folder, also_known_as=["Anaesthetic", "Contraindications"]) == []


def test_the_spelling_of_another_language_is_its_own(folder):
    assert findings(folder, body_with("El programme, el colour."), language="es") == []


@pytest.mark.parametrize("number", ["911", "988", "999", "112"])
def test_a_number_of_one_country_is_found(folder, number):
    [finding] = findings(folder, body_with(f"Call {number}."))
    assert finding == Finding(
        BODY_LINE + 2, f"“{number}” is a number of one country; write {{emergency}} or {{crisis}}"
    )


@pytest.mark.parametrize("words", ["555-911-0000", "19880", "1-988"])
def test_a_number_inside_another_is_no_finding(folder, words):
    assert findings(folder, body_with(words)) == []


def test_a_token_that_stands_for_nothing_is_found_with_its_line(folder):
    [finding] = findings(folder, body_with("Call {hotline}."))
    assert finding == Finding(BODY_LINE + 2, "{hotline} stands for nothing; write {emergency}, {crisis} or {clinic}")
