"""Looking back: session by session, by time, by a word; what is kept for a therapist; and the line of one's mood."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from journal import insight, reading, sealed, steps
from journal.choices import choices_of
from journal.gate import history_of, journal_page, owner_of
from journal.models import Entry, Kind
from journal.texts import as_kept
from ketcare.accounts.private import asked_first, is_silent

MOST_FOUND: Final = 100
LONGEST_ASKED: Final = 200


@require_safe
@journal_page
def look_back(request: HttpRequest) -> HttpResponse:
    """The sessions side by side, newest first, and the mood of the days after them."""
    owner = owner_of(request)
    history = history_of(owner)
    context: dict[str, Any] = {"line": None}
    context["sittings"] = [one for one in reversed(history.sittings) if one.number and one.day >= 0]
    if not choices_of(owner).hides_numbers:
        days = Entry.objects.filter(owner=owner, kind=Kind.REFLECTION, trashed_at__isnull=True)
        newest = days.select_related("treatment").order_by("-written_at", "-id")[: insight.MOST_DAYS]
        context["line"] = insight.mood_line(reading.shown(sealed.to_read(owner), newest))
    return render(request, "journal/look_back.html", context)


@require_POST
@journal_page
def find(request: HttpRequest) -> HttpResponse:
    """Entries and notes on sessions that hold a word. What is looked for stands in no address, and is kept nowhere."""
    if is_silent(request):
        return asked_first(request, reverse("look_back"))
    owner = owner_of(request)
    journal = sealed.to_read(owner)
    asked = as_kept(request.POST.get("q", "")).strip()[:LONGEST_ASKED]
    context: dict[str, Any] = {"asked": asked, "entries": [], "sessions": []}
    if asked:
        rows = Entry.objects.filter(owner=owner, trashed_at__isnull=True).order_by("-written_at", "-id")
        held = insight.holding(asked, journal, rows, most=MOST_FOUND)
        context["entries"] = steps.with_states(owner, journal, held)
        noted = insight.noting(asked, journal, owner.treatments.order_by("-date", "-pk"), most=MOST_FOUND)
        history = history_of(owner)
        context["sessions"] = [(history.of(treatment), notes) for treatment, notes in noted]
    context["found"] = len(context["entries"]) + len(context["sessions"])
    context["more"] = MOST_FOUND in {len(context["entries"]), len(context["sessions"])}
    return render(request, "journal/found.html", context)


@require_safe
@journal_page
def for_therapist(request: HttpRequest) -> HttpResponse:
    """Everything that is marked, on one page that prints well."""
    owner = owner_of(request)
    rows = Entry.objects.filter(owner=owner, trashed_at__isnull=True).order_by("written_at", "id")
    journal = sealed.to_read(owner)
    kept = steps.with_states(owner, journal, insight.kept(journal, rows))
    return render(request, "journal/for_therapist.html", {"entries": kept, "today": timezone.localdate()})
