"""The one way to what somebody owns: a page of the journal has its owner, and every look-up starts from them.

What belongs to somebody else is not there, whoever asks: 404 for strangers, clinicians and superusers alike.
"""

import uuid
import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from journal import rescue
from journal.history import History
from journal.models import Entry, Treatment
from journal.sealed import Locked
from ketcare.accounts.models import User

type Page[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def journal_page[**P](view: Page[P]) -> Page[P]:
    """For every view of the journal: signed in, in the owner's own time, and nothing that was posted reaches a log."""

    @sensitive_post_parameters()
    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return rescue.asked_to_sign_in(request)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            try:
                return view(request, *args, **kwargs)
            except Locked as problem:
                return rescue.locked(request, problem)

    return cast(Page[P], page)


def owner_of(request: HttpRequest) -> User:
    """Whose journal it is: that of the person who is signed in, and no other."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def treatment_for(request: HttpRequest, ref: uuid.UUID) -> Treatment:
    """Raises Http404."""
    treatment = Treatment.objects.filter(owner=owner_of(request), ref=ref).first()
    if treatment is None:
        raise Http404
    return treatment


def entry_for(request: HttpRequest, ref: uuid.UUID) -> Entry:
    """In the trash or not. Raises Http404."""
    entry = Entry.objects.filter(owner=owner_of(request), ref=ref).select_related("treatment").first()
    if entry is None:
        raise Http404
    return entry


def history_of(owner: User) -> History:
    """All sessions of that person, as of now and in the time zone of the page."""
    rows = owner.treatments.defer("notes")
    return History.at(rows, now=timezone.now(), zone=timezone.get_current_timezone())
