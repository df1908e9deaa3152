"""The first page of the journal: what could I do now? One thing, and the rest within reach."""

from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from journal import moments, sheets
from journal.gate import history_of, journal_page, owner_of
from journal.history import History, Sitting
from journal.models import Entry, Kind
from journal.moments import Moment
from journal.sheets import Sheet
from journal.tokens import FormToken
from journal.views.unsaved import address_of
from ketcare.accounts.models import User
from ketcare.site import clinic, pairs
from ketcare.site.prompts import prompt


@require_safe
@journal_page
def today(request: HttpRequest) -> HttpResponse:
    owner, now = owner_of(request), timezone.now()
    history = history_of(owner)
    written = Entry.objects.filter(owner=owner, trashed_at__isnull=True)
    here = moments.now_in(history, last_written=written.aggregate(last=Max("saved_at"))["last"], now=now)
    context: dict[str, Any] = {
        "history": history,
        "moment": here.moment,
        "sitting": here.sitting,
        "eve": here.eve,
        "unsaved": owner.drafts.count(),
        "clinic": clinic.details(),
        "first_use": prompt("first-use"),
        "guides": pairs.guides_for(_pair(here), now=now),
    }
    if here.moment == Moment.AFTER and here.sitting is not None:
        context |= _after(owner, history, here.sitting)
    elif here.moment == Moment.BEFORE and here.sitting is not None:
        context["intentions"] = _standing(owner, here.sitting, Kind.INTENTION, 0)
    elif here.moment == Moment.KEEPING:
        context |= _open(owner, sheets.since(), reverse("write_since"))
    elif here.moment == Moment.BETWEEN:
        context |= _open(owner, sheets.note(), reverse("write_note"))
    return render(request, "journal/today.html", context)


def _after(owner: User, history: History, sitting: Sitting) -> dict[str, Any]:
    """Today's card with its box open, or what was written on it already; the notes, where they wait."""
    treatment, number = sitting.treatment, sitting.day
    offered = sheets.offered_on(history, treatment, number)
    notes = Entry.objects.filter(owner=owner, treatment=treatment, kind=Kind.NOTE, trashed_at__isnull=True)
    found: dict[str, Any] = {"meaning_later": bool(offered and offered.meaning_later and notes.exists())}
    if written := _standing(owner, sitting, Kind.REFLECTION, number):
        return {**found, "written": written}
    sheet = sheets.day(treatment, number, offered=offered)
    return {**found, **_open(owner, sheet, address_of(owner, sheet.place))}


def _standing(owner: User, sitting: Sitting, kind: Kind, day: int) -> Entry | None:
    place = {"treatment": sitting.treatment, "kind": kind, "day": day}
    return Entry.objects.filter(owner=owner, trashed_at__isnull=True, **place).first()


def _open(owner: User, sheet: Sheet, action: str) -> dict[str, Any]:
    """A sheet to write on, on this very page."""
    token = FormToken.for_new(owner, sheet.place).signed()
    return {"sheet": sheet, "form": sheet.form(), "token": token, "action": action}


def _pair(here: moments.Now) -> str:
    if here.moment == Moment.AFTER and here.sitting is not None:
        return f"day-{here.sitting.day}"
    return {Moment.SESSION_DAY: "session-day", Moment.BEFORE: "before", Moment.KEEPING: "keeping"}.get(here.moment, "")
