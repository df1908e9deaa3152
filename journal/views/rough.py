"""A rough moment: what to do now, whom to call. Open without sign-in, and no word of the journal on it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from journal.plan import Person, person_of
from ketcare import crisis
from ketcare.accounts.models import User
from ketcare.accounts.private import last_sign_of
from ketcare.site import clinic


@require_safe
def rough(request: HttpRequest) -> HttpResponse:
    context = {"region": crisis.region(), "clinic": clinic.details(), "person": _person(request)}
    return render(request, "journal/rough.html", context)


def _person(request: HttpRequest) -> Person | None:
    """Whom its owner would call. After a long silence somebody else may sit there: then nobody is named."""
    user = request.user
    if not isinstance(user, User) or timezone.now() - last_sign_of(request, user) > user.longest_idle:
        return None
    return person_of(user)
