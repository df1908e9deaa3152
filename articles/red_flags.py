"""Words in a search that may mean danger: then help stands before everything that was found.

The list is `content/red-flags.toml`, open to read. Asking it changes and keeps nothing.
"""

import tomllib
from difflib import SequenceMatcher
from functools import cache

from django.conf import settings

from articles.people_words import plain_words

# How alike a word of the search and one of a phrase are when somebody typed it in haste: "suicde", "sezure".
ALIKE = 0.8
# Shorter words are too like others: "die" and "diet".
LONG_ENOUGH = 6


@cache
def phrases() -> list[list[str]]:
    """The phrases of every language, each as its words: a person in danger writes in their own."""
    listed: dict[str, list[str]] = tomllib.loads((settings.CONTENT_DIR / "red-flags.toml").read_text(encoding="utf-8"))
    return [plain_words(phrase) for language in listed.values() for phrase in language]


def means_danger(query: str) -> bool:
    """Whether what was searched for holds a phrase of the list, its words in their order."""
    words = plain_words(query)
    return any(_holds(words, phrase) for phrase in phrases())


def _holds(words: list[str], phrase: list[str]) -> bool:
    rest = iter(words)
    return all(any(_is(word, wanted) for word in rest) for wanted in phrase)


def _is(word: str, wanted: str) -> bool:
    if word == wanted:
        return True
    return min(len(word), len(wanted)) >= LONG_ENOUGH and SequenceMatcher(None, word, wanted).ratio() >= ALIKE
