"""A language that does not exist: every marked string stands in brackets and is 40 % longer."""

import math
import re

import pytest
from django.utils import translation

OPEN, CLOSE = "⟦", "⟧"
PLACEHOLDER = re.compile(r"(%\([a-z_]+\)[sd]|%%|\{[a-z_]*\}|<[^>]+>)")


def longer(text: str) -> str:
    """The string 40 % longer, its placeholders and tags untouched."""
    if not text.strip():
        return text
    words = PLACEHOLDER.sub("", text)
    return f"{OPEN}{text} {'mehr ' * math.ceil(len(words) * 0.4 / 5)}{CLOSE}"


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, and for the length of the test, the site speaks that language."""
    catalogue = translation._trans  # type: ignore[attr-defined] # the one place through which every string goes
    monkeypatch.setattr(catalogue, "gettext", longer)
    monkeypatch.setattr(catalogue, "ngettext", lambda one, many, number: longer(one if number == 1 else many))
