"""Sheets to print, one page each: questions to bring along, a page for the companion, and a week to write in.

What a sheet shows of a guide are whole lists and parts of its live words, each with who stands behind them.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import presenting, shelf
from articles.pieces import on_another_page, parts_of
from articles.views import LANGUAGE, Shown, any_sample, shown_guides
from ketcare import crisis
from ketcare.ready import page
from ketcare.site import clinic

Place = tuple[str, str]

COMPANION: Place = ("what-to-expect", "taking-someone-home")
# From the first list to the last: whatever stands between them, every list that opens is closed.
LISTS = re.compile(r"<[uo]l>.*</[uo]l>", re.DOTALL)


@dataclass(frozen=True)
class Moment:
    """A visit to the clinic, and the guides whose questions fit it and one printed page."""

    slug: str
    title: str | Promise
    guides: tuple[Place, ...]

    def get_absolute_url(self) -> str:
        return reverse("sheet_questions_for", args=[self.slug]) if self.slug else reverse("sheet_questions")


# All lists together are some seventy questions, which nobody could ask. A visit has room for a dozen.
MOMENTS = [
    Moment(
        "",
        _("Before a first session"),
        (
            ("what-to-expect", "first-session"),
            ("what-to-expect", "the-day-of-a-session"),
            ("safety", "who-should-talk-first"),
        ),
    ),
    Moment(
        "after",
        _("After a session"),
        (
            ("what-to-expect", "the-hours-after"),
            ("what-to-expect", "days-1-to-7"),
            ("safety", "when-to-get-help"),
        ),
    ),
    Moment(
        "not-helping",
        _("It isn’t helping, or it’s fading"),
        (
            ("integration", "if-you-dont-feel-better"),
            ("integration", "keeping-it-going"),
        ),
    ),
]


def asked_in(shown: Shown) -> dict[Place, dict[str, Any]]:
    """The guides that have questions to ask, by their place: each as in a list, with `questions` as HTML."""
    fillings = presenting.Fillings.of_site()
    found = {}
    for guide, state in shown:
        url = guide.get_absolute_url()
        parts = [part for part in parts_of(guide.html.html) if part.name == "ask"]
        lists = "".join(found_there[0] for part in parts if (found_there := LISTS.search(part.html)))
        if lists:
            found[guide.section, guide.slug] = {
                **presenting.card(guide, state),
                "questions": fillings.in_html(on_another_page(lists, prefix=f"{guide.slug}-", home=url)),
                "ask_url": f"{url}#{parts[0].id}",
            }
    return found


def moments_in(asked: dict[Place, dict[str, Any]]) -> list[Moment]:
    """The moments that have a question to ask."""
    return [moment for moment in MOMENTS if not asked.keys().isdisjoint(moment.guides)]


def has_companion(shown: Shown) -> bool:
    return any((guide.section, guide.slug) == COMPANION for guide, _state in shown)


def offered(shown: Shown) -> list[str]:
    """The addresses of the sheets that there are, with these guides to take them from."""
    urls = [moment.get_absolute_url() for moment in moments_in(asked_in(shown))]
    return [*urls, *([reverse("sheet_companion")] if has_companion(shown) else []), reverse("sheet_week")]


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    shown = shown_guides(timezone.now())
    context = {"moments": moments_in(asked_in(shown)), "companion": has_companion(shown)}
    return page(request, "sheets/index.html", context)


@require_safe
def questions(request: HttpRequest, moment: str = "") -> HttpResponseBase:
    shown = shown_guides(timezone.now())
    asked = asked_in(shown)
    moments = moments_in(asked)
    chosen = next((found for found in moments if found.slug == moment), None)
    if chosen is None:
        raise Http404
    context = {
        "moment": chosen,
        "moments": moments,
        "guides": [asked[place] for place in chosen.guides if place in asked],
        "others": [guide for place, guide in asked.items() if place not in chosen.guides],
        "sample": any_sample([pair for pair in shown if (pair[0].section, pair[0].slug) in chosen.guides]),
    }
    return page(request, "sheets/questions.html", context)


@require_safe
def companion(request: HttpRequest) -> HttpResponseBase:
    held = shelf.find(LANGUAGE, *COMPANION)
    if held is None:
        raise Http404
    guide, state = held.guide, held.guide.public_state(timezone.now())
    if not state.shows_words:
        raise Http404
    fillings, card = presenting.Fillings.of_site(), presenting.card(guide, state)
    parts = [part for part in parts_of(guide.html.html) if part.name in {"safety", "timeline"}]
    context = {
        "guide": card,
        "address": settings.SITE_URL + card["url"],
        "parts": [
            {**asdict(part), "html": fillings.in_html(on_another_page(part.html, prefix="", home=card["url"]))}
            for part in parts
        ],
        "clinic": clinic.details(),
    }
    return page(request, "sheets/companion.html", context)


@require_safe
def week(request: HttpRequest) -> HttpResponseBase:
    return page(request, "sheets/week.html", {"clinic": clinic.details(), "region": crisis.region()})
