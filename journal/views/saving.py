"""What becomes of a post of the journal: saved, kept as unsaved text, given back, or shown beside another text."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from journal import drafts, helping, reading, rescue, sealed, tokens, writing
from journal.forms import EntryForm
from journal.gate import owner_of
from journal.models import Entry, Kind
from journal.plan import person_of
from journal.sealed import Journal
from journal.sheets import Sheet
from journal.tokens import FormToken
from journal.words import Words, both, fields_from
from ketcare import errors
from ketcare.accounts.models import User
from ketcare.accounts.private import asked_first, is_silent

FORM_METHODS = ["GET", "HEAD", "POST"]
ASTRAY = _lazy("We could not tell where this belongs. Your words are here: look at them and save again.")


def written(request: HttpRequest, sheet: Sheet, template: str = "journal/write.html", **more: Any) -> HttpResponseBase:
    """The form of that sheet, or what becomes of its post; `more` is for a page of its own."""
    owner, page = owner_of(request), partial(_page, request, template=template, more=more)
    if request.method != "POST":
        return page(sheet, *_begun(request, sheet))
    token = tokens.read(request.POST.get(tokens.FIELD, ""), still_alive=False)
    if token and token.owner != owner.ref and (answer := rescue.kept_for_owner(request)):
        return answer  # somebody else sits there now: the words go to whom they belong
    is_astray = token is None or token.owner != owner.ref or token.place != sheet.place
    if token is None or is_astray:
        token = _begun(request, sheet)[1]
    if request.POST.get("to"):
        return kept(request, token) or page(*_asked_otherwise(request, sheet), token)
    sheet = sheet.as_asked(request.POST.get("question", ""))
    form = sheet.form(request.POST)
    if is_astray:
        form.add_error(None, ASTRAY)
    if not form.is_valid():
        return kept(request, token) or page(sheet, form, token, status=400)
    journal, now = sealed.to_write(owner), timezone.now()
    words = _settled(request, journal, token, form)
    try:
        with transaction.atomic():
            entry = writing.save(owner, journal, token, words, now=now)
            if request.POST.get("settle") == "saved" and (before := _started_from(owner, journal, token)):
                # What was sent is an earlier version now, below what was saved before it.
                entry = writing.save(owner, journal, token.moved_to(entry.ref, token.base + 1), before, now=now)
    except writing.Conflict as conflict:
        return kept(request, token) or _both_shown(request, journal, conflict.entry, form, token)
    if helping.grows(owner, words, partial(_started_from, owner, journal, token)):
        return _helped(request, entry)
    return saved(request, entry.saved_at, _next(entry), token.moved_to(entry.ref, entry.version))


def kept(request: HttpRequest, token: FormToken) -> HttpResponseBase | None:
    """Keeps what was posted and not saved, as the next page may be left without a word.

    After a long silence no page answers with anything that was written before: it asks who sits there, and leads back.
    """
    owner = owner_of(request)
    try:
        drafts.keep_typed(owner, sealed.to_write(owner), token, request.POST, now=timezone.now())
    except drafts.TooLarge:  # the page holds them
        return errors.error_page(413, request) if is_silent(request) else None
    is_there = owner.drafts.filter(form=token.form).exists()
    onward = reverse("draft", args=[token.form]) if is_there else reverse("today")
    return asked_first(request, onward) if is_silent(request) else None


def _helped(request: HttpRequest, entry: Entry) -> HttpResponse:
    """The answer to a save with help in it: no address, web session or log tells of the words."""
    person = None if entry.kind == Kind.PLAN or is_silent(request) else person_of(owner_of(request))
    context = {"saved_at": timezone.localtime(entry.saved_at), "person": person, "onward": _next(entry)}
    return render(request, "journal/helped.html", context)


def _asked_otherwise(request: HttpRequest, sheet: Sheet) -> tuple[Sheet, EntryForm]:
    """Another question or another card, with all that was typed; nothing is saved by that. One goes on in its box."""
    turn = request.POST["to"].removeprefix("ask-")
    asked = sheet.asking(int(turn)) if turn.isascii() and turn.isdigit() else sheet
    fields = request.POST.dict()
    if turn.startswith("fill-"):
        _fill(fields, sheet, turn.removeprefix("fill-"))
    form = asked.form(initial=fields)
    form.fields[form.first_box].widget.attrs["autofocus"] = True
    return asked, form


def _fill(fields: dict[str, Any], sheet: Sheet, number: str) -> None:
    """Puts a first word into the first box that is empty."""
    if number.isascii() and number.isdigit() and int(number) < len(sheet.fills):
        empty = [name for name in ("first", "second", "third") if not fields.get(name)]
        fields.update({name: sheet.fills[int(number)] for name in empty[:1]})


def _begun(request: HttpRequest, sheet: Sheet) -> tuple[EntryForm, FormToken]:
    """The form as it stands before anyone types, and its token."""
    owner, entry = owner_of(request), sheet.entry
    if entry is None:
        return sheet.form(), FormToken.for_new(owner, sheet.place)
    words = reading.opened(sealed.to_read(owner), entry) or {}
    return sheet.form(initial=fields_from(words)), FormToken.for_old(owner, sheet.place, entry.ref, entry.version)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    form: EntryForm,
    token: FormToken,
    *,
    template: str,
    more: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = {"sheet": sheet, "form": form, "token": token.signed(), "action": request.path, **more}
    return render(request, template, context, status=status)


def _settled(request: HttpRequest, journal: Journal, token: FormToken, form: EntryForm) -> Words:
    """What is to be saved: the form's words, or with what was saved meanwhile where both were asked for."""
    if request.POST.get("settle") != "both":
        return form.words()
    return both(_started_from(owner_of(request), journal, token), form.words())


def _started_from(owner: User, journal: Journal, token: FormToken) -> Words:
    """What the entry said when the form was opened."""
    found = writing.version_of(owner, token.ref, token.base)
    return (reading.opened(journal, found) if found else None) or {}


def _both_shown(
    request: HttpRequest, journal: Journal, entry: Entry, form: EntryForm, token: FormToken
) -> HttpResponse:
    """What is saved and what was sent, side by side; whoever wrote them chooses."""
    context = {
        "saved": reading.Shown(reading.opened(journal, entry), entry),
        "form": form,
        "sent": reading.Opened(form.words()),
        "token": token.moved_to(entry.ref, entry.version).signed(),
    }
    return render(request, "journal/conflict.html", context, status=409)


def _next(entry: Entry) -> str:
    if entry.kind == Kind.PLAN:
        return reverse("plan")
    if entry.kind == Kind.STEP:
        return reverse("steps")
    return reverse("entry", args=[entry.ref])


def saved(request: HttpRequest, at: Any, to: str, token: FormToken) -> HttpResponseBase:
    """Tells when it was saved, in the owner's time, and goes on.

    With the token, a script saves what was typed while the post was on its way.
    """
    state = _("Saved at %(time)s.") % {"time": time_format(timezone.localtime(at), "H:i")}
    messages.success(request, state)
    told = {"state": state, "to": to, "token": token.signed()}
    return JsonResponse(told) if rescue.wants_json(request) else redirect(to)
