"""The capture page: made ready by whoever is signed in, and then open without sign-in (see `journal.capture`)."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from journal import capture, helping, limits, rescue, sealed, tokens, writing
from journal.capture import Pass
from journal.gate import journal_page, owner_of, treatment_for
from journal.models import Entry
from journal.sealed import Journal, Locked
from journal.texts import LONGEST
from journal.words import CAPTURED, Words
from ketcare import crisis, errors
from ketcare.accounts.models import User
from ketcare.site import clinic
from ketcare.site.prompts import prompts

BOXES: Final = [(name, f"capture-{number}") for number, name in enumerate(CAPTURED, 1)]


@require_POST
@journal_page
def prepare_capture(request: HttpRequest) -> HttpResponseBase:
    """Makes this device ready, for the session that the form names."""
    owner, now = owner_of(request), timezone.now()
    try:
        treatment = treatment_for(request, uuid.UUID(request.POST["session"])) if request.POST.get("session") else None
    except ValueError:
        raise Http404 from None
    response = redirect("capture")
    Pass.made(owner, treatment, now=now).set_on(response, now=now)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def capture_page(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    held = Pass.brought_by(request, now=now)
    owner = held.whose() if held else None
    if held is None or owner is None:
        return _over(request)
    try:
        if request.method == "POST":
            return _added(request, held, owner)
        journal = sealed.to_read(owner)
        return _page(request, held, journal, capture.words_of(journal, capture.entry_of(owner, held)))
    except Locked as problem:
        return rescue.locked(request, problem)


def _over(request: HttpRequest) -> HttpResponseBase:
    """Its time is over, or this is another device. Words that come all the same are kept for their owner."""
    if request.method != "POST":
        return render(request, "journal/capture_over.html", status=404)
    said = _("The time of this page is over. What you wrote is kept as unsaved text in your journal.")
    return rescue.kept_for_owner(request, said) or errors.error_page(403, request, "journal/capture_over.html")


def _added(request: HttpRequest, held: Pass, owner: User) -> HttpResponseBase:
    now = timezone.now()
    token = tokens.read(request.POST.get(tokens.FIELD, ""), still_alive=False)
    if token is None or token.owner != owner.ref or token.ref != held.fragment:
        # A page of another fragment, as after "Back": its words are kept, and found under unsaved text.
        said = _("A newer page is open for this. What you wrote here is kept as unsaved text in your journal.")
        return rescue.kept_for_owner(request, said) or errors.error_page(400, request)
    if limits.too_many(owner.ref, now=now):
        return errors.error_page(429, request)
    typed = capture.typed_in(request.POST)
    if any(len(text) > LONGEST for text in typed.values()):
        return errors.error_page(413, request)
    journal = sealed.to_write(owner)
    before = capture.words_of(journal, capture.entry_of(owner, held))
    try:
        entry = capture.add(owner, journal, held, typed, base=token.base, now=now)
    except writing.Conflict:
        return errors.error_page(503, request)
    words, is_done = capture.words_of(journal, entry), request.POST.get("at") == "done"
    # Whoever leaves the page meets it once more: nothing stands beside them then.
    larger = helping.grows(owner, words, dict if is_done else lambda: before)
    if rescue.wants_json(request):
        return JsonResponse(_told(owner, held, entry, words, now=now) | {"larger": larger})
    if is_done:
        return _done(request, held, entry, larger=larger)
    if larger:
        return _page(request, held, journal, words, at=_at(request), larger=True)
    return redirect(f"{reverse('capture')}?at={_at(request)}")


def _told(owner: User, held: Pass, entry: Entry | None, words: Words, *, now: dt.datetime) -> dict[str, Any]:
    """For the script: the state in words, the token to go on with, and what the boxes hold by now."""
    time = time_format(timezone.localtime(now, zoneinfo.ZoneInfo(owner.time_zone)), "H:i")
    return {
        "state": _("Saved at %(time)s.") % {"time": time} if entry else "",
        "token": held.token(entry).signed(),
        "boxes": {name: words.get(name, "") for name in CAPTURED},
    }


def _at(request: HttpRequest) -> int:
    """Which of the four is on the screen."""
    asked = request.POST.get("at") or request.GET.get("at", "")
    return int(asked) if asked in {"1", "2", "3", "4"} else 1


def _done(request: HttpRequest, held: Pass, entry: Entry | None, *, larger: bool) -> HttpResponse:
    """The fragment is closed to the page, and the next one begins."""
    context = {"region": crisis.region(), "clinic": clinic.details(), "is_saved": entry is not None, "larger": larger}
    response = render(request, "journal/capture_done.html", context)
    held.with_new_fragment().set_on(response, now=timezone.now())
    return response


def _page(
    request: HttpRequest, held: Pass, journal: Journal, words: Words, *, at: int = 0, larger: bool = False
) -> HttpResponse:
    owner = held.whose()
    entry = capture.entry_of(owner, held) if owner else None
    asked = prompts(*(place for _name, place in BOXES))
    context = {
        "boxes": [(name, asked[place], words.get(name, "")) for name, place in BOXES],
        "at": at or _at(request),
        "token": held.token(entry).signed(),
        "region": crisis.region(),
        "clinic": clinic.details(),
        "larger": larger,
    }
    return render(request, "journal/capture.html", context)
