"""A guide's own row, as deeds need it: held while a deed lasts, and moved on by each that readers can see."""

import datetime as dt
from typing import Any

from django.utils import timezone

from articles.models import Guide


class Refused(Exception):
    """A deed that may not be done; the message is for the person who asked for it."""


def hold(guide: Guide) -> Guide:
    """The guide as stored, held until the transaction ends: of two deeds on one guide, the second sees the first.

    SQLite lets one writer in at a time anyway.
    """
    return Guide.objects.select_for_update().get(pk=guide.pk)


def touch(guide: Guide, **columns: Any) -> None:
    """Moves the content version: later than any before, even where the clock went back."""
    newest = Guide.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    moment = timezone.now()
    if newest is not None and moment <= newest:
        moment = newest + dt.timedelta(microseconds=1)
    Guide.objects.filter(pk=guide.pk).update(changed_at=moment, **columns)
    guide.changed_at = moment
    for name, value in columns.items():
        setattr(guide, name, value)
