"""Private pages about one's own account; what allauth has (sign-in, factors, e-mail) is only dressed by templates."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ketcare.accounts import invitations
from ketcare.accounts.forms import PreferencesForm
from ketcare.accounts.models import User, WebSession
from ketcare.accounts.sessions import hash_of
from ketcare.site import events
from ketcare.site.events import Verb
from ketcare.site.models import Event


@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Where an invitation's link leads: it is remembered in the web session, and sign-up is open."""
    found = invitations.with_token(token, timezone.now())
    if found is None:
        return render(request, "account/invitation_over.html", status=404)
    request.session[invitations.IN_SESSION] = str(found.ref)
    return redirect("account_signup")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponseBase:
    user = cast(User, request.user)
    form = PreferencesForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("settings")
    factors = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "person": user,
        "passkeys": factors.count(Authenticator.Type.WEBAUTHN),
        "second_step": any(factor != Authenticator.Type.RECOVERY_CODES for factor in factors),
    }
    return render(request, "account/settings.html", context)


@require_safe
@login_required
def browsers(request: HttpRequest) -> HttpResponse:
    """The browsers in which one is signed in, this one first."""
    here = hash_of(request.session.session_key or "")
    rows = WebSession.objects.filter(owner=cast(User, request.user), expires_at__gt=timezone.now())
    listed = sorted(rows, key=lambda row: row.key_hash != here)
    return render(request, "account/browsers.html", {"browsers": listed, "here": here})


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def end_browsers(request: HttpRequest) -> HttpResponseBase:
    """Signs out the browser that the form names, or all others."""
    user = cast(User, request.user)
    rows = WebSession.objects.filter(owner=user)
    if ref := request.POST.get("ref"):
        try:
            rows = rows.filter(ref=ref)
        except ValidationError:  # no uuid
            raise Http404 from None
        if not rows:
            raise Http404
    else:
        rows = rows.exclude(key_hash=hash_of(request.session.session_key or ""))
    for row in rows:
        events.record(Verb.ENDED, owner=user.ref, object_ref=str(row.ref))
    rows.delete()
    messages.success(request, _("Done. Whoever sits there has to sign in again."))
    return redirect("browsers")


@require_safe
@login_required
def own_events(request: HttpRequest) -> HttpResponse:
    found = Event.objects.filter(owner_ref=cast(User, request.user).ref)[:200]
    listed = [{"at": event.at, "what": events.Verb(event.verb).label} for event in found]
    return render(request, "account/events.html", {"events": listed})


@require_safe
@login_required
def totp_qr(request: HttpRequest) -> HttpResponse:
    """The picture of the secret that setting up an app shows. Pages here may not hold a picture in themselves."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404
    adapter = get_factor_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(cast(User, request.user), secret))
    return HttpResponse(picture, content_type="image/svg+xml")
