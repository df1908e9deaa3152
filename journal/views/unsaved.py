"""Unsaved text: kept while somebody types, found again, opened in its form, or thrown away."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal import drafts, rescue, sealed, tokens
from journal.forms import FORMS
from journal.gate import journal_page, owner_of
from journal.models import Entry, Kind
from journal.tokens import SESSION, Place
from journal.views.sessions import form_with
from ketcare import errors
from ketcare.accounts.models import User


@require_POST
@journal_page
def keep_draft(request: HttpRequest) -> HttpResponseBase:
    """What a form holds just now, sent by its script. Answers with the state in words."""
    owner = owner_of(request)
    token = tokens.read(request.POST.get(tokens.FIELD, ""), still_alive=False)
    if token is None:
        return errors.error_page(400, request)
    if token.owner != owner.ref:
        return rescue.kept_for_owner(request) or errors.error_page(403, request)
    journal, now = sealed.to_write(owner), timezone.now()
    try:
        drafts.keep_typed(owner, journal, token, request.POST, now=now)
    except drafts.TooLarge:
        return errors.error_page(413, request)
    state = _("Kept at %(time)s, not saved yet.") % {"time": time_format(timezone.localtime(now), "H:i")}
    return JsonResponse({"state": state})


@require_safe
@journal_page
def unsaved_texts(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    return render(request, "journal/unsaved.html", {"drafts": drafts.unsaved_of(owner, sealed.to_read(owner))})


@require_safe
@journal_page
def draft(request: HttpRequest, form: uuid.UUID) -> HttpResponseBase:
    """The form as it was left, to go on in."""
    owner = owner_of(request)
    found = drafts.unsaved(owner, form)
    if found is None:
        raise Http404
    if found.place is None or found.fields is None or found.place.kind not in {*FORMS, SESSION}:
        return render(request, "journal/unsaved.html", {"drafts": [found]})
    context = {"token": drafts.token_of(owner, found).signed(), "action": action_of(owner, found), "found": found}
    if found.place.kind == SESSION:
        return render(request, "journal/session_form.html", {**context, "form": form_with(owner, found)})
    boxes = FORMS[found.place.kind](initial=found.fields)
    if "question" in boxes.fields and found.fields.get("question"):
        boxes.fields["text"].label = found.fields["question"]
    return render(request, "journal/write.html", {**context, "form": boxes})


def action_of(owner: User, found: drafts.Unsaved) -> str:
    """Where the form of a draft is sent to: the address of what it changes, or of what it begins."""
    place, ref = found.place, found.draft.ref
    if place is None:
        raise Http404
    if place.kind == SESSION:
        exists = owner.treatments.filter(ref=ref).exists()
        return reverse("change_session", args=[ref]) if exists else reverse("add_session")
    if Entry.objects.filter(owner=owner, ref=ref).exists():
        return reverse("change_entry", args=[ref])
    return address_of(owner, place)


def address_of(owner: User, place: Place) -> str:
    """Where something new is written at that place."""
    ref = place.treatment
    if place.kind == Kind.PLAN:
        return reverse("write_plan")
    if place.kind == Kind.STEP:
        return reverse("write_step")
    if ref is None or not owner.treatments.filter(ref=ref).exists():
        return reverse("write_note")
    if place.kind == Kind.INTENTION:
        return reverse("write_intentions", args=[ref])
    if place.kind == Kind.REFLECTION:
        return reverse("write_day", args=[ref, place.day])
    return reverse("write_session_note", args=[ref])


@require_POST
@journal_page
def drop_draft(request: HttpRequest, form: uuid.UUID) -> HttpResponseBase:
    if not owner_of(request).drafts.filter(form=form).delete()[0]:
        raise Http404
    messages.success(request, _("The unsaved text is thrown away."))
    return redirect("today")
