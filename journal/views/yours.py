"""What a person wrote is theirs: to take along as files, to print, and to delete, all of it."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Iterator
from typing import Final

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import export, limits, sealed
from journal.as_markdown import as_markdown
from journal.ending import destroy_journal
from journal.gate import journal_page, owner_of
from journal.sealed import Journal
from journal.views.entries import page_before
from journal.zipping import zipped
from ketcare import errors
from ketcare.accounts import letters
from ketcare.accounts.models import User
from ketcare.site import backups, events
from ketcare.site.events import Verb

PRINTED: Final = 200  # entries on a page that is printed: a year, for most


@require_safe
@journal_page
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def export_page(request: HttpRequest) -> HttpResponse:
    """Says what is in the files, and asks first who sits there."""
    return render(request, "journal/export.html")


@require_POST
@journal_page
@reauthentication_required  # type: ignore[untyped-decorator]
def export_zip(request: HttpRequest) -> HttpResponseBase:
    """All of it as one zip file, made while it is sent. Who else knows the account sees in its events that it was."""
    owner, now = owner_of(request), timezone.now()
    if limits.too_many_downloads(owner.ref, now=now):
        return errors.error_page(429, request)
    journal = sealed.to_read(owner)
    events.record(Verb.DOWNLOADED, owner=owner.ref, now=now)
    response = StreamingHttpResponse(_pieces(owner, journal, now), content_type="application/zip")
    name = slugify(settings.DISCREET_NAME) or "notes"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate(now)}.zip"'
    # Of a browser that would open it all the same, nothing in it can do anything.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _pieces(owner: User, journal: Journal, now: dt.datetime) -> Iterator[bytes]:
    """Runs after the view has ended, so it sets the owner's time zone anew."""
    files = (
        ("notes.md", as_markdown(owner, journal, now=now)),
        ("notes.json", export.as_json(owner, journal, now=now)),
        ("notes.schema.json", [export.schema()]),
    )
    with timezone.override(zoneinfo.ZoneInfo(owner.time_zone)):
        yield from zipped(files, at=timezone.localtime(now))


@require_safe
@journal_page
def print_page(request: HttpRequest, ref: uuid.UUID | None = None) -> HttpResponse:
    """What was written, for paper: in the order of writing, page after page into the past."""
    context = page_before(request, ref, PRINTED)
    context["entries"].reverse()
    return render(request, "journal/print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@journal_page
@reauthentication_required  # type: ignore[untyped-decorator]
def delete_everything(request: HttpRequest) -> HttpResponseBase:
    """The journal, for good; the account stays. It has a page of its own on which to end."""
    owner, now = owner_of(request), timezone.now()
    if request.method != "POST" or not request.POST.get("sure"):
        context = {"days": backups.LONGEST.days, "unsure": request.method == "POST"}
        return render(request, "journal/delete_everything.html", context)
    if destroy_journal(owner, now=now):
        event = events.record(Verb.JOURNAL_DELETED, owner=owner.ref, now=now)
        letters.post(
            _("Everything you wrote was deleted, as was asked on the site. Nobody can bring it back."),
            _("Your account stays as it is."),
            kind="words deleted",
            key=f"words-deleted:{event.pk}",
            to=owner.email,
            to_user=owner,
            subject=_("what you wrote"),
            now=now,
        )
    messages.success(request, _("Everything you wrote is deleted."))
    return redirect("today")
