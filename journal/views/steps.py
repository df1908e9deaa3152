"""The small steps, and what became of each."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal import sealed, writing
from journal.gate import entry_for, journal_page, owner_of
from journal.steps import settle, steps_of
from journal.words import State


@require_safe
@journal_page
def steps(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    found = steps_of(owner, sealed.to_read(owner))
    return render(request, "journal/steps.html", {"steps": found, "states": State.choices})


@require_POST
@journal_page
def settle_step(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """The page begins where one was on it."""
    entry, owner = entry_for(request, ref), owner_of(request)
    if request.POST.get("state") not in State.values:
        raise Http404
    try:
        settle(owner, sealed.to_write(owner), entry, State(request.POST["state"]), now=timezone.now())
    except writing.Conflict:
        messages.warning(request, _("This was changed somewhere else at the same moment. Look at it, and try again."))
        return redirect("steps")
    return redirect(f"{reverse('steps')}#step-{ref}")
