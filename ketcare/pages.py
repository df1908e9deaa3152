"""Pages that belong to no guide: home, crisis help, what the site is, and what machines ask for."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import presenting
from articles.verification import guides_being_checked
from articles.views import Shown, any_sample, in_sections, shown_guides
from journal import export
from journal.in_clear import IN_CLEAR
from ketcare.ready import PUBLIC, answer, page, ready
from ketcare.site import clinic
from ketcare.site.models import GlossaryTerm

# The crisis page is worth more stale than not at all.
CRISIS = f"{PUBLIC}, stale-if-error=604800"


# The moments in which somebody comes, each with the guide that answers it (and the crisis page last, on the page).
DOORS = [
    (_("A session is coming up"), "what-to-expect", "first-session"),
    (_("I had a session today"), "what-to-expect", "the-hours-after"),
    (_("I’m in the days after"), "what-to-expect", "days-1-to-7"),
    (_("It isn’t helping, or it’s fading"), "integration", "if-you-dont-feel-better"),
    (_("Something feels wrong now"), "safety", "when-to-get-help"),
]


def doors(shown: Shown) -> list[dict[str, Any]]:
    """The doors of the home page: to the guide that answers, else to its section, else none."""
    cards = {(guide.section, guide.slug): presenting.card(guide, state) for guide, state in shown}
    sections = {found["slug"]: found for found in in_sections(shown)}
    found = []
    for label, section, slug in DOORS:
        card, behind = cards.get((section, slug)), sections.get(section)
        if card is not None:
            found.append({"label": label, "url": card["url"], "description": card["title"]})
        elif behind is not None:
            found.append({"label": label, "url": behind["url"], "description": behind["description"]})
    return found


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    shown = shown_guides(timezone.now())
    newest = sorted(shown, key=lambda pair: pair[1].review.at, reverse=True)  # type: ignore[union-attr]
    context = {
        "clinic": clinic.details(),
        "doors": doors(shown),
        "newest": [presenting.card(guide, state) for guide, state in newest[:3]],
        "sample": any_sample(shown),
    }
    return page(request, "pages/home.html", context)


@require_safe
def crisis(request: HttpRequest) -> HttpResponseBase:
    """Needs no database: someone in danger may come here while nothing else works."""
    response = page(request, "pages/crisis.html", {"clinic": clinic.details()}, cache_control=CRISIS)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def glossary(request: HttpRequest) -> HttpResponseBase:
    """Every word that is explained, with the guides to read about it."""
    shown = shown_guides(timezone.now())
    cards = {f"{guide.section}/{guide.slug}": presenting.card(guide, state) for guide, state in shown}
    words = [
        {"term": term, "guides": [cards[place] for place in term.guides if place in cards]}
        for term in sorted(GlossaryTerm.objects.all(), key=lambda term: term.term.casefold())
    ]
    return page(request, "pages/glossary.html", {"words": words})


@require_safe
def plain(request: HttpRequest, template: str) -> HttpResponseBase:
    """A page of standing text."""
    context = {"clinic": clinic.details(), "discreet_name": settings.DISCREET_NAME, "in_clear": IN_CLEAR}
    return page(request, template, context)


@require_safe
def export_schema(request: HttpRequest) -> HttpResponseBase:
    """The form of a download of everything that somebody wrote, for programs."""
    return answer(request, ready(export.schema()), content_type="application/schema+json")


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    text = f"User-agent: *\nAllow: /\n\nSitemap: {settings.SITE_URL}/sitemap.xml\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponseBase:
    """That this process answers, whatever else is broken."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponseBase:
    """Whether requests should come here: 503 while the database is away, and the guides that are being checked.

    A guide that is being checked is named and does not make the site unready: the other pages, crisis help among
    them, must not go away with it.
    """
    try:
        connection.ensure_connection()
        checking = {guide.get_absolute_url(): problem for guide, problem in guides_being_checked(timezone.now())}
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "does not answer"}, status=503)
    return JsonResponse({"ready": True, "database": "answers", "being_checked": checking})
