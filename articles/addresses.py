"""The addresses of a guide's links and pictures, and the words that stand with them."""

import html
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from articles.markdown_parts import RenderingRefused, line_of, walk
from articles.sanitising import allowed_attribute, is_safe_url
from articles.serialising import BARE

# What the page fills in; everything else of that form is a slip.
TOKENS: Final = frozenset({"{emergency}", "{crisis}", "{clinic}"})
TOKEN: Final = re.compile(r"\{\s*[A-Za-z][A-Za-z0-9_-]*\s*\}")


def unique(values: Iterable[str]) -> list[str]:
    """The values in their order, each once."""
    return list(dict.fromkeys(values))


def drop_pictures(root: Element) -> list[str]:
    """Put its description in the place of each picture that is not allowed; returns their addresses."""
    dropped: list[str] = []
    for picture in root.iter("img"):
        address, words = html.unescape(picture.get("src", "")), html.unescape(picture.get("alt", ""))
        if TOKEN.search(address + words):
            raise RenderingRefused("has a token like {clinic} in a picture: tokens stand in text only")
        picture.attrib.clear()
        if allowed_attribute("img", "src", address) and allowed_attribute("img", "alt", words):
            picture.set("src", address)
            picture.set("alt", words)
        else:
            dropped.append(address)
            picture.tag, picture.text = BARE, words
    return dropped


def drop_links(root: Element, body: str) -> tuple[list[str], list[str]]:
    """Keep only the words of each link that is not allowed.

    Returns the paths of this site that are linked to, and the addresses that were dropped.
    """
    paths: list[str] = []
    dropped: list[str] = []
    for link in root.iter("a"):
        address = html.unescape(link.get("href", ""))
        _check_words(link, address, body)
        link.attrib.clear()
        if is_safe_url(address):
            link.set("href", address)
            if address.startswith("/"):
                paths.append(urlsplit(address).path)
        else:
            dropped.append(address)
            link.tag = BARE
    return unique(paths), dropped


def _check_words(link: Element, address: str, body: str) -> None:
    words = "".join(link.itertext())
    wrong = None
    if any(token in address for token in TOKENS):
        wrong = f"has a token in the address {address}: tokens stand in text only"
    elif any(token in words for token in TOKENS):
        wrong = "has a token in a link's words: it becomes a link of its own"
    for inner, _ in walk(link):
        if inner.tag == "sup":
            wrong = f"cites [@{inner.get('key')}] inside a link's words: put it after them"
        elif inner.tag == "a":
            wrong = "has a link inside another link's words"
    if wrong:
        raise RenderingRefused(wrong, line_of(body, address) if address else None)
