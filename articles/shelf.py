"""The shelf: guides as they were last read and checked, each with its finished pages.

A request reads a guide's rows again, in one query, and takes what is on the shelf only where every column is still
what it was. So words that somebody changed in the database are checked before they are shown, and words that nobody
changed are not checked twice. A worker's first request after a change makes one further query, for related guides or
for the glossary.
"""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from articles.models import Guide
from articles.models.guide import fetched, guides_from
from ketcare.ready import ReadyPage
from ketcare.site.models import GlossaryTerm

Rows = list[tuple[Any, ...]]
MOST = 500


@dataclass
class Shelved:
    """A guide as read, and its finished pages under everything else that they show."""

    rows: Rows
    guide: Guide
    pages: dict[Hashable, ReadyPage] = field(default_factory=dict)

    def page(self, shown: Hashable, make: Callable[[], ReadyPage]) -> ReadyPage:
        """The page that shows that, made when it is asked for the first time."""
        if shown not in self.pages:
            self.pages.clear()  # what was shown before will not come back: a date, a clinic's phone number
            self.pages[shown] = make()
        return self.pages[shown]


_shelf: dict[tuple[str, str, str], Shelved] = {}
_listings: dict[tuple[str, tuple[Any, ...]], list[Guide]] = {}
_terms: dict[tuple[Any, ...], list[GlossaryTerm]] = {}


def find(language: str, section: str, slug: str) -> Shelved | None:
    """The guide at that address, as the database has it at this moment; None where there is none."""
    place = (language, section, slug)
    try:
        rows = fetched(*_statement(connection.vendor, place))
    except ValueError:
        at_place = Guide.objects.filter(language=language, section=section, slug=slug)
        return Shelved([], at_place.unreadable()[0])
    if not rows:
        _shelf.pop(place, None)
        return None
    held = _shelf.get(place)
    if held is None or held.rows != rows:
        if len(_shelf) >= MOST:
            _shelf.clear()
        held = _shelf[place] = Shelved(rows, guides_from(rows)[0])
    return held


def version() -> tuple[Any, ...]:
    """What changes with every guide and every word, as `Guide.site_version` has it."""
    guides = Guide.objects.aggregate(newest=Max("changed_at"))
    words = GlossaryTerm.objects.aggregate(newest=Max("changed_at"), number=Count("pk"))
    return guides["newest"], words["newest"], words["number"]


def listing(language: str, version: tuple[Any, ...]) -> list[Guide]:
    """The published guides of that language as they were read when the site had that version."""
    key = (language, version)
    if key not in _listings:
        _listings.clear()
        _listings[key] = Guide.objects.published().filter(language=language).with_words()
    return _listings[key]


def terms(version: tuple[Any, ...]) -> list[GlossaryTerm]:
    """The words of the glossary as they were read when the site had that version."""
    key = version[1:]
    if key not in _terms:
        _terms.clear()
        _terms[key] = list(GlossaryTerm.objects.all())
    return _terms[key]


def others(guide: Guide, now: dt.datetime) -> list[Guide]:
    """The other guides of that language whose words may be shown, those of the same section first."""
    guides = listing(guide.language, guide.site_version)
    shown = [other for other in guides if other.pk != guide.pk and other.public_state(now).shows_words]
    return sorted(shown, key=lambda other: other.section != guide.section)


def clear() -> None:
    """Forgets everything, as a new worker does."""
    _shelf.clear()
    _listings.clear()
    _terms.clear()


# The statement is the ORM's own, composed once: composing it takes longer than everything else in a request.
_PLACE = ("\0language", "\0section", "\0slug")


@cache
def _composed(vendor: str) -> tuple[str, tuple[Any, ...]]:
    language, section, slug = _PLACE
    rows = Guide.objects.filter(language=language, section=section, slug=slug).rows_with_words()
    return rows.query.sql_with_params()


def _statement(vendor: str, place: tuple[str, str, str]) -> tuple[str, list[Any]]:
    sql, parameters = _composed(vendor)
    filled = dict(zip(_PLACE, place, strict=True))
    return sql, [filled.get(parameter, parameter) for parameter in parameters]
