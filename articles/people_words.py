"""How people write what they look for: their words made comparable, and other words for the same thing."""

import re
import tomllib
import unicodedata
from functools import cache
from typing import Any

from django.conf import settings


def plain_words(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, no accents, "can't" as "cant"."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", re.sub(r"['’\u0300-\u036f]", "", bare))


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads((settings.CONTENT_DIR / "same-words.toml").read_text(encoding="utf-8"))


@cache
def empty_words() -> frozenset[str]:
    """Words that say nothing of what somebody looks for."""
    return frozenset(_listed()["empty"])


@cache
def same_words() -> dict[str, list[str]]:
    """For each listed word the other words for the same thing."""
    others: dict[str, list[str]] = {}
    for row in _listed()["rows"]:
        for word in row:
            others.setdefault(word, []).extend(other for other in row if other != word)
    return others
