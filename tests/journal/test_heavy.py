"""Words of intent make the help larger; what people write about a session does not."""

import logging
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import heavy
from journal.heavy import plain, sounds_heavy

NOTES = tomllib.loads((Path(__file__).parent / "notes.toml").read_text())


@pytest.mark.parametrize("note", NOTES["ordinary"])
def test_ordinary_notes_change_nothing(note):
    assert not sounds_heavy(note)


@pytest.mark.parametrize("note", NOTES["heavy"])
def test_words_of_intent_are_heard(note):
    assert sounds_heavy(note)


@pytest.mark.parametrize("note", NOTES["heavy"])
def test_words_of_intent_are_heard_in_the_middle_of_a_day(note):
    first, *rest = NOTES["ordinary"]
    assert sounds_heavy(f"{first} {note} {' '.join(rest)}")


def test_all_ordinary_notes_in_one_text_change_nothing():
    assert not sounds_heavy("\n".join(NOTES["ordinary"]))


def test_there_are_forty_ordinary_notes_or_more():
    assert len(NOTES["ordinary"]) >= 40


@pytest.mark.parametrize(
    "note",
    [
        "I can't go on like this",
        "i cant go on like this",
        "I CAN’T GO ON LIKE THIS!",
        "i can`t go  on,\nlike this",
        "I ca\u00adn't go on like this",
    ],
)
def test_case_accents_apostrophes_and_breaks_make_no_difference(note):
    assert sounds_heavy(note)


@pytest.mark.parametrize(
    "note", ["no tengo razon para vivir", "NO TENGO RAZÓN PARA VIVIR", "no tengo razo\u0301n para vivir"]
)
def test_an_accent_may_be_missing_or_written_apart(note):
    assert sounds_heavy(note)


def test_one_of_several_fields_is_enough():
    assert sounds_heavy("", "Slept well.", "I want to die")
    assert not sounds_heavy("I want to", "die")


def test_what_is_taken_out_does_not_hide_what_stands_beside_it():
    assert sounds_heavy("I don't want to die. I want to kill myself.")
    assert sounds_heavy("No thoughts of suicide until today: I want to end my life.")


def test_a_word_within_a_word_is_no_match():
    assert not sounds_heavy("Skill myself up.", "They wish I was deadlifting.")


@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text):
    assert sounds_heavy(text) in {True, False}
    assert plain(plain(text)) == plain(text)


def test_a_very_long_text_is_read_in_a_moment():
    text = "I want to kill my self " * 50_000
    began = time.process_time()
    assert not sounds_heavy(text)
    assert time.process_time() - began < 0.5


@pytest.fixture
def unreadable_list(monkeypatch, tmp_path):
    heavy._patterns.cache_clear()
    monkeypatch.setattr(heavy, "LIST", tmp_path / "nothing.toml")
    yield tmp_path / "nothing.toml"
    heavy._patterns.cache_clear()


@pytest.mark.parametrize("content", [None, "en = 3", "en = [", "[en]\nphrases = [3]\nnot = []"])
def test_a_list_that_cannot_be_read_finds_nothing_and_is_named_in_the_log(unreadable_list, caplog, content):
    if content is not None:
        unreadable_list.write_text(content)
    with caplog.at_level(logging.ERROR):
        assert not sounds_heavy("I want to kill myself")
    assert "heavy-words.toml cannot be used" in caplog.text
    assert "kill" not in caplog.text
