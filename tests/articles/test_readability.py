"""The Flesch–Kincaid grade."""

import pytest

from articles.readability import grade, syllables


@pytest.mark.parametrize(
    ("word", "number"), [("rest", 1), ("the", 1), ("table", 2), ("home", 1), ("ketamine", 3), ("see", 1), ("b", 1)]
)
def test_syllables_are_groups_of_vowels_without_a_silent_e(word, number):
    assert syllables(word) == number


def test_the_grade_is_that_of_the_formula():
    # 6 words of one syllable in 2 sentences.
    assert grade("Rest now. Then go to bed.\n") == pytest.approx(0.39 * 6 / 2 + 11.8 * 1 - 15.59)


def test_each_item_of_a_list_is_a_sentence():
    assert grade("- Rest now\n- Then go to bed\n") == grade("Rest now. Then go to bed.\n")


def test_headings_tables_and_citations_do_not_count():
    text = "## Multidisciplinary\n\nRest now. Then go to bed [@considerable-2020].\n\n| Neurological |\n|---|\n"
    assert grade(text) == grade("Rest now. Then go to bed.\n")


def test_a_text_without_a_sentence_has_no_grade():
    assert grade("## Rest\n\n---\n") is None
