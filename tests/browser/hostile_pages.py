"""Where a hostile string can stand on the site, and what may have become of it there; and the same unprotected."""

import re
from typing import Final

from markdown import Markdown

from articles.rendering import RenderingRefused, html_of
from articles.sanitising import ALLOWED, SCHEMES, allowed_attribute
from tests.articles.hostile import HTML, MARKDOWN, faults_of, shared, text_of
from tests.browser.watching import (
    ELEMENT,
    SITE,
    TEXT,
    Node,
    Seen,
    attributes,
    below,
    document,
    elements,
    words,
    written,
)

OURS: Final = [*(text for text, _ in MARKDOWN), *HTML]
ADDRESSES: Final = {"href", "src", "action", "formaction", "xlink:href", "poster", "data", "ping", "background"}
# Nothing that Markdown gives a meaning to: no mark anywhere, none that counts at the start of a line, one line.
_PLAIN: Final = re.compile(r"(?![#>+\-=:\s\d])[^\n\r\\`*_\[\]&|{}]*")
_AUTOLINK: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:|<[^<>\s]+@")


def strings() -> list[str]:
    """Ours, and those in the folder that KETCARE_TEST_DATA names."""
    return list(dict.fromkeys([*OURS, *shared()]))


def as_code(text: str) -> str:
    """As a block of code, where Markdown has no say."""
    return "\n".join(f"    {line}" for line in lines_of(text))


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def as_guide(text: str) -> list[str]:
    """The HTML of a guide that says this, once as prose and once as code; [] where the renderer refuses it."""
    try:
        return [html_of(body, "en", []).html for body in (text, as_code(text))]
    except RenderingRefused:
        return []


def articles(rendered: list[str]) -> str:
    """One page with each of these in an article of its own."""
    return document("".join(f"<article>{one}</article>" for one in rendered))


def unprotected_guide(text: str) -> str:
    """What a guide would be with Markdown alone: raw HTML as it was written, nothing cleaned."""
    made: str = Markdown(extensions=["tables", "sane_lists"]).convert(text)
    return articles([made])


def unprotected_search(query: str) -> str:
    """What a search page would be that escapes nothing."""
    return document(
        f'<form role="search"><input type="search" name="q" value="{query}"></form><p>Nothing for {query}</p>'
    )


def node_faults(article: Node) -> list[str]:
    """Which nodes below this one no guide may hold, by the list of the tests and by the site's own."""
    faults = faults_of(written(article))
    for node in below(article):
        name = node["localName"]
        if node["nodeType"] not in {ELEMENT, TEXT} or node.get("isSVG"):
            faults.append(f"node {node['nodeName']}")
        elif node["nodeType"] == ELEMENT and name not in ALLOWED:
            faults.append(f"element {name}")
        faults += [
            f"attribute {name} {key}={value}"
            for key, value in attributes(node).items()
            if not allowed_attribute(name, key, value)
        ]
    return faults


def word_faults(text: str, rendered: list[str], built: list[Node]) -> list[str]:
    """Which words were lost between a text, what `as_guide` made of it, and the articles that the browser built."""
    faults = []
    prose, code = map(words, built)
    if [prose, code] != [text_of(one) for one in rendered]:
        faults.append("the browser reads other words than the renderer wrote")
    if is_plain(text) and prose.split() != text.split():
        faults.append(f"plain words became {prose!r}")
    if told(code) != told(text):
        faults.append(f"code became {code!r}")
    return faults


def guide_faults(text: str, rendered: list[str], built: list[Node]) -> list[str]:
    return [*(fault for article in built for fault in node_faults(article)), *word_faults(text, rendered, built)]


def is_plain(text: str) -> bool:
    """Whether Markdown must leave this as it stands."""
    return bool(_PLAIN.fullmatch(text)) and not _AUTOLINK.search(text)


def told(text: str) -> list[str]:
    """The lines of a text as a block of code keeps them: tabs as spaces, no white space at an end."""
    return "\n".join(line.expandtabs(4).rstrip() for line in lines_of(text)).strip("\n").split("\n")


def deeds(seen: Seen) -> list[str]:
    """What a document did by itself, beyond asking for a style sheet or a picture of the site."""
    asked = [url for url in seen.asked if not url.startswith(f"{SITE}/static/")]
    return [*seen.ran, *seen.shown, *asked]


def addresses(root: Node) -> list[str]:
    """The addresses in a page's body; its head names the site itself, which may be on plain http."""
    bodies = elements(root, "body")
    held = [pair for body in bodies for node in below(body) for pair in attributes(node).items()]
    return [value for name, value in held if name in ADDRESSES]


def strange_schemes(schemes: list[str]) -> set[str]:
    """Those that no page may lead to (our own site has https here)."""
    return set(schemes) - {f"{scheme}:" for scheme in SCHEMES}


def shape(root: Node) -> set[tuple[str, str]]:
    """Each element of a page with each of its attributes."""
    found = set()
    for node in below(root):
        if node["nodeType"] == ELEMENT:
            found |= {(node["localName"], name) for name in ["", *attributes(node)]}
        elif node["nodeType"] != TEXT:
            found.add((node["nodeName"], ""))
    return found


def as_asked(query: str) -> str:
    """A query as the site takes it: white space made one space, and the first 200 characters."""
    return " ".join(query.split())[:200]


def search_faults(query: str, page: Node, known: set[tuple[str, str]]) -> list[str]:
    """What is wrong with the search page for a query; `known`: what is on the pages for harmless ones."""
    asked = as_asked(query)
    faults = [f"element or attribute {found}" for found in shape(page) - known]
    (title,) = elements(elements(page, "head")[0], "title") or [page]
    if asked not in words(title):
        faults.append(f"the title says {words(title)!r}")
    boxes = [attributes(box).get("value", "") for box in elements(page, "input") if attributes(box).get("name") == "q"]
    if not boxes or any(value != asked for value in boxes):
        faults.append(f"the box holds {boxes}")
    told = [words(one) for one in below(page) if attributes(one).get("role") == "status"]
    if asked and not any(f"“{asked}”" in one for one in told):
        faults.append(f"the answer says {told}")
    return faults


# Of each kind: nothing asked, guides, a glossary word, a slip of the finger, danger, nothing found.
HARMLESS: Final = ["", "sleep", "NMDA", "slepp", "I want to die", "xqzv", "ketamine dose days", "chest pain"]
