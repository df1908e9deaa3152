"""Everything that is sealed, sealed again under the newest master key. Signatures stay: they prove what was.

Row by row, each in one statement that changes it only where it is still as it was read. So this may be killed at any
point, run again, and run twice at once, while people write: before and after its turn each row opens.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Rendering
from journal import sealed
from journal.models import DataKey
from ketcare import keys, sealing
from ketcare.accounts.models import WebSession
from ketcare.site.models import Outbox

# How many rows became what.
Done = Counter[str]
AGAIN: Final = "sealed again"
CLOSED: Final = "cannot be opened"
BATCH: Final = 500


def rotate() -> Iterator[tuple[str, Done]]:
    """Each kind of row, in the words of `keyed`, and what became of those that stood under an older key."""
    running = WebSession.objects.filter(expires_at__gt=timezone.now())
    yield "journals", _data_keys()
    yield "second factors", _second_factors()
    yield "mails that wait", _sealed_rows(Outbox.objects.exclude(sealed=b""), keys.OUTBOX, place="key")
    yield "signed-in browsers", _sealed_rows(running, keys.WEB_SESSION, place="key_hash")
    yield "finished HTML", _html()


def _in_turn(rows: QuerySet[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    """The key and these columns of each row, few at a time: no reading is open while a row is written."""
    part = rows.order_by("pk").values_list("pk", *columns)
    while batch := list(part[:BATCH]):
        yield from batch
        part = part.filter(pk__gt=batch[-1][0])


def _is_old(stored: sealing.Stored) -> bool:
    try:
        return sealing.key_id_of(stored) != keys.ring().newest
    except sealing.CannotOpen:
        return False  # damaged: no key opens it


def _data_keys() -> Done:
    """Each is wrapped again; what it sealed, which is all of a journal, stays as it is."""
    done: Done = Counter()
    for (pk,) in _in_turn(DataKey.objects.exclude(master_key_id=keys.ring().newest)):
        row = DataKey.objects.select_related("owner").filter(pk=pk).first()
        if row is None:
            continue  # destroyed meanwhile
        before = bytes(row.wrapped)
        try:
            key = sealed.unwrap(row, owner_ref=row.owner.ref)
        except sealing.CannotOpen:
            done[CLOSED] += 1
            continue
        fresh = sealed.wrap(key, owner_ref=row.owner.ref, data_key_id=row.id)
        changes = {"wrapped": fresh, "master_key_id": sealing.key_id_of(fresh)}
        done[AGAIN] += DataKey.objects.filter(pk=pk, wrapped=before).update(**changes)
    return done


def _sealed_rows(rows: QuerySet[Any], purpose: str, *, place: str) -> Done:
    """Rows whose words stand in `sealed`, bound to the column that `place` names."""
    done: Done = Counter()
    for pk, before, where in _in_turn(rows, "sealed", place):
        if not _is_old(before):
            continue
        try:
            words = sealing.unseal_for(purpose, before, context=(where,))
        except sealing.CannotOpen:
            done[CLOSED] += 1
            continue
        fresh = sealing.seal_for(purpose, words, context=(where,))
        done[AGAIN] += rows.model._default_manager.filter(pk=pk, sealed=bytes(before)).update(sealed=fresh)
    return done


def _second_factors() -> Done:
    done: Done = Counter()
    for pk, words in _in_turn(Authenticator.objects.all(), "data"):
        if _old_secrets(words):
            done[_second_factor(pk)] += 1
    return +done


@transaction.atomic
def _second_factor(pk: int) -> str:
    """Under a lock: beside the secret stands which codes were used. (Who uses one just now may put the older seal back;
    it opens all the same, and `check_keys` counts it.)"""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    adapter = get_adapter()
    try:
        for name in _old_secrets(factor.data) if factor else []:
            factor.data[name] = adapter.encrypt(adapter.decrypt(factor.data[name]))
    except sealing.CannotOpen:
        return CLOSED
    if factor:
        factor.save(update_fields=["data"])
    return AGAIN


def _old_secrets(words: dict[str, Any]) -> list[str]:
    found = []
    for name in ("secret", "seed"):
        try:
            if _is_old(base64.urlsafe_b64decode(str(words.get(name, "")))):
                found.append(name)
        except binascii.Error:
            continue  # nothing of ours
    return found


def _html() -> Done:
    done: Done = Counter()
    for (pk,) in _in_turn(Rendering.objects.exclude(key_id=keys.ring().newest)):
        rendering = Rendering.objects.select_related("revision").filter(pk=pk).first()
        if rendering is None:
            continue  # made anew meanwhile
        before, digest = rendering.seal, rendering.revision.digest
        if not rendering.is_sealed_for(digest):
            done[CLOSED] += 1
            continue
        rendering.put_seal(digest)
        row = Rendering.objects.filter(pk=pk, seal=before)
        done[AGAIN] += row.update(seal=rendering.seal, key_id=rendering.key_id)
    return done
