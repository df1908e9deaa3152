"""A person's sessions: added, moved, called off, and looked at with all that was written about each."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import drafts, reading, rescue, sealed, steps, tokens, treatments
from journal.gate import history_of, journal_page, owner_of, treatment_for
from journal.models import Entry, Kind, Treatment
from journal.sealed import Journal
from journal.tokens import SESSION, FormToken, Place
from journal.treatment_forms import TreatmentForm, fields_of
from journal.views.saving import ASTRAY, FORM_METHODS, kept, saved
from journal.words import joined
from ketcare.accounts.models import User

PLACE = Place(SESSION)


@require_safe
@journal_page
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "journal/sessions.html", {"history": history_of(owner_of(request))})


@require_safe
@journal_page
def session(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """One session with its intentions, its notes and its days."""
    owner, treatment = owner_of(request), treatment_for(request, ref)
    journal, sitting = sealed.to_read(owner), history_of(owner).of(treatment)
    rows = Entry.objects.filter(owner=owner, treatment=treatment, trashed_at__isnull=True).select_related("treatment")
    listed = steps.with_states(owner, journal, reading.shown(journal, rows.order_by("day", "written_at", "id")))
    written = {shown.entry.day for shown in listed if shown.entry.kind == Kind.REFLECTION}
    context = {
        "sitting": sitting,
        "treatment": treatment,
        "notes": reading.notes(journal, treatment),
        "intentions": [shown for shown in listed if shown.entry.kind == Kind.INTENTION],
        "others": [shown for shown in listed if shown.entry.kind != Kind.INTENTION],
        "days": [day for day in range(1, min(sitting.day, 7) + 1) if day not in written],
    }
    return render(request, "journal/session.html", context)


# Adding and changing ----------------------------------------------------------------------------------------------


@require_http_methods(FORM_METHODS)
@journal_page
def add_session(request: HttpRequest) -> HttpResponseBase:
    owner = owner_of(request)
    if request.method != "POST":
        form = TreatmentForm(history=history_of(owner), initial={"date": timezone.localdate()})
        return _page(request, form, FormToken.for_new(owner, PLACE))
    return _saved(request, None)


@require_http_methods(FORM_METHODS)
@journal_page
def change_session(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """Moves a session, or changes what was told about it."""
    owner, treatment = owner_of(request), treatment_for(request, ref)
    if request.method != "POST":
        initial = fields_of(treatment, reading.notes(sealed.to_read(owner), treatment) or "")
        form = TreatmentForm(history=history_of(owner), treatment=treatment, initial=initial)
        return _page(request, form, FormToken.for_old(owner, PLACE, ref, treatment.version))
    return _saved(request, treatment)


def _saved(request: HttpRequest, treatment: Treatment | None) -> HttpResponseBase:
    owner = owner_of(request)
    token = tokens.read(request.POST.get(tokens.FIELD, ""), still_alive=False)
    if token and token.owner != owner.ref and (answer := rescue.kept_for_owner(request)):
        return answer
    form = TreatmentForm(request.POST, history=history_of(owner), treatment=treatment)
    fits = token is not None and token.owner == owner.ref and token.place == PLACE
    if token is None or not fits or (treatment is not None and token.ref != treatment.ref):
        form.add_error(None, ASTRAY)
        version = treatment.version if treatment else 0
        anew = FormToken.for_old(owner, PLACE, treatment.ref if treatment else uuid.uuid4(), version)
        return kept(request, anew) or _page(request, form, anew, status=400)
    if not form.is_valid():
        return kept(request, token) or _page(request, form, token, status=400)
    journal, now = sealed.to_write(owner), timezone.now()
    try:
        row = treatments.save(owner, journal, token, form.told(), now=now)
    except treatments.Changed as changed:
        return kept(request, token) or _both_shown(request, journal, changed.treatment, form, token)
    return saved(request, now, reverse("session", args=[row.ref]), token.moved_to(row.ref, row.version))


def _page(request: HttpRequest, form: TreatmentForm, token: FormToken, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "token": token.signed(), "action": request.path, **more}
    return render(request, "journal/session_form.html", context, status=status)


def _both_shown(
    request: HttpRequest, journal: Journal, treatment: Treatment, form: TreatmentForm, token: FormToken
) -> HttpResponse:
    """The form as it was sent, with both notes in its box, beside what is saved."""
    owner, told = owner_of(request), form.told()
    notes = reading.notes(journal, treatment) or ""
    fields = {**told, "notes": joined(notes, told["notes"])}
    anew = TreatmentForm(history=history_of(owner), treatment=treatment, initial=fields)
    moved = token.moved_to(treatment.ref, treatment.version)
    action = reverse("change_session", args=[treatment.ref])
    return _page(request, anew, moved, 409, action=action, saved=treatment, saved_notes=notes)


def form_with(owner: User, found: drafts.Unsaved) -> TreatmentForm:
    """The form of a session as a draft left it."""
    treatment = owner.treatments.filter(ref=found.draft.ref).first()
    return TreatmentForm(history=history_of(owner), treatment=treatment, initial=found.fields)


@require_POST
@journal_page
def call_off_session(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    treatments.call_off(treatment_for(request, ref), now=timezone.now())
    messages.success(request, _("It is called off. Everything that you wrote about it stays."))
    return redirect("session", ref)


@require_POST
@journal_page
def session_takes_place(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    treatments.take_place_after_all(treatment_for(request, ref))
    messages.success(request, _("It takes place after all."))
    return redirect("session", ref)
