"""What all private pages have in common: they are kept nowhere, and ask again who sits there after a silence."""

import datetime as dt
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from ketcare.accounts.models import User
from ketcare.errors import database_away, error_page, is_database_away

View = Callable[..., HttpResponseBase]

PREFIXES = ("/accounts/", "/journal/", "/admin/")
METHODS = ["GET", "HEAD", "POST"]
ACTIVE_AT = "active_at"
# A sign of activity is written down at most this often.
STEP = dt.timedelta(minutes=1)
# Where somebody shows who they are, or leaves.
ALWAYS_OPEN = (
    "/accounts/reauthenticate/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/reauthenticate/",
    "/accounts/logout/",
    "/accounts/login/",
    # Where nobody is to be asked anything; both show nothing that was written.
    "/journal/rough/",
    "/journal/capture/",
)


def last_sign_of(request: HttpRequest, user: User) -> dt.datetime:
    """When this browser last showed that its owner is there: used a page, or showed who they are."""
    moments = [float(request.session.get(ACTIVE_AT, 0))]
    moments += [record["at"] for record in get_authentication_records(request, user)]
    return dt.datetime.fromtimestamp(max(moments), dt.UTC)


def is_silent(request: HttpRequest) -> bool:
    """Whether nobody showed for longer than they allow that they are there; False where nobody is signed in."""
    user = request.user
    return isinstance(user, User) and timezone.now() - last_sign_of(request, user) > user.longest_idle


def asked_first(request: HttpRequest, onward: str) -> HttpResponse:
    """Asks whoever sits there who they are, and leads on. Who has no way to show that is signed out."""
    user = request.user
    ways = get_adapter().get_reauthentication_methods(user) if isinstance(user, User) else []
    if not ways:
        get_adapter().logout(request)
        return redirect_to_login(onward)
    return HttpResponseRedirect(f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: onward})}")


def shown_within(longest: dt.timedelta) -> Callable[[View], View]:
    """A view for whoever showed who they are no longer ago than that, at sign-in or since; others are asked first.

    What they posted is done once they have shown it.
    """

    def gate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            records = get_authentication_records(request, request.user) if isinstance(request.user, User) else []
            newest = max((record["at"] for record in records), default=0)
            if time.time() - newest > longest.total_seconds():
                raise ReauthenticationRequired
            return view(request, *args, **kwargs)

        return asked

    return gate


def _proofs(request: HttpRequest) -> int | None:
    """How often whoever is signed in has shown in this web session who they are; None where nobody is."""
    user = request.user
    return len(get_authentication_records(request, user)) if isinstance(user, User) else None


class PrivatePages:
    """Middleware. A post is never stopped by a silence: what somebody wrote is taken in, and then they are asked.

    So a view whose answer to a post would show more than what was posted asks first itself (`is_silent`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIXES):
            return self.get_response(request)
        try:
            response = self._answer(request)
        except Error as problem:
            if not is_database_away(problem):
                raise
            # Met before any view: nobody can be recognised while the database is away.
            response = database_away(problem, request)
        response.headers["Cache-Control"] = "no-store, private"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
        patch_vary_headers(response, ["Cookie", "Sec-Fetch-Site"])
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # Whatever is posted here is private, wherever it fails.
        request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
        proofs = _proofs(request)
        response = self._refusal(request) or self._question(request) or self.get_response(request)
        if proofs is not None and (_proofs(request) or 0) > proofs:
            # Somebody showed again who they are: the cookie from before that is worth nothing any more.
            request.session.cycle_key()
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """Another site may link here, and may not put these pages into its own. Nothing here is put or patched."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
        return error_page(403, request) if foreign and request.headers.get("Sec-Fetch-Dest") != "document" else None

    def _question(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if not is_silent(request):
            now = timezone.now()
            if now - last_sign_of(request, user) >= STEP:
                request.session[ACTIVE_AT] = now.timestamp()
            return None
        if request.method not in {"GET", "HEAD"} or request.path in ALWAYS_OPEN:
            return None
        return asked_first(request, request.get_full_path())
