"""Pages that belong to no guide: home, crisis help, what the site is, and what machines ask for."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import presenting
from articles.verification import guides_being_checked
from articles.views import any_sample, sections_with_guides, shown_guides
from ketcare.ready import PUBLIC, answer, ready
from ketcare.site import clinic

# The crisis page is worth more stale than not at all.
CRISIS = f"{PUBLIC}, stale-if-error=604800"


def _page(request: HttpRequest, template: str, context: dict[str, Any], **how: Any) -> HttpResponseBase:
    return answer(request, ready(render_to_string(template, {"clinic": clinic.details(), **context})), **how)


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    sections = sections_with_guides(now)
    newest = sorted(shown_guides(now), key=lambda pair: pair[1].review.at, reverse=True)  # type: ignore[union-attr]
    context = {
        "sections": sections,
        "newest": [presenting.card(guide, state) for guide, state in newest[:3]],
        "sample": any_sample(sections),
    }
    return _page(request, "pages/home.html", context)


@require_safe
def crisis(request: HttpRequest) -> HttpResponseBase:
    """Needs no database: someone in danger may come here while nothing else works."""
    response = _page(request, "pages/crisis.html", {}, cache_control=CRISIS)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def plain(request: HttpRequest, template: str) -> HttpResponseBase:
    """A page of standing text."""
    return _page(request, template, {})


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
