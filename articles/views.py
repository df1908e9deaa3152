"""Public pages about guides. None looks at the web session; each asks `public_state` what may be shown."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import presenting, red_flags, shelf
from articles.history import events
from articles.models import Guide, GuideAddress, PublicState, Review, Reviewer, Section, Source
from articles.models.guide import State
from articles.pieces import questions_of
from articles.search import LONGEST_QUERY, index_of
from ketcare.ready import PUBLIC, ReadyPage, answer, page, rendered
from ketcare.site import clinic

LANGUAGE = "en"


Shown = list[tuple[Guide, PublicState]]


def shown_guides(now: dt.datetime) -> Shown:
    """The guides whose words may be shown at that moment, with their state, by title."""
    guides = Guide.objects.published().filter(language=LANGUAGE).with_words()
    found = [(guide, guide.public_state(now)) for guide in guides]
    return sorted(
        ((guide, state) for guide, state in found if state.shows_words),
        key=lambda pair: pair[0].words.title,
    )


def in_sections(shown: Shown) -> list[dict[str, Any]]:
    """The sections that have something to show, in their own order, each with the cards of its guides."""
    cards = defaultdict(list)
    for guide, state in shown:
        cards[guide.section].append(presenting.card(guide, state))
    return [
        {
            "slug": section.value,
            "title": section.label,
            "description": section.description,
            "url": section.get_absolute_url(),
            "guides": cards[section.value],
        }
        for section in Section
        if cards[section.value]
    ]


def any_sample(shown: Shown) -> bool:
    return any(state.is_sample for _guide, state in shown)


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    shown = shown_guides(timezone.now())
    return page(request, "articles/index.html", {"sections": in_sections(shown), "sample": any_sample(shown)})


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponseBase:
    shown = [(guide, state) for guide, state in shown_guides(timezone.now()) if guide.section == section]
    if not shown:
        raise Http404
    found = in_sections(shown)[0]
    context = {"section": found, "guides": found["guides"], "sample": any_sample(shown)}
    return page(request, "articles/section.html", context)


def at_its_address(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives the view what the shelf has of the guide at that address; an old address leads to the new one."""

    @wraps(view)
    def found(request: HttpRequest, section: str, slug: str) -> HttpResponseBase:
        held = shelf.find(LANGUAGE, section, slug)
        if held is not None:
            return view(request, held)
        old = reverse("guide", args=[section, slug])
        moved = get_object_or_404(GuideAddress.objects.select_related("guide"), path=old)
        rest = request.path.removeprefix(old)
        return HttpResponsePermanentRedirect(moved.guide.get_absolute_url() + rest)

    return found


def _closed(guide: Guide, state: PublicState) -> HttpResponse:
    """What a guide's address answers while its words may not be shown."""
    if state.kind == State.UNPUBLISHED:
        raise Http404
    if state.kind == State.WITHDRAWN:
        context = {
            "why": guide.withdrawn_why,
            "withdrawn_at": guide.withdrawn_at,
            "is_safety": guide.section == Section.SAFETY,
        }
        return HttpResponse(render_to_string("articles/withdrawn.html", context), status=410)
    return HttpResponse(render_to_string("articles/checking.html"), status=503)


@require_safe
@at_its_address
def guide(request: HttpRequest, held: shelf.Shelved) -> HttpResponseBase:
    now = timezone.now()
    state = held.guide.public_state(now)
    if not state.shows_words:
        return _closed(held.guide, state)

    def make() -> ReadyPage:
        related = [presenting.card(other, other.public_state(now)) for other in shelf.others(held.guide, now)[:3]]
        return rendered(request, "articles/guide.html", presenting.guide_page(held.guide, state, related))

    return answer(request, held.page((state.kind, clinic.details()), make))


@require_safe
@at_its_address
def history(request: HttpRequest, held: shelf.Shelved) -> HttpResponseBase:
    state = held.guide.public_state(timezone.now())
    if not state.shows_words:
        return _closed(held.guide, state)
    context = {
        "guide": held.guide,
        "words": held.guide.words,
        "state": presenting.state_of(state),
        "events": events(held.guide),
    }
    return page(request, "articles/history.html", context)


@require_safe
@at_its_address
def review_json(request: HttpRequest, held: shelf.Shelved) -> HttpResponseBase:
    state = held.guide.public_state(timezone.now())
    if state.review is None:
        return _closed(held.guide, state)
    response = JsonResponse(
        {
            "url": settings.SITE_URL + held.guide.get_absolute_url(),
            "title": held.guide.words.title,
            "revision": held.guide.words.number,
            "digest": held.guide.words.digest,
            "state": state.kind.value,
            "signature": _as_json(state.review),
            "history": [_as_json(event) for event in events(held.guide)],
        }
    )
    response.headers["Cache-Control"] = PUBLIC
    return response


def _as_json(review: Review) -> dict[str, Any]:
    return {
        "verdict": review.verdict,
        "name": review.name,
        "credential": review.credential,
        "sample": review.sample,
        "solo": review.solo,
        "at": review.at.isoformat(),
        "reviewed_on": review.reviewed_on.isoformat() if review.reviewed_on else None,
        "next_due": review.next_due.isoformat() if review.next_due else None,
        "note": review.note,
        "digest": review.digest,
        "revision": review.revision.number,
    }


@require_safe
def reviewer(request: HttpRequest, slug: str) -> HttpResponseBase:
    person = get_object_or_404(Reviewer, slug=slug)
    signed = [
        {**presenting.card(guide, state), "review": state.review}
        for guide, state in shown_guides(timezone.now())
        if state.kind != State.URGENT and state.review is not None and state.review.reviewer_id == person.slug
    ]
    return page(request, "articles/reviewer.html", {"reviewer": person, "signed": signed})


@require_safe
def sources(request: HttpRequest) -> HttpResponseBase:
    cited_by = defaultdict(list)
    for guide, _state in shown_guides(timezone.now()):
        for snapshot in guide.words.sources:
            cited_by[snapshot["key"]].append({"title": guide.words.title, "url": guide.get_absolute_url()})
    listed = [
        {**presenting.source(source.snapshot()), "cited_by": cited_by[source.key]} for source in Source.objects.all()
    ]
    return page(request, "articles/sources.html", {"sources": listed})


@require_safe
def faq(request: HttpRequest) -> HttpResponseBase:
    """Every question that a guide answers, under its guide; each has an address that opens it."""
    shown = shown_guides(timezone.now())
    fillings = presenting.Fillings.of_site()
    # The page of general questions first: it has what people ask before they know where to look.
    shown.sort(key=lambda pair: (pair[0].section != Section.FAQ, list(Section.values).index(pair[0].section)))
    groups = []
    for guide, state in shown:
        questions = list(questions_of(guide.html.html))
        if questions:
            asked = [presenting.question(guide, question, fillings) for question in questions]
            groups.append({"guide": presenting.card(guide, state), "questions": asked})
    return page(request, "articles/faq.html", {"groups": groups, "sample": any_sample(shown)})


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What fits a search. The answer is kept nowhere, and neither is what was asked."""
    now = timezone.now()
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    index = index_of(LANGUAGE)
    results = index.find(query)
    shown = [(hit, hit.guide.public_state(now)) for hit in results.hits]
    context = {
        "canonical": settings.SITE_URL + request.path,
        "query": query,
        "danger": red_flags.means_danger(query),
        "help": index.guide("safety", "when-to-get-help"),
        "terms": results.terms,
        "corrected": results.corrected,
        "hits": [
            {**presenting.card(hit.guide, state), "title": hit.title, "excerpt": hit.excerpt, "answers": hit.answers}
            for hit, state in shown
        ],
        "sample": any(state.is_sample for _hit, state in shown),
        "others": [presenting.card(guide, guide.public_state(now)) for guide in index.guides[:3]],
    }
    response = HttpResponse(render_to_string("articles/search.html", context))
    # The address holds what was asked: it goes to nobody, not even to this site's own proxy.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
