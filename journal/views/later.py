"""Some days later: what the notes of a session might mean, and what to do where little or nothing changed."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from journal import reading, sealed, sheets
from journal.gate import journal_page, owner_of, treatment_for
from journal.models import Entry, Kind
from journal.views.saving import FORM_METHODS, written
from journal.words import Shape
from ketcare.site import clinic, pairs


@require_http_methods(FORM_METHODS)
@journal_page
def meaning(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """The notes beside the intentions, opened, with one box below."""
    owner, treatment = owner_of(request), treatment_for(request, ref)
    rows = Entry.objects.filter(owner=owner, treatment=treatment, trashed_at__isnull=True).select_related("treatment")
    listed = reading.shown(sealed.to_read(owner), rows.filter(kind__in=[Kind.INTENTION, Kind.NOTE]).order_by("id"))
    notes = [one for one in listed if one.entry.kind == Kind.NOTE and (one.words or {}).get("shape") != Shape.MEANING]
    more = {
        "treatment": treatment,
        "intentions": [one for one in listed if one.entry.kind == Kind.INTENTION],
        "notes": notes,
    }
    return written(request, sheets.meaning(treatment), template="journal/meaning.html", **more)


@require_safe
@journal_page
def faded(request: HttpRequest) -> HttpResponse:
    """“The same”, “Harder”, “It has mostly faded”: what to ask, whom to call, and that it is nobody’s fault."""
    context = {"clinic": clinic.details(), "guides": pairs.guides_for("no-better", now=timezone.now())}
    return render(request, "journal/faded.html", context)
