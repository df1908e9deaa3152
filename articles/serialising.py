"""A guide's tree as HTML, in the form in which bleach and nh3 write it too."""

import html
from typing import Final
from xml.etree.ElementTree import Element

# An element of this name has lost its tag and keeps what is in it.
BARE: Final = "bare"

_VOID: Final = frozenset({"br", "hr", "img"})
# Line breaks after the start of these, and after the end of these and the second group, are for
# those who read the HTML.
_OPENED: Final = frozenset({"section", "ul", "ol", "blockquote", "div", "details", "table", "thead", "tbody", "tr"})
_CLOSED: Final = _OPENED | {"h2", "h3", "h4", "p", "li", "pre", "hr", "summary", "th", "td"}


def serialise(root: Element) -> str:
    """The HTML of what is inside the root, whose texts and attributes are plain text."""
    pieces: list[str] = []
    _write_inside(root, pieces)
    return "".join(pieces).strip()


def _write(element: Element, pieces: list[str]) -> None:
    tag = str(element.tag)
    if tag == BARE:
        _write_inside(element, pieces)
        return
    attributes = (f' {name}="{_escaped(value).replace('"', "&quot;")}"' for name, value in element.items())
    pieces.append(f"<{tag}{''.join(attributes)}>")
    if tag in _OPENED:
        pieces.append("\n")
    if tag not in _VOID:
        _write_inside(element, pieces)
        pieces.append(f"</{tag}>")
    if tag in _CLOSED:
        pieces.append("\n")


def _write_inside(element: Element, pieces: list[str]) -> None:
    pieces.append(_escaped(element.text or ""))
    for child in element:
        _write(child, pieces)
        pieces.append(_escaped(child.tail or ""))


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")
