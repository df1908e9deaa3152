"""Putting an entry away, having it back for 30 days, and deleting it for good."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import reading, sealed, steps, writing
from journal.gate import entry_for, journal_page, owner_of
from journal.models import Entry


@require_safe
@journal_page
def trash(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    journal = sealed.to_read(owner)
    rows = Entry.objects.filter(owner=owner, trashed_at__isnull=False).select_related("treatment")
    listed = steps.with_states(owner, journal, reading.shown(journal, rows.order_by("-trashed_at", "-id")[:100]))
    return render(request, "journal/trash.html", {"entries": listed, "days": writing.TRASH.days})


@require_POST
@journal_page
def trash_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    writing.put_in_trash(entry_for(request, ref), now=timezone.now())
    messages.success(request, _("It is in the trash. For 30 days you can have it back."))
    return redirect("trash")


@require_POST
@journal_page
def restore_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    entry = entry_for(request, ref)
    if writing.take_out_of_trash(entry):
        messages.success(request, _("It is back."))
        return redirect("entry", ref)
    messages.warning(
        request, _("You wrote something else in its place since. Put that in the trash first, or leave this one here.")
    )
    return redirect("trash")


@require_http_methods(["GET", "HEAD", "POST"])
@journal_page
def delete_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """Asks once, and then deletes it with all its earlier versions."""
    entry = entry_for(request, ref)
    if request.method != "POST":
        return render(request, "journal/delete.html", {"entry": entry})
    writing.delete_for_good(entry)
    messages.success(request, _("It is deleted for good."))
    return redirect("today")
