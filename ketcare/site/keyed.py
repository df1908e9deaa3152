"""Which keys of the ring stored rows depend on."""

import base64
import binascii
from collections.abc import Iterable, Iterator

from django.db import connection
from django.utils import timezone

from ketcare import sealing


def keys_in_use() -> set[str]:
    """The ids of the keys under which signed or sealed rows stand; empty in a new database.

    Web sessions that are over and mails that went out depend on nothing any more.
    """
    from allauth.mfa.models import Authenticator

    from articles.models import Review
    from journal.models import DataKey
    from ketcare.accounts.models import WebSession
    from ketcare.site.models import Outbox

    tables = set(connection.introspection.table_names())
    found: set[str] = set()
    if Review._meta.db_table in tables:
        found |= set(Review.objects.values_list("key_id", flat=True).distinct())
    if WebSession._meta.db_table in tables:
        running = WebSession.objects.filter(expires_at__gt=timezone.now())
        found |= set(_ids(running.values_list("sealed", flat=True).iterator()))
    if Authenticator._meta.db_table in tables:
        found |= set(_ids(_secrets(Authenticator.objects.values_list("data", flat=True).iterator())))
    if Outbox._meta.db_table in tables:
        found |= set(_ids(Outbox.objects.exclude(sealed=b"").values_list("sealed", flat=True).iterator()))
    if DataKey._meta.db_table in tables:
        found |= set(DataKey.objects.values_list("master_key_id", flat=True).distinct())
    return found


def _secrets(factors: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """What is sealed in the data of second factors: the secret of an app, the seed of recovery codes."""
    for factor in factors:
        for name in ("secret", "seed"):
            try:
                yield base64.urlsafe_b64decode(str(factor.get(name, "")))
            except binascii.Error:
                continue  # nothing of ours


def _ids(rows: Iterable[sealing.Stored]) -> Iterator[str]:
    for sealed in rows:
        try:
            yield sealing.key_id_of(sealed)
        except sealing.CannotOpen:
            continue  # damaged: no key opens it
