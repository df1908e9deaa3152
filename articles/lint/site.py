"""Links from a guide to the rest of the site. Asks no database: what there is, the content folder says."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve, reverse

from articles.lint.finding import Finding, line_of_address
from articles.lint.links import is_on_page, links_in, pictures_in
from articles.models.section import Section
from articles.rendering import Rendered
from articles.source import GuideFile

# Views that answer 404 for an address of their form which nothing stands behind.
_NEED_MORE: Final = frozenset({"section", "guide", "guide_history", "guide_review_json", "reviewer"})


@dataclass(frozen=True)
class Site:
    """Where links may lead. `guides`: the ids on each guide's page by its path; `leads` judges every other path."""

    guides: Mapping[str, frozenset[str]]
    leads: Callable[[str], bool]


def site_of(guides: Mapping[tuple[str, str], frozenset[str]], reviewers: Iterable[str]) -> Site:
    """The site with these guides, by section and slug, and these reviewers' pages."""
    listed = {reverse("section", args=[section]) for section, _slug in guides if section in Section.values}
    listed |= {reverse("reviewer", args=[slug]) for slug in reviewers}
    for name in ("guide_history", "guide_review_json"):
        listed |= {reverse(name, args=place) for place in guides}

    def leads(path: str) -> bool:
        if path.startswith(settings.STATIC_URL):
            return finders.find(path.removeprefix(settings.STATIC_URL)) is not None
        try:
            return path in listed or resolve(path).url_name not in _NEED_MORE
        except Resolver404:
            return False

    return Site({reverse("guide", args=place): ids for place, ids in guides.items()}, leads)


def broken_links(file: GuideFile, rendered: Rendered, site: Site) -> list[Finding]:
    """The links to this site that lead nowhere, and pictures that are not there."""
    found = []
    for address in dict.fromkeys(address for address, _words in [*links_in(rendered), *pictures_in(rendered)]):
        if not address.startswith("/"):
            continue
        path, fragment = unquote(urlsplit(address).path), urlsplit(address).fragment
        ids = site.guides.get(path)
        if ids is None and not site.leads(path):
            found.append(Finding(line_of_address(file, address), f"{address} leads nowhere: this site has no {path}"))
        elif ids is not None and fragment and not is_on_page(fragment, ids):
            message = f"{address} leads to no heading: that guide has no #{fragment}"
            found.append(Finding(line_of_address(file, address), message))
    return found
