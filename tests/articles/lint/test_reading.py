"""Long sentences, long paragraphs, the reading grade."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings, messages
from tests.conftest import body_with


def sentence(words: int) -> str:
    return " ".join(["Go", *["on"] * (words - 1)]) + "."


@pytest.mark.parametrize("mark", ["", "- ", "1. ", "> "])
def test_a_sentence_of_more_than_30_words_is_found_with_its_line(folder, mark):
    [finding] = findings(folder, body_with(f"\n\n{mark}Rest.\n{mark}{sentence(31)}\n\n"))
    assert finding == Finding(BODY_LINE + 5, "a sentence of 31 words; make two of it (30 at most)")


@pytest.mark.parametrize(
    "words",
    [
        sentence(30),
        f"{sentence(20)} {sentence(20)}",
        f"**{sentence(20)}** {sentence(20)}",
        f'"{sentence(20)}" {sentence(20)}',
        f"{sentence(20)[:-1]}: {sentence(20)}",
    ],
)
def test_shorter_sentences_are_no_finding(folder, words):
    assert findings(folder, body_with(f"\n\n{words}\n\n")) == []


def test_a_table_may_hold_more_words_than_a_sentence(folder):
    assert findings(folder, body_with(f"\n\n| a |\n|---|\n| {sentence(40)} |\n\n")) == []


def test_a_paragraph_of_more_than_90_words_is_found_with_its_line(folder):
    words = " ".join([sentence(23)] * 4)
    [finding] = findings(folder, body_with(f"\n\n{words}\n\n"))
    assert finding == Finding(BODY_LINE + 4, "a paragraph of 92 words; divide it or make a list (90 at most)")


def test_a_paragraph_of_90_words_is_no_finding(folder):
    assert findings(folder, body_with("\n\n" + " ".join([sentence(30)] * 3) + "\n\n")) == []


HARD = "\n\n" + "Considerable neurological complications necessitate multidisciplinary consultation. " * 9 + "\n\n"


def test_a_guide_above_grade_8_is_found(folder):
    [message] = messages(folder, body_with(HARD))
    assert message.startswith("reads at grade ")
    assert message.endswith("; plainer words and shorter sentences bring it to 8")


def test_the_grade_is_for_english_alone(folder):
    assert messages(folder, body_with(HARD), language="es") == []
