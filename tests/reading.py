"""What every answer of the site is judged by: its headers, and its HTML as a browser reads it.

What is expected stands here in full, not taken from the code or the settings that make it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
CSP_ON_HTTPS = CSP + "; upgrade-insecure-requests"
HSTS = "max-age=63072000; includeSubDomains"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
}
# The first is who shares what it reads, the others say what runs behind.
NOWHERE = ["Access-Control-Allow-Origin", "Set-Cookie", "X-Powered-By", "Via"]

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# The attributes by which a browser fetches something by itself; `link` does so by its href.
FETCHED = {"src", "srcset", "poster", "data", "background", "action", "formaction", "manifest"}


def check_headers(
    headers: Mapping[str, str], *, https: bool = False, referrer: str = "same-origin", private: bool = False
) -> None:
    """Assert what security.md asks of every answer; `headers` knows names in any case. `private` ones have a cookie."""
    found = {name: headers.get(name) for name in EVERYWHERE}
    assert found == EVERYWHERE
    assert headers.get("Referrer-Policy") == referrer
    assert headers.get("Content-Security-Policy") == (CSP_ON_HTTPS if https else CSP)
    assert headers.get("Strict-Transport-Security") == (HSTS if https else None)
    nowhere = [name for name in NOWHERE if not (private and name == "Set-Cookie")]
    assert {name: headers[name] for name in nowhere if name in headers} == {}
    assert ("cookie" in headers.get("Vary", "").lower()) == private


@dataclass
class Element:
    """One element of a page, with its attributes as written and what is inside."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Element | str]" = field(default_factory=list)

    @property
    def children(self) -> "list[Element]":
        return [part for part in self.inside if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """The words inside, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for part in self.inside:
            if isinstance(part, Element):
                yield from part._words()
            else:
                yield part

    def all(self, *tags: str) -> "list[Element]":
        """Every element inside with one of these tags (or any), in the page's order."""
        found = []
        for child in self.children:
            if not tags or child.tag in tags:
                found.append(child)
            found += child.all(*tags)
        return found

    def one(self, tag: str) -> "Element":
        found = self.all(tag)
        assert len(found) == 1, f"{len(found)} <{tag}> where there should be one"
        return found[0]

    def links(self) -> list[str]:
        return [link.attributes.get("href", "") for link in self.all("a")]


class _Builder(HTMLParser):
    """Builds the tree. Fails where elements do not nest: a browser would guess, and each its own way."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        opened = self.open.pop()
        assert opened.tag == tag, f"</{tag}> ends a <{opened.tag}>"

    def handle_data(self, text: str) -> None:
        self.open[-1].inside.append(text)


def read(html: str | bytes) -> Element:
    """The page as a tree, with `html` as its only child."""
    builder = _Builder()
    builder.feed(html.decode() if isinstance(html, bytes) else html)
    builder.close()
    page = builder.open.pop()
    assert not builder.open, f"<{page.tag}> never ends"
    return page


def check_help(page: Element, *, emergency: str = "911", lines: tuple[str, ...] = ("tel:988", "sms:988")) -> None:
    """Assert that crisis help is what a reader meets first, whatever the page is about."""
    skip, *others = [child for child in page.one("body").children if "hidden" not in child.attributes]
    # Those who share their device have a second way past everything: out.
    banner = others[1] if others[0].attributes.get("formaction") == "/journal/exit/" else others[0]
    assert (skip.tag, skip.attributes.get("href")) == ("a", "#main")
    assert banner.tag == "aside"
    assert banner.attributes.get("class") == "crisis"
    assert banner.attributes.get("aria-label")
    assert "role" not in banner.attributes
    for address in (*lines, f"tel:{emergency}"):
        assert address in banner.links()


def check_shape(page: Element) -> None:
    """Assert what every page has once: language, title, main part, first heading."""
    assert page.one("html").attributes.get("lang") == "en"
    assert page.one("title").text
    assert page.one("h1").text
    assert page.one("main").attributes.get("id") == "main"


def check_nothing_inline(page: Element) -> None:
    """Assert that no script, style or handler stands in the page itself: the content security policy refuses them."""
    assert page.all("style") == []
    for script in page.all("script"):
        assert script.attributes.get("type") == "application/ld+json" or script.attributes.get("src")
        assert script.attributes.get("type") == "application/ld+json" or not script.text
    for element in page.all():
        inline = {name for name in element.attributes if name.startswith("on") or name == "style"}
        assert not inline, f"<{element.tag}> has {inline}"
        assert not element.attributes.get("href", "").strip().lower().startswith(("javascript:", "data:"))


def check_own_host(page: Element) -> None:
    """Assert that a browser which shows the page asks nobody but this site. Links that a reader follows are free."""
    for element in page.all():
        assert element.tag not in {"iframe", "object", "embed", "base", "frame"}
        for name, address in element.attributes.items():
            if name in FETCHED or (element.tag == "link" and name == "href" and not is_canonical(element)):
                assert address.startswith("/"), f"<{element.tag} {name}={address}>"
                assert not address.startswith("//"), f"<{element.tag} {name}={address}>"
        if element.tag == "meta":
            assert element.attributes.get("http-equiv", "").lower() != "refresh"


def is_canonical(element: Element) -> bool:
    """A link that is a statement, not something to fetch."""
    return element.attributes.get("rel") in {"canonical", "alternate"}


def check_page(html: str | bytes) -> Element:
    """Assert everything that holds for each page of the site, errors included; gives the page."""
    page = read(html)
    check_shape(page)
    check_help(page)
    check_nothing_inline(page)
    check_own_host(page)
    return page
