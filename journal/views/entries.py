"""Reading what one wrote: page by page, one by one, and as it was before a change."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journal import reading, sealed, sheets, steps, writing
from journal.forms import FORMS
from journal.gate import entry_for, journal_page, owner_of
from journal.models import Entry, EntryVersion
from journal.reading import Shown
from journal.tokens import FormToken, Place
from journal.words import only_settles
from ketcare.accounts.models import User
from ketcare.site import clinic, pairs

PAGE: Final = 25


@require_safe
@journal_page
def entries(request: HttpRequest, ref: uuid.UUID | None = None) -> HttpResponse:
    """The newest entries, or those before the one that is named. Paged by key: a late page costs as the first."""
    return render(request, "journal/entries.html", page_before(request, ref, PAGE))


def page_before(request: HttpRequest, ref: uuid.UUID | None, most: int) -> dict[str, Any]:
    """So many entries, newest first, and the one after which an older page goes on. Raises Http404."""
    owner = owner_of(request)
    journal = sealed.to_read(owner)
    last = entry_for(request, ref) if ref is not None else None
    listed: list[Shown] = []
    while len(listed) <= most:
        rows = _rows_before(owner, last, most + 1)
        listed += [shown for shown in reading.shown(journal, rows) if not only_settles(shown.words or {})]
        if len(rows) <= most:
            break
        last = rows[-1]
    return {
        "entries": steps.with_states(owner, journal, listed[:most]),
        "older_than": listed[most - 1].entry if len(listed) > most else None,
        "from_the_start": ref is None,
    }


def _rows_before(owner: User, last: Entry | None, most: int) -> list[Entry]:
    found = Entry.objects.filter(owner=owner, trashed_at__isnull=True).select_related("treatment")
    if last is not None:
        found = found.filter(written_at__lte=last.written_at).exclude(Q(written_at=last.written_at, id__gte=last.pk))
    return list(found.order_by("-written_at", "-id")[:most])


@require_safe
@journal_page
def entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """What only tells what became of a step is shown where the steps are."""
    row, owner = entry_for(request, ref), owner_of(request)
    journal = sealed.to_read(owner)
    found = steps.with_states(owner, journal, reading.shown(journal, [row]))
    if not found:
        return redirect("steps")
    [shown] = found
    context = {
        "shown": shown,
        "later": shown.was_written_later(timezone.get_current_timezone()),
        "can_change": row.kind in FORMS,
        "no_better": sheets.leads_to_help(shown.words or {}),
        "guides": pairs.guides_for("no-better", now=timezone.now()),
        "clinic": clinic.details(),
    }
    return render(request, "journal/entry.html", context)


@require_POST
@journal_page
def keep_entry(request: HttpRequest, ref: uuid.UUID) -> HttpResponseBase:
    """Marks an entry for the therapist, or takes the mark away, as the button says: pressed twice, it is the same.
    A change of its words like any other."""
    wanted = request.POST.get("keep") != "no"
    row, owner = entry_for(request, ref), owner_of(request)
    journal = sealed.to_write(owner)
    words = reading.opened(journal, row)
    if words is not None and bool(words.get("keep")) != wanted:
        unmarked = {name: said for name, said in words.items() if name != "keep"}
        _save_over(request, row, {**unmarked, "keep": True} if wanted else unmarked)
    return redirect("entry", ref)


def _save_over(request: HttpRequest, row: Entry, words: dict[str, Any]) -> None:
    owner = owner_of(request)
    token = FormToken.for_old(owner, Place.of(row.kind, row.treatment, row.day), row.ref, row.version)
    try:
        writing.save(owner, sealed.to_write(owner), token, words, now=timezone.now())
    except writing.Conflict:
        messages.warning(request, _("This was changed somewhere else at the same moment. Look at it, and try again."))
    else:
        messages.success(request, _("Saved."))


# Earlier versions -------------------------------------------------------------------------------------------------


@require_safe
@journal_page
def versions(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Everything that an entry said before, newest first."""
    row = entry_for(request, ref)
    journal = sealed.to_read(owner_of(request))
    kept = EntryVersion.objects.filter(entry=row).select_related("entry")
    earlier = [reading.Earlier(reading.opened(journal, version), version) for version in kept]
    return render(request, "journal/versions.html", {"entry": row, "versions": earlier})


@require_POST
@journal_page
def bring_back_version(request: HttpRequest, ref: uuid.UUID, number: int) -> HttpResponseBase:
    """What an earlier version said becomes the newest one; what stands there now stays among the earlier ones."""
    row = entry_for(request, ref)
    kept = EntryVersion.objects.filter(entry=row, version=number).select_related("entry").first()
    if kept is None:
        raise Http404
    words = reading.opened(sealed.to_write(owner_of(request)), kept)
    if words is not None:
        _save_over(request, row, words)
    return redirect("entry", ref)
