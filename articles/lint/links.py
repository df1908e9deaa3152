"""Links and pictures: what they say, and whether those within a guide lead anywhere."""

import html
import re
from collections.abc import Iterator

from articles.lint.finding import Finding, line_of, line_of_address
from articles.rendering import Rendered
from articles.sanitising import RESERVED_IDS, RESERVED_PREFIXES, allowed_attribute
from articles.source import GuideFile

# The renderer writes HTML in one form, so patterns are enough.
LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
PICTURE = re.compile(r'<img (?=[^>]*\bsrc="([^"]*)")(?=[^>]*\balt="([^"]*)")[^>]*>')
ID = re.compile(r' id="([^"]+)"')
TAG = re.compile(r"<[^>]*>")
PUNCTUATION = " .,:;!?-–_*→»…"
# Somebody who goes from link to link hears these words and no others.
VAGUE = re.compile(r"(?:click |tap )?(?:here|this|that|(?:this |the )?(?:link|page|site)|(?:read |learn )?more)")
NO_DESCRIPTION = re.compile(r"|(?:an? )?(?:image|picture|photo|graphic)(?: of)?|.*\.(?:svg|png|jpe?g|webp)")


def bad_links(file: GuideFile, rendered: Rendered) -> Iterator[Finding]:
    """What can be said of links and pictures without knowing the rest of the site."""
    for address in rendered.dropped:
        if allowed_attribute("img", "src", address):
            message = f"the picture {address} lacks a description; write what it shows between ![ and ]"
        else:
            message = f"the address {address} is not one that a page may have; its words stay"
        yield Finding(line_of(file, address), message)
    ids = ids_of(rendered)
    for address, words in links_in(rendered):
        if not words:
            yield Finding(line_of_address(file, address), f"the link to {address} has no words")
        elif VAGUE.fullmatch(words.casefold().strip(PUNCTUATION)):
            message = f"a link whose words are “{words}”: say where {address} leads"
            yield Finding(line_of_address(file, address), message)
        if address.startswith("#") and not is_on_page(address[1:], ids):
            yield Finding(line_of_address(file, address), f"the link {address} leads to no heading of this guide")
    for address, words in pictures_in(rendered):
        if NO_DESCRIPTION.fullmatch(words.casefold().strip(PUNCTUATION)):
            message = f"the picture {address} is described as “{words.strip()}”: write what it shows"
            yield Finding(line_of_address(file, address), message)


def ids_of(rendered: Rendered) -> frozenset[str]:
    """What a link into a guide may name after its #."""
    return frozenset(ID.findall(rendered.html))


def is_on_page(fragment: str, ids: frozenset[str]) -> bool:
    """Whether a page with these ids of a guide, and those that every page of a guide has, has that one."""
    return fragment in ids or fragment in RESERVED_IDS or fragment.startswith(RESERVED_PREFIXES)


def links_in(rendered: Rendered) -> Iterator[tuple[str, str]]:
    """The address and the words of each link that the author wrote; a picture in it says its description."""
    for found in LINK.finditer(rendered.html):
        words = PICTURE.sub(lambda picture: picture[2], found[2])
        yield html.unescape(found[1]), " ".join(html.unescape(TAG.sub("", words)).split())


def pictures_in(rendered: Rendered) -> Iterator[tuple[str, str]]:
    """The address and the description of each picture."""
    for found in PICTURE.finditer(rendered.html):
        yield html.unescape(found[1]), html.unescape(found[2])
