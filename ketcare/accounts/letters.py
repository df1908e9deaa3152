"""Mails of our own to one person: plain words, no medical one, a crisis line last. They go through the outbox."""

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string

from ketcare import crisis, outbox
from ketcare.accounts.models import User


def post(
    *paragraphs: str,
    kind: str,
    key: str,
    to: str,
    subject: str,
    now: dt.datetime,
    to_user: User | None = None,
    until: dt.datetime | None = None,
    soon: bool = True,
) -> bool:
    """Puts the mail into the outbox; False where there is one with that key already."""
    return outbox.put(
        key=key,
        kind=kind,
        to=to,
        subject=f"{settings.DISCREET_NAME}: {subject}",
        body="\n\n".join([*paragraphs, render_to_string("crisis/mail.txt", {"region": crisis.region()}).strip()])
        + "\n",
        now=now,
        to_user=to_user,
        until=until,
        soon=soon,
    )
