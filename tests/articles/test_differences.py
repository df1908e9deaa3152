"""What differs between two texts: nothing lost, words where they read well, claims first, and never for long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.differences import Piece, changes, claims_first, pieces
from articles.digest import normal_text

TEXT = """\
Rest first.

## What is known

One trial with 403 people looked at this [@trial-2020].
Sleep may help.

## Steps {: .steps }

1. Drink some water.
2. Lie down.
"""


def older(found: list[Piece]) -> str:
    return "".join(text for kind, text in found if kind != "new")


def newer(found: list[Piece]) -> str:
    return "".join(text for kind, text in found if kind != "gone")


@given(st.text("ab \n[@]1.é", max_size=60), st.text("ab \n[@]1.é", max_size=60), st.sampled_from([0, 40, 1_000_000]))
def test_both_texts_are_in_the_pieces_whole_however_few_the_steps(before: str, after: str, most_steps: int):
    found = pieces(before, after, most_steps=most_steps)
    assert (older(found), newer(found)) == (normal_text(before), normal_text(after))
    assert all(text for _kind, text in found)


def test_the_same_text_is_one_piece_and_no_change():
    assert pieces(TEXT, TEXT.replace("\n", "\r\n")) == [("same", TEXT)]
    assert changes(TEXT, TEXT) == []


def test_a_changed_word_is_told_within_its_line():
    (change,) = changes(TEXT, TEXT.replace("may help", "helps many"))
    assert change.pieces == (("same", "Sleep "), ("gone", "may help"), ("new", "helps many"), ("same", ".\n"))
    assert (change.line, change.under, change.is_claim) == (6, "What is known", False)


def test_a_number_and_a_citation_are_one_word_each():
    (change,) = changes("Found in 55.4 percent [@one].", "Found in 41.2 percent [@two].")
    assert [piece for piece in change.pieces if piece[0] != "same"] == [
        ("gone", "55.4"),
        ("new", "41.2"),
        ("gone", "[@one]"),
        ("new", "[@two]"),
    ]


def test_sentences_with_nothing_in_common_are_not_torn_to_shreds():
    (change,) = changes("Rest is the first thing.\n", "Nobody knows why that works at all.\n")
    assert change.pieces == (("gone", "Rest is the first thing.\n"), ("new", "Nobody knows why that works at all.\n"))


def test_a_line_that_cites_or_counts_comes_first_also_where_another_word_of_it_changed():
    after = TEXT.replace("Rest first.", "Rest comes first.").replace("looked at", "proved")
    first, second = claims_first(changes(TEXT, after))
    assert (first.line, first.is_claim) == (5, True)
    assert (second.line, second.under, second.is_claim) == (1, "", False)


def test_a_claim_that_went_is_a_changed_claim():
    (change,) = changes(TEXT, TEXT.replace("One trial with 403 people looked at this [@trial-2020].\n", ""))
    assert (change.is_claim, change.pieces[0][0]) == (True, "gone")


def test_the_number_of_an_item_is_no_claim():
    (change,) = changes(TEXT, TEXT.replace("Lie down", "Sit down"))
    assert (change.is_claim, change.under) == (False, "Steps")


def test_spaces_alone_are_told_as_such():
    (change,) = changes("One line\n", "One  line\n")
    assert change.is_spacing
    (change,) = changes("One line\n", "One long line\n")
    assert not change.is_spacing


def test_a_change_is_shown_without_the_empty_lines_around_it():
    (change,) = changes("One.\n", "One.\n\n\nTwo.\n\n")
    assert change.pieces == (("new", "\n\nTwo.\n\n"),)
    assert change.shown == [("new", "Two.")]
    (change,) = changes("One.\n", "One.\n\n")
    assert (change.shown, change.is_spacing) == ([], True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n" * 100_000, "\n" * 99_000 + "end"),
        ("a b\n" * 50_000, "b a\n" * 50_000),
        ("".join(f"line {n % 97}\n" for n in range(20_000)), "".join(f"line {n % 89}\n" for n in range(20_000))),
        ("word " * 50_000, "words " * 40_000 + "word " * 10_000),
        ("[@" * 100_000, "@[" * 100_000),
        ("{" * 200_000, "}" * 200_000),
        ("a." * 100_000, "a," * 100_000),
    ],
)
def test_texts_made_to_be_slow_are_done_in_time(before: str, after: str):
    start = time.process_time()
    found = pieces(before, after)
    assert time.process_time() - start < 8
    assert (older(found), newer(found)) == (before, after)
