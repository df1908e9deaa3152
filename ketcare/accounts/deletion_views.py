"""The page on which one's own account ends: now, in seven days, or after all not."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ketcare.accounts import deletion
from ketcare.accounts.models import User
from ketcare.site import retention


@require_safe
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def delete_account(request: HttpRequest) -> HttpResponse:
    return render(request, "account/delete.html", {"person": request.user, "days": retention.EVENTS.days})


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def delete_account_now(request: HttpRequest) -> HttpResponse:
    """Ends the account and answers with the last page that it sees."""
    user = cast(User, request.user)
    closed = user.is_staff
    deletion.set_deletion(user, at_once=True, now=timezone.now())
    logout(request)
    return render(request, "account/delete.html", {"ended": True, "closed": closed})


@require_POST
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def delete_account_later(request: HttpRequest) -> HttpResponseBase:
    deletion.set_deletion(cast(User, request.user), at_once=False, now=timezone.now())
    return redirect("delete_account")


@require_POST
@login_required
def keep_account(request: HttpRequest) -> HttpResponseBase:
    """Without a question who that is: keeping an account harms nobody, and a tired person may lack the second step."""
    if deletion.take_back(cast(User, request.user), now=timezone.now()):
        messages.success(request, _("Your account stays."))
    return redirect("settings")
