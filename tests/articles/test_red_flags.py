"""Words in a search that may mean danger."""

import pytest

from articles.red_flags import means_danger, phrases


@pytest.mark.parametrize(
    "query",
    [
        "suicide",
        "SUICIDE!!",
        "i want to die tonight",
        "want so much to die",
        "kill myself",
        "can't breathe",
        "can’t breathe after ketamine",
        "cant breathe",
        "chest pain",
        "he passed out",
        "overdose",
        "quiero morir",
        "no puedo respirar",
        "hacerme daño",
        "hacerme dano",
    ],
)
def test_danger_is_seen_in_the_words_of_those_who_are_in_it(query: str):
    assert means_danger(query)


@pytest.mark.parametrize("query", ["suicde", "sucide", "overdoes", "emergancy", "unconcious", "siezure"])
def test_danger_is_seen_through_a_slip_of_the_finger(query: str):
    assert means_danger(query)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "diet after ketamine",
        "felt like i was dying laughing",
        "how to wake up early",
        "breathe",
        "what to wear",
        "can i go to the gym",
        "pain medicine",
        "side effects",
    ],
)
def test_an_ordinary_search_means_none(query: str):
    assert not means_danger(query)


def test_every_phrase_of_the_list_means_danger():
    for phrase in phrases():
        assert means_danger(" ".join(phrase))
