"""What HTML a guide may hold, and the two cleaners that see to it.

bleach was asked for, and its makers have ended it; so bleach cleans first and nh3, which is
maintained, has the last word. Both ask the same `allowed_attribute`.
"""

import html
import re
from typing import Final

import bleach
import nh3

# The words that the pipeline writes into `aria-label`, by language.
SOURCE_LABELS: Final = {"en": "Source", "es": "Fuente"}
TABLE_LABELS: Final = {"en": "Table", "es": "Tabla"}

PARTS: Final = (
    "quick-answer",
    "steps",
    "timeline",
    "concerns",
    "fits",
    "talk-first",
    "safety",
    "unknown",
    "ask",
    "faq",
)

ALLOWED: Final[dict[str, frozenset[str]]] = {
    "section": frozenset({"class", "aria-labelledby"}),
    "h2": frozenset({"id"}),
    "h3": frozenset({"id"}),
    "h4": frozenset(),
    "p": frozenset(),
    "ul": frozenset(),
    "ol": frozenset({"start"}),
    "li": frozenset(),
    "blockquote": frozenset(),
    "strong": frozenset(),
    "em": frozenset(),
    "code": frozenset(),
    "pre": frozenset(),
    "hr": frozenset(),
    "br": frozenset(),
    "a": frozenset({"href", "id", "aria-label"}),
    "img": frozenset({"src", "alt"}),
    "sup": frozenset({"class"}),
    "div": frozenset({"class", "id", "tabindex", "role", "aria-label"}),
    "details": frozenset({"class"}),
    "summary": frozenset(),
    "table": frozenset(),
    "thead": frozenset(),
    "tbody": frozenset(),
    "tr": frozenset(),
    "th": frozenset({"scope", "class"}),
    "td": frozenset({"class"}),
}
SCHEMES: Final = frozenset({"https", "mailto", "tel", "sms"})

# Ids that the page around a guide uses for itself.
RESERVED_IDS: Final = frozenset({"main", "contents", "sources", "reviewer", "who", "related", "clinic", "top"})
RESERVED_PREFIXES: Final = ("source-", "cite-")

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_HEADING_ID = re.compile(_SLUG)
_ALIGNED = re.compile(r"align-(?:left|right|center)")
# One pattern for each attribute whose value has a form of its own; fullmatch, so a line end at
# the end of a value does not slip through as it would past `$`.
_VALUES: Final[dict[tuple[str, str], re.Pattern[str]]] = {
    ("section", "class"): re.compile(f"part part-(?:{'|'.join(PARTS)})"),
    ("ol", "start"): re.compile(r"[0-9]{1,4}"),
    ("a", "id"): re.compile(r"cite-[0-9]{1,4}-[0-9]{1,4}"),
    ("a", "aria-label"): re.compile(f"(?:{'|'.join(SOURCE_LABELS.values())}) [0-9]{{1,4}}"),
    ("img", "src"): re.compile(r"/static/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*"),
    ("img", "alt"): re.compile(r"[^<>{}\x00-\x1f\x7f-\x9f]+"),
    ("sup", "class"): re.compile("cite"),
    ("div", "class"): re.compile("table-scroll|fold-body"),
    ("div", "tabindex"): re.compile("0"),
    ("div", "role"): re.compile("region"),
    ("div", "aria-label"): re.compile(f"(?:{'|'.join(TABLE_LABELS.values())})(?: [0-9]{{1,3}})?"),
    ("details", "class"): re.compile("fold"),
    ("th", "scope"): re.compile("col"),
    ("th", "class"): _ALIGNED,
    ("td", "class"): _ALIGNED,
}

# RFC 3986 without ' [ ], which nobody needs and quoting bugs like; % only before two hex digits
# that are no control character.
_CHAR = r"(?:[A-Za-z0-9._~:/?@!$&()*+,;=-]|%[2-9A-Fa-f][0-9A-Ea-e]|%[2-689A-Fa-f][Ff])"
_URL = re.compile(
    rf"""
      \#[A-Za-z0-9_-]+
    | /(?!/){_CHAR}*(?:\#{_CHAR}*)?
    | https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{{1,5}})?(?:[/?]{_CHAR}*)?(?:\#{_CHAR}*)?
    | mailto:[A-Za-z0-9._+-]+@[a-z0-9.-]+(?:\?subject={_CHAR}*)?
    | (?:tel|sms):\+?[0-9][0-9-]*
    """,
    re.VERBOSE,
)
_ENTITY = re.compile(r"&(?:#|[A-Za-z0-9]+;)")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2[Ee]){1,2}(?:[/?#]|$)")
URL_LIMIT: Final = 2000


def is_safe_url(url: str) -> bool:
    """Whether a guide may link to this address, exactly as it stands.

    Allowed: https, mailto, tel, sms, a path from a single "/", and "#fragment". Nothing is
    stripped, decoded or lower-cased first: an address that would need that is refused.
    """
    if len(url) > URL_LIMIT or not _URL.fullmatch(url) or _ENTITY.search(url):
        return False
    return not (url.startswith("/") and _DOT_SEGMENT.search(url))


def is_free_id(value: str) -> bool:
    """Whether a heading may have this id: a slug that the page does not use for itself."""
    return (
        len(value) <= 80
        and bool(_HEADING_ID.fullmatch(value))
        and value not in RESERVED_IDS
        and not value.startswith(RESERVED_PREFIXES)
    )


def allowed_attribute(tag: str, name: str, value: str) -> bool:
    """Whether `tag` may carry `name` with this value (its character references resolved).

    No value may hold a brace: `{emergency}` and its like are filled into the finished HTML as
    text, which is safe only if they cannot stand inside a tag.
    """
    if name not in ALLOWED.get(tag, frozenset()) or "{" in value or "}" in value:
        return False
    if (tag, name) == ("a", "href"):
        return is_safe_url(value)
    if name == "aria-labelledby" or (name == "id" and tag in {"h2", "h3", "div"}):
        return is_free_id(value)
    pattern = _VALUES.get((tag, name))
    return pattern is not None and bool(pattern.fullmatch(value))


def _bleach_attribute(tag: str, name: str, value: str) -> bool:
    # bleach hands over the value as it stands in the source, its references unresolved.
    return allowed_attribute(tag, name, html.unescape(value))


def _nh3_attribute(tag: str, name: str, value: str) -> str | None:
    return value if allowed_attribute(tag, name, value) else None


_nh3_cleaner = nh3.Cleaner(
    tags=set(ALLOWED),
    attributes={tag: set(names) for tag, names in ALLOWED.items()},
    attribute_filter=_nh3_attribute,
    url_schemes=set(SCHEMES),
    link_rel=None,
)


def bleach_alone(markup: str) -> str:
    """The markup with what is not allowed taken out by bleach."""
    # A Cleaner keeps the state of its parser, so each call makes its own.
    cleaner = bleach.sanitizer.Cleaner(
        tags=frozenset(ALLOWED),
        attributes=_bleach_attribute,
        protocols=SCHEMES,
        strip=True,
    )
    return str(cleaner.clean(markup))


def nh3_alone(markup: str) -> str:
    """The markup with what is not allowed taken out by nh3."""
    return _nh3_cleaner.clean(markup)


def clean(markup: str) -> str:
    """The markup with only what `ALLOWED` and `allowed_attribute` let through."""
    return nh3_alone(bleach_alone(markup))


def agree(markup: str) -> bool:
    """Whether bleach and nh3, each alone, make the same of this markup."""
    return bleach_alone(markup) == nh3_alone(markup)
