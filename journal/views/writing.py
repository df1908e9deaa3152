"""The forms in which people write, and what becomes of a post: saved, given back, or shown beside another text."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from journal import drafts, helping, reading, rescue, sealed, tokens, writing
from journal.forms import FORMS, EntryForm
from journal.gate import entry_for, journal_page, owner_of, treatment_for
from journal.models import Entry, EntryVersion, Kind, Treatment
from journal.plan import person_of, plan_entry
from journal.sealed import Journal
from journal.tokens import FormToken, Place
from journal.words import Words, both, fields_from

FORM_METHODS = ["GET", "HEAD", "POST"]
ASTRAY = _lazy("We could not tell where this belongs. Your words are here: look at them and save again.")


@dataclass(frozen=True)
class Sheet:
    """One place to write in: what stands there already, and the words around the boxes."""

    place: Place
    heading: str
    hint: str = ""
    entry: Entry | None = None


@require_http_methods(FORM_METHODS)
@journal_page
def write_note(request: HttpRequest, ref: uuid.UUID | None = None) -> HttpResponseBase:
    """A note, about a session or just so. There can be many."""
    treatment = treatment_for(request, ref) if ref else None
    return _written(request, Sheet(Place.of(Kind.NOTE, treatment), _("A note")))


@require_http_methods(FORM_METHODS)
@journal_page
def write_intentions(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    treatment = treatment_for(request, ref)
    return _written(request, _intentions(treatment, _standing(treatment, Kind.INTENTION)))


@require_http_methods(FORM_METHODS)
@journal_page
def write_day(request: HttpRequest, ref: uuid.UUID, day: int) -> HttpResponseBase:
    """The one reflection of a day after a session; on a later day, too."""
    if not 1 <= day <= 7:
        raise Http404
    treatment = treatment_for(request, ref)
    return _written(request, _day(treatment, day, _standing(treatment, Kind.REFLECTION, day)))


@require_http_methods(FORM_METHODS)
@journal_page
def change_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """The same boxes for what was written already. Where a conflict was shown, `settle` says what is to stay."""
    entry = entry_for(request, ref)
    if entry.kind not in FORMS:
        raise Http404
    return _written(request, _sheet_of(entry))


@require_http_methods(FORM_METHODS)
@journal_page
def write_plan(request: HttpRequest) -> HttpResponseBase:
    return _written(request, _plan(plan_entry(owner_of(request))))


def _plan(entry: Entry | None) -> Sheet:
    hint = _("Fill in what you can today. The rest can wait.")
    return Sheet(Place.of(Kind.PLAN), _("My safety plan"), hint, entry)


def _standing(treatment: Treatment, kind: Kind, day: int = 0) -> Entry | None:
    found = Entry.objects.filter(treatment=treatment, kind=kind, day=day, trashed_at__isnull=True)
    return found.filter(owner=treatment.owner_id).first()


def _intentions(treatment: Treatment | None, entry: Entry | None) -> Sheet:
    hint = _("One is enough, three at most. A single word counts. The session may go elsewhere, and that is fine.")
    return Sheet(Place.of(Kind.INTENTION, treatment), _("Before your session"), hint, entry)


def _day(treatment: Treatment | None, day: int, entry: Entry | None) -> Sheet:
    heading = _("Day %(day)d after") % {"day": day}
    return Sheet(Place.of(Kind.REFLECTION, treatment, day), heading, _("A line is enough."), entry)


def _sheet_of(entry: Entry) -> Sheet:
    if entry.kind == Kind.PLAN:
        return _plan(entry)
    if entry.kind == Kind.INTENTION:
        return _intentions(entry.treatment, entry)
    if entry.kind == Kind.REFLECTION:
        return _day(entry.treatment, entry.day, entry)
    return Sheet(Place.of(entry.kind, entry.treatment, entry.day), _("A note"), entry=entry)


# What becomes of it -----------------------------------------------------------------------------------------------


def _written(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    owner = owner_of(request)
    if request.method != "POST":
        return _page(request, sheet, *_begun(request, sheet))
    token = tokens.read(request.POST.get(tokens.FIELD, ""), still_alive=False)
    if token and token.owner != owner.ref and (kept := rescue.kept_for_owner(request)):
        return kept  # somebody else sits there now: the words go to whom they belong
    form = FORMS[sheet.place.kind](request.POST)
    if token is None or token.owner != owner.ref or token.place != sheet.place:
        form.add_error(None, ASTRAY)
        return _page(request, sheet, form, _begun(request, sheet)[1], status=400)
    if not form.is_valid():
        return _page(request, sheet, form, token, status=400)
    journal, now = sealed.to_write(owner), timezone.now()
    words = _settled(request, journal, token, form)
    try:
        entry = writing.save(owner, journal, token, words, now=now)
    except writing.Conflict as conflict:
        drafts.keep(owner, journal, token, drafts.typed_in(request.POST), now=now)
        return _both_shown(request, journal, conflict.entry, form, token)
    if helping.grows(owner, journal, token, words):
        return _helped(request, entry)
    return saved(request, entry.saved_at, _next(entry))


def _helped(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The answer to a save with help in it: no address, web session or log tells of the words."""
    person = None if entry.kind == Kind.PLAN else person_of(owner_of(request))
    context = {"saved_at": timezone.localtime(entry.saved_at), "person": person, "onward": _next(entry)}
    return render(request, "journal/helped.html", context)


def _begun(request: HttpRequest, sheet: Sheet) -> tuple[EntryForm, FormToken]:
    """The form as it stands before anyone types, and its token."""
    owner, form, entry = owner_of(request), FORMS[sheet.place.kind], sheet.entry
    if entry is None:
        return form(), FormToken.for_new(owner, sheet.place)
    words = reading.opened(sealed.to_read(owner), entry) or {}
    return form(initial=fields_from(words)), FormToken.for_old(owner, sheet.place, entry.ref, entry.version)


def _page(request: HttpRequest, sheet: Sheet, form: EntryForm, token: FormToken, status: int = 200) -> HttpResponse:
    context = {"sheet": sheet, "form": form, "token": token.signed(), "action": request.path}
    return render(request, "journal/write.html", context, status=status)


def _settled(request: HttpRequest, journal: Journal, token: FormToken, form: EntryForm) -> Words:
    """What is to be saved: the form's words, or with what was saved meanwhile where both were asked for."""
    if request.POST.get("settle") != "both":
        return form.words()
    found: Mapping[str, Any] = {"owner": owner_of(request), "ref": token.ref}
    kept: Entry | EntryVersion | None = Entry.objects.filter(**found, version=token.base).first()
    if kept is None:
        kept = (
            EntryVersion.objects.filter(entry__owner=found["owner"], entry__ref=token.ref, version=token.base)
            .select_related("entry")
            .first()
        )
    return both(reading.opened(journal, kept) or {}, form.words()) if kept else form.words()


def _both_shown(
    request: HttpRequest, journal: Journal, entry: Entry, form: EntryForm, token: FormToken
) -> HttpResponse:
    """What is saved and what was sent, side by side; whoever wrote them chooses."""
    context = {
        "saved": reading.Shown(reading.opened(journal, entry), entry),
        "form": form,
        "token": token.moved_to(entry.ref, entry.version).signed(),
        "draft": token.form,
    }
    return render(request, "journal/conflict.html", context, status=409)


def _next(entry: Entry) -> str:
    if entry.kind == Kind.PLAN:
        return reverse("plan")
    return reverse("entry", args=[entry.ref])


def saved(request: HttpRequest, at: Any, to: str) -> HttpResponseBase:
    """Tells when it was saved, in the owner's time, and goes on."""
    state = _("Saved at %(time)s.") % {"time": time_format(timezone.localtime(at), "H:i")}
    messages.success(request, state)
    return JsonResponse({"state": state, "to": to}) if rescue.wants_json(request) else redirect(to)
