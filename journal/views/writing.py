"""The forms in which people write, each with its sheet; `journal.views.saving` takes in what they send."""

import uuid

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from journal import reading, sealed, sheets
from journal.bringing import brought_to
from journal.cards import Card
from journal.forms import FORMS
from journal.gate import entry_for, history_of, journal_page, owner_of, treatment_for
from journal.models import Entry, Kind, Treatment
from journal.plan import plan_entry
from journal.sheets import Sheet
from journal.views.saving import FORM_METHODS, written

CARDS = {str(int(card)) for card in Card}


@require_http_methods(FORM_METHODS)
@journal_page
def write_note(request: HttpRequest, ref: uuid.UUID | None = None) -> HttpResponseBase:
    """A note, about a session or just so. There can be many."""
    return written(request, sheets.note(treatment_for(request, ref) if ref else None))


@require_http_methods(FORM_METHODS)
@journal_page
def write_since(request: HttpRequest) -> HttpResponseBase:
    """What has held, what has faded, what to ask."""
    return written(request, sheets.since())


@require_http_methods(FORM_METHODS)
@journal_page
def write_intentions(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    treatment = treatment_for(request, ref)
    return written(request, _intentions(request, treatment, _standing(treatment, Kind.INTENTION)))


@require_http_methods(FORM_METHODS)
@journal_page
def write_day(request: HttpRequest, ref: uuid.UUID, day: int) -> HttpResponseBase:
    """The one reflection of a day after a session; on a later day, too. `card` asks for another card of the week."""
    if not 1 <= day <= 7:
        raise Http404
    treatment = treatment_for(request, ref)
    entry = _standing(treatment, Kind.REFLECTION, day)
    if entry is not None and request.method != "POST":
        words = reading.opened(sealed.to_read(owner_of(request)), entry) or {}
        return written(request, sheets.of_entry(entry, words))
    return written(request, day_sheet(request, treatment, day, entry))


@require_http_methods(FORM_METHODS)
@journal_page
def write_plan(request: HttpRequest) -> HttpResponseBase:
    return written(request, sheets.plan(plan_entry(owner_of(request))))


@require_http_methods(FORM_METHODS)
@journal_page
def write_step(request: HttpRequest) -> HttpResponseBase:
    return written(request, sheets.step())


@require_http_methods(FORM_METHODS)
@journal_page
def change_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """The same boxes for what was written already. Where a conflict was shown, `settle` says what is to stay."""
    entry = entry_for(request, ref)
    if entry.kind not in FORMS:
        raise Http404
    if entry.kind == Kind.INTENTION and entry.treatment is not None:
        return written(request, _intentions(request, entry.treatment, entry))
    words = reading.opened(sealed.to_read(owner_of(request)), entry) or {}
    return written(request, sheets.of_entry(entry, words))


def _intentions(request: HttpRequest, treatment: Treatment, entry: Entry | None) -> Sheet:
    owner = owner_of(request)
    return sheets.intentions(treatment, entry, brought=brought_to(treatment, history_of(owner), sealed.to_read(owner)))


def day_sheet(request: HttpRequest, treatment: Treatment, day: int, entry: Entry | None = None) -> Sheet:
    """The sheet of a day; the card and the question that were asked for come from the address or the form."""
    asked = request.POST.get("to", "") if request.method == "POST" else request.GET.get("card", "")
    wanted = asked.removeprefix("card-") if asked.startswith("card-") else request.POST.get("card", asked)
    card = int(wanted) if wanted in CARDS else 0
    return sheets.day(
        treatment, day, entry, card=card, offered=sheets.offered_on(history_of(owner_of(request)), treatment, day)
    )


def _standing(treatment: Treatment, kind: Kind, day: int = 0) -> Entry | None:
    found = Entry.objects.filter(treatment=treatment, kind=kind, day=day, trashed_at__isnull=True)
    return found.filter(owner=treatment.owner_id).first()
