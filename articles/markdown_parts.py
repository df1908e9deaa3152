"""Python-Markdown as guides use it: no raw HTML, citations, and headings that start a part.

What comes out is a tree (`xml.etree.ElementTree`) with marks for `articles.structure`: an h2
that starts a part carries the attribute `part`, a citation is a `sup` with the attribute `key`.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from html.entities import html5
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import ENTITY_RE, InlineProcessor

from articles.sanitising import PARTS

MAX_DEPTH: Final = 24  # elements inside each other; browsers give up at 512, Python before
MAX_OPEN_BRACKETS: Final = 32  # in one paragraph; each one sends Python-Markdown over all that follows
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

# Characters that show something else than what is signed: they turn text round.
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# With the space before it: the number stands close to what it belongs to.
_CITATION = r"[ ]?\[@([^\[\]\n]{1,200})\]"
_MARK = re.compile(r"\{:[^{}]*\}")
_PART = re.compile(r"\.([a-z-]+)")


class RenderingRefused(Exception):
    """Why a text cannot become a page, in words for its author; `line` counts in the body, from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason if line is None else f"line {line}: {reason}")
        self.reason = reason
        self.line = line


def line_of(body: str, text: str) -> int | None:
    """The number of the first line that holds the text."""
    return line_matching(body, re.escape(text))


def line_matching(body: str, pattern: str) -> int | None:
    """The number of the first line that matches the pattern."""
    found = re.search(pattern, body, re.MULTILINE)
    return body.count("\n", 0, found.start()) + 1 if found else None


def forbidden_character(text: str) -> str | None:
    """The first character that no guide may hold: control, half a pair, none at all, reordering."""
    for character in text:
        if character in "\t\n":
            continue
        code = ord(character)
        if (
            unicodedata.category(character) in {"Cc", "Cs"}
            or character in _REORDERING
            or code & 0xFFFE == 0xFFFE
            or 0xFDD0 <= code <= 0xFDEF
        ):
            return character
    return None


def _character_words(character: str) -> str:
    return f"holds the invisible character U+{ord(character):04X}: take it out"


def check_source(body: str) -> None:
    """Refuse what can be seen to be wrong, or to take for ever, before Markdown reads it."""
    for number, line in enumerate(body.split("\n"), 1):
        if (character := forbidden_character(line)) is not None:
            raise RenderingRefused(_character_words(character), number)
    depth = {"[": 0, "(": 0}
    closes = {"]": "[", ")": "("}
    number = 1
    for found in re.finditer(r"[\[\]()]|\n(?:[ \t]*\n)?", body):
        mark = found.group()
        if mark in depth:
            depth[mark] += 1
            if depth[mark] > MAX_OPEN_BRACKETS:
                raise RenderingRefused(
                    f'has more than {MAX_OPEN_BRACKETS} "{mark}" open at once in one paragraph', number
                )
        elif mark in closes:
            depth[closes[mark]] = max(0, depth[closes[mark]] - 1)
        else:
            number += mark.count("\n")
            if mark != "\n":
                depth = {"[": 0, "(": 0}


class _Citation(InlineProcessor):
    """`[@key]`. The number comes later: Markdown does not meet them in the order of reading."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(_CITATION, md)
        self.found = 0

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        self.found += 1
        return Element("sup", {"class": "cite", "key": m.group(1)}), m.start(0), m.end(0)


class _Reference(InlineProcessor):
    """`&amp;`, `&#38;`. Resolved here, so that the tree holds plain text and no ready-made HTML."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]  # noqa: N802 - Python-Markdown's name
        written = m.group(1)
        known = written.startswith("&#") or written[1:] in html5
        text = html.unescape(written) if known else written
        if (character := forbidden_character(text)) is not None:
            raise RenderingRefused(_character_words(character))
        return text, m.start(0), m.end(0)


def _markdown() -> tuple[Markdown, _Citation]:
    md = Markdown(extensions=[TableExtension(use_align_attribute=True), SaneListExtension()])
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.deregister("html")
    md.inlinePatterns.deregister("automail")
    md.inlinePatterns.register(_Reference(ENTITY_RE, md), "entity", 80)
    citation = _Citation(md)
    # After code and backslashes, before everything else that starts with a bracket.
    md.inlinePatterns.register(citation, "citation", 175)
    return md, citation


def _take_mark(heading: Element, body: str) -> None:
    """Move ` {: .part }` at the end of a heading's text into its attribute `part`."""
    text = (heading.text or "").rstrip()
    start = text.rfind("{:")
    mark = text[start:]
    if start < 0 or not _MARK.fullmatch(mark) or text[:start].endswith("\\"):
        return
    found = _PART.fullmatch(mark[2:-1].strip())
    if heading.tag != "h2":
        raise RenderingRefused(f"{mark} starts a part: it belongs to a ## heading", line_of(body, mark))
    if found is None or found.group(1) not in PARTS:
        raise RenderingRefused(f"unknown part {mark}: there are {', '.join(PARTS)}", line_of(body, mark))
    heading.set("part", found.group(1))
    heading.text = text[:start].rstrip()


def _check_heading(heading: Element, body: str, *, nested: bool) -> None:
    text = heading.text or ""
    level = int(heading.tag[1])
    wrong = None
    if level == 1:
        wrong = "h1 is the title's: start with ##"
    elif level > 4:
        wrong = "headings go down to #### and no further"
    elif nested:
        wrong = "has a heading inside a list or a quotation: headings stand alone"
    elif not text:
        wrong = "has a heading without words"
    if wrong:
        line = line_matching(body, rf"^[^#\n]*#{{{level}}}(?!#)[ \t]*{re.escape(text)}[ #]*$")
        raise RenderingRefused(wrong, line or line_of(body, text))


def walk(root: Element) -> Iterator[tuple[Element, int]]:
    """Each element below the root, in the order of reading, with its depth (1 for a child)."""
    stack = [(child, 1) for child in reversed(root)]
    while stack:
        element, depth = stack.pop()
        yield element, depth
        stack.extend((child, depth + 1) for child in reversed(element))


def _check_depth(root: Element) -> None:
    if any(depth > MAX_DEPTH for _, depth in walk(root)):
        raise RenderingRefused("is nested too deeply")


def _unescape_code(root: Element) -> None:
    # Python-Markdown escapes code early; everything else in the tree is plain text.
    for code in root.iter("code"):
        text = code.text or ""
        code.text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def tree_of(body: str) -> Element:
    """The tree of a body: plain text in every text, tail and attribute."""
    md, citation = _markdown()
    lines = body.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    root = Element("div")
    md.parser.parseChunk(root, "\n".join(lines))
    _check_depth(root)
    for element, depth in walk(root):
        if element.tag in HEADINGS:
            _check_heading(element, body, nested=depth > 1)
            _take_mark(element, body)
    md.treeprocessors["inline"].run(root)
    _check_depth(root)
    _unescape_code(root)
    md.treeprocessors["unescape"].run(root)
    if citation.found != sum(1 for sup in root.iter("sup") if sup.get("key")):
        raise RenderingRefused("cites a source inside an address or a picture's description")
    return root


def cite(sup: Element, *, number: int, use: int, label: str) -> None:
    """Turn a citation's mark into the link to its source."""
    del sup.attrib["key"]
    link = SubElement(sup, "a")
    link.set("href", f"#source-{number}")
    link.set("id", f"cite-{number}-{use}")
    link.set("aria-label", f"{label} {number}")
    link.text = str(number)
