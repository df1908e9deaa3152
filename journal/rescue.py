"""Words that arrive when nobody is signed in, or from a form that is out of date: kept for their owner, shown to none.

A post to the journal that carries a valid form token (`journal.tokens`) says to whom its words belong. They are sealed
at once as that person's draft; whoever sits there is asked to sign in.
"""

import logging

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from journal import drafts, limits, sealed, tokens
from journal.sealed import Gone, Locked
from journal.tokens import FormToken
from ketcare import errors
from ketcare.accounts.models import User
from ketcare.giving_back import PREFIX

log = logging.getLogger("journal")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Django's view for a stale or missing CSRF token (CSRF_FAILURE_VIEW), on every page of the site."""
    kept = kept_for_owner(request) if request.path.startswith(PREFIX) else None
    return kept or errors.csrf_failure(request, reason)


def asked_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """For a page of the journal, and nobody is signed in."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    if kept := kept_for_owner(request):
        return kept
    page = errors.error_page(403, request, "journal/signed_out.html")
    # A button without words: what it was to do is done anew after signing in.
    return page if drafts.typed_in(request.POST) else redirect_to_login(reverse("today"))


def kept_for_owner(request: HttpRequest, said: str = "", *, unless_saved: bool = False) -> HttpResponse | None:
    """Seals the posted words as a draft of the owner that the token names. None where there is no valid token.

    `said`: what to say of it, where it is not that the form was old or its owner signed out. `unless_saved`: only what
    is not saved by now.
    """
    token = tokens.read(request.POST.get(tokens.FIELD, ""))
    owner = User.objects.filter(ref=token.owner, is_active=True).first() if token else None
    if token is None or owner is None:
        return None
    now = timezone.now()
    if request.user != owner and limits.too_many(owner.ref, now=now):
        return errors.error_page(429, request)
    try:
        keep = drafts.keep_typed if unless_saved else drafts.keep
        keep(owner, sealed.to_write(owner), token, drafts.typed_in(request.POST), now=now)
    except drafts.TooLarge:
        return errors.error_page(413, request)
    except Locked as problem:
        return locked(request, problem)
    return _told(request, owner, token, said)


def locked(request: HttpRequest, problem: Locked) -> HttpResponse:
    """The page for a journal whose key does not open. The words of a post are given back in it."""
    if isinstance(problem, Gone):
        return errors.error_page(410, request, "journal/gone.html")
    log.error("A journal does not open: %s", problem)
    return errors.error_page(503, request, "journal/locked.html")


def _told(request: HttpRequest, owner: User, token: FormToken, said: str) -> HttpResponse:
    """Says that the words are kept, and to whom they come back; nothing of them is shown."""
    is_owner = request.user == owner
    if not said and is_owner:
        said = _(
            "The page had been open for so long that we could not be sure of it. Your words are kept as unsaved text, "
            "and they are not saved yet."
        )
    said = said or _("You were signed out. Sign in and your words come back, to you only.")
    if wants_json(request):
        return JsonResponse({"state": said}, status=403)
    context = {"said": said, "is_owner": is_owner, "back": reverse("draft", args=[token.form])}
    return render(request, "journal/kept.html", context, status=403)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, and not a browser that goes to a page."""
    return request.headers.get("Accept", "").startswith("application/json")
