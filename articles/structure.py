"""From Markdown's tree to the page's: parts, folds, ids, citations, tables.

Works on the tree of `articles.markdown_parts`, in which every text is plain; only
`articles.serialising` escapes.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from articles.addresses import TOKEN, TOKENS, drop_links, drop_pictures, unique
from articles.markdown_parts import RenderingRefused, cite, line_of, walk
from articles.sanitising import SOURCE_LABELS, TABLE_LABELS, allowed_attribute, is_free_id

FOLDED: Final = frozenset({"concerns", "faq"})

_STRAY_MARK = re.compile(r"\{:\s*[.#][^{}]*\}")
_PLACEHOLDER = re.compile(r"[\x02\x03]")


@dataclass(frozen=True)
class Structure:
    """A guide's tree made ready, and what was seen on the way (see `rendering.Rendered`)."""

    root: Element
    contents: list[tuple[str, str]]
    cited: list[tuple[str, int]]
    parts: list[str]
    unknown_tokens: list[str]
    links: list[str]
    dropped: list[str]


def structure_of(root: Element, *, body: str, language: str, sources: list[str]) -> Structure:
    """Give the tree its final form; raises RenderingRefused, with the line in `body` where known."""
    if language not in SOURCE_LABELS:
        raise RenderingRefused(f"is in the language {language}, which this site does not speak")
    dropped = drop_pictures(root)
    links, addresses = drop_links(root, body)
    unknown_tokens = _check_texts(root, body)
    cited = _number_citations(root, body=body, sources=sources, label=SOURCE_LABELS[language])
    contents = _name_headings(root)
    _dress_tables(root, TABLE_LABELS[language])
    _drop_odd_starts(root)
    _check_quick_answer(root, body)
    parts = _group_parts(root)
    return Structure(
        root=root,
        contents=contents,
        cited=cited,
        parts=parts,
        unknown_tokens=unknown_tokens,
        links=links,
        dropped=unique([*dropped, *addresses]),
    )


def _check_texts(root: Element, body: str) -> list[str]:
    """The names of tokens that the site does not know; refuses those that it knows where none can be filled."""
    unknown: list[str] = []
    for element, _ in walk(root):
        for text, code in ((element.text or "", element.tag == "code"), (element.tail or "", False)):
            tokens = TOKEN.findall(text)
            if code and not TOKENS.isdisjoint(tokens):
                token = next(token for token in tokens if token in TOKENS)
                raise RenderingRefused(f"has {token} inside code: tokens stand in plain text", line_of(body, token))
            if code:
                continue
            unknown += (token.strip("{} ") for token in tokens if token not in TOKENS)
            if mark := _STRAY_MARK.search(text):
                raise RenderingRefused(
                    f"{mark.group()} starts a part: it belongs to the end of a ## heading",
                    line_of(body, mark.group()),
                )
        texts = (element.text or "", element.tail or "", *element.attrib.values())
        if any(_PLACEHOLDER.search(text) for text in texts):
            raise RenderingRefused("mixes brackets, links and emphasis in a way that cannot be read")
    return unique(unknown)


def _number_citations(root: Element, *, body: str, sources: list[str], label: str) -> list[tuple[str, int]]:
    uses: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for element, _ in list(walk(root)):
        key = element.get("key") if element.tag == "sup" else None
        if key is None:
            continue
        if key not in sources:
            raise RenderingRefused(f"cites [@{key}], which is not in its sources", line_of(body, f"[@{key}]"))
        number = numbers.setdefault(key, len(numbers) + 1)
        uses[key] = uses.get(key, 0) + 1
        cite(element, number=number, use=uses[key], label=label)
    return list(uses.items())


def _heading_words(heading: Element) -> str:
    """A heading's text without its citations' numbers."""
    pieces = [heading.text or ""]
    for child in heading:
        pieces += [] if child.tag == "sup" else [_heading_words(child)]
        pieces.append(child.tail or "")
    return "".join(pieces)


def slug_of(words: str) -> str:
    """Words as an id: tokens dropped, accents dropped, never one that the page uses for itself."""
    plain = unicodedata.normalize("NFKD", TOKEN.sub(" ", words)).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'\u2019")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > 60:
        slug = slug[:61].rpartition("-")[0] or slug[:60]
    slug = slug or "section"
    return slug if is_free_id(slug) else f"on-{slug}"


def _name_headings(root: Element) -> list[tuple[str, str]]:
    """Give each h2 and h3 its id; returns (id, text) of the h2s."""
    contents: list[tuple[str, str]] = []
    taken: set[str] = set()
    repeats: dict[str, int] = {}
    for heading in root:
        if heading.tag not in {"h2", "h3", "h4"}:
            continue
        words = " ".join(_heading_words(heading).split())
        if not words:
            raise RenderingRefused("has a heading without words")
        if heading.tag == "h4":
            continue
        slug = name = slug_of(words)
        while name in taken:
            repeats[slug] = repeats.get(slug, 1) + 1
            name = f"{slug}-{repeats[slug]}"
        taken.add(name)
        heading.set("id", name)
        if heading.tag == "h2":
            contents.append((name, words))
    return contents


def _dress_tables(root: Element, label: str) -> None:
    for cell in [*root.iter("th"), *root.iter("td")]:
        if align := cell.attrib.pop("align", None):
            cell.set("class", f"align-{align}")
        if cell.tag == "th":
            cell.set("scope", "col")
    tables = 0
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == "table":
                tables += 1
                # Landmarks of one page are told apart by their names.
                name = label if tables == 1 else f"{label} {tables}"
                box = Element("div", {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": name})
                box.tail, child.tail = child.tail, None
                box.append(child)
                parent[place] = box


def _drop_odd_starts(root: Element) -> None:
    """A list that says it starts at 1234567890 starts at 1."""
    for numbered in root.iter("ol"):
        if not allowed_attribute("ol", "start", numbered.get("start", "1")):
            del numbered.attrib["start"]


def _check_quick_answer(root: Element, body: str) -> None:
    places = [place for place, child in enumerate(root) if child.get("part") == "quick-answer"]
    lines = [body.count("\n", 0, mark.start()) + 1 for mark in re.finditer(r"\{:\s*\.quick-answer\s*\}", body)]
    if len(places) > 1:
        raise RenderingRefused("has a second quick answer", lines[1])
    if places and any(child.tag != "p" for child in root[: places[0]]):
        raise RenderingRefused("the quick answer comes first: only plain paragraphs may stand before it", lines[0])


def _group_parts(root: Element) -> list[str]:
    """Put each part into its section and each question into its fold; returns the parts' names."""
    names: list[str] = []
    children = list(root)
    root[:] = []
    home = root
    for child in children:
        if child.tag == "h2":
            home = root
            if part := child.attrib.pop("part", None):
                names.append(part)
                home = SubElement(root, "section")
                home.set("class", f"part part-{part}")
                home.set("aria-labelledby", child.attrib["id"])
        home.append(child)
    for section, part in zip(root.iter("section"), names, strict=True):
        if part in FOLDED:
            _fold(section)
    return unique(names)


def _fold(section: Element) -> None:
    """Each h3 and what follows it, as a question to open.

    The id stands on the answer: a browser opens a fold for an address that points inside it.
    """
    children = list(section)
    section[:] = []
    home = section
    for child in children:
        if child.tag == "h3":
            fold = SubElement(section, "details", {"class": "fold"})
            home = SubElement(fold, "div", {"class": "fold-body", "id": child.attrib.pop("id")})
            child.tag = "summary"
            fold.insert(0, child)
        else:
            home.append(child)
