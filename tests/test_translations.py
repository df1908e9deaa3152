"""Every string of the interface is marked for translation, from the start."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests import pseudo

PAGES = ["/about/", "/editorial-policy/", "/privacy/", "/accessibility/", "/sheets/blank-week/"]
ERRORS = [400, 403, 404, 405, 410, 413, 429, 500, 503]
# Names and numbers, which are the same in every language.
NAMES = re.compile(r"Ketcare|988|911|WCAG 2\.2|findahelpline\.com|axe")
TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)
SPOKEN = re.compile(r'(?:alt|aria-label|title|content)="([^"]*[a-z][^"]*)"')
MACHINE = re.compile(r"<meta name=\"(?:viewport|color-scheme|theme-color)\"[^>]*>")


def unmarked(html: str) -> str:
    """What a page says, in text or to a screen reader, outside every marked string."""
    html = MACHINE.sub("", html)
    before = None
    while before != html:  # a marked string may hold another
        before, html = html, re.sub(f"{pseudo.OPEN}[^{pseudo.OPEN}{pseudo.CLOSE}]*{pseudo.CLOSE}", "", html)
    text = unescape(" ".join([TAG.sub(" ", html), *SPOKEN.findall(html)]))
    return re.sub(r"[^A-Za-z]+", " ", NAMES.sub("", text)).strip()


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_string_of_a_standing_page_is_marked(monkeypatch: pytest.MonkeyPatch, reader: Client, path: str):
    pseudo.speak(monkeypatch)
    assert unmarked(reader.get(path).content.decode()) == ""


@pytest.mark.parametrize("status", ERRORS)
def test_every_string_of_an_error_page_is_marked(monkeypatch: pytest.MonkeyPatch, status: int):
    pseudo.speak(monkeypatch)
    assert unmarked(render_to_string(f"{status}.html")) == ""


def test_an_unmarked_string_is_seen():
    assert unmarked("<p>Call now</p>") == "Call now"
    assert unmarked('<img alt="A sunrise">') == "A sunrise"
