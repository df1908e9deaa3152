"""The safety plan: read, written and printed on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal import reading, sealed
from journal.gate import journal_page, owner_of
from journal.plan import person_in, plan_entry
from ketcare.site import clinic


@require_safe
@journal_page
def plan(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    entry = plan_entry(owner)
    words = reading.opened(sealed.to_read(owner), entry) if entry else {}
    context = {
        "entry": entry,
        "words": words,
        "person": person_in(words or {}),
        "clinic": clinic.details(),
    }
    return render(request, "journal/plan.html", context)
