"""The words of one person's journal, sealed under their own data key, and opened again.

Each stands for its place: owner, row, column and version are bound into the seal, so that a sealed text that was moved
anywhere else does not open. What is sealed is JSON (UTF-8), filled up to steps of 256 bytes, so that its length tells
little. Views get one `Journal` for a request and pass it on.
"""

import json
import secrets
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from journal.models import DataKey, Draft, Entry, EntryVersion, Treatment
from ketcare import keys, sealing
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen, Seal, Stored

STEP: Final = 256
LENGTH_BYTES: Final = 4

Words = dict[str, Any]


class Locked(CannotOpen):
    """The data key itself does not open: no word of this journal can be read or written until that is mended."""


class Gone(Locked):
    """The data key was destroyed since the journal was opened: what it seals nobody could ever read."""


class Journal:
    """Seals and opens what belongs to one owner. Nothing of it is kept longer than a request."""

    def __init__(self, owner_ref: uuid.UUID, data_key_id: uuid.UUID, key: bytes) -> None:
        self._owner = str(owner_ref)
        self._data_key_id = data_key_id
        self._seal = Seal(key, data_key_id.hex)

    def __repr__(self) -> str:
        return f"Journal({self._owner})"

    def hold(self) -> None:
        """Holds off, until the transaction ends, whoever is about to delete the journal. Raises Gone where they did."""
        if not DataKey.objects.select_for_update(no_key=True).filter(pk=self._data_key_id).values_list("pk"):
            raise Gone("Its data key was destroyed.")

    def seal_entry(self, ref: uuid.UUID, version: int, words: Mapping[str, Any]) -> bytes:
        return self._sealed(words, str(ref), f"body/{version}")

    def words_of(self, entry: Entry | EntryVersion) -> Words:
        """What an entry says, or said in an earlier version. Raises CannotOpen."""
        ref = entry.ref if isinstance(entry, Entry) else entry.entry.ref
        return self._opened(entry.body, str(ref), f"body/{entry.version}")

    def seal_notes(self, ref: uuid.UUID, version: int, words: Mapping[str, Any]) -> bytes:
        return self._sealed(words, str(ref), f"notes/{version}")

    def notes_of(self, treatment: Treatment) -> Words:
        """The notes on a session; empty where none were made. Raises CannotOpen."""
        if not treatment.notes:
            return {}
        return self._opened(treatment.notes, str(treatment.ref), f"notes/{treatment.version}")

    def seal_draft(self, ref: uuid.UUID, form: uuid.UUID, words: Mapping[str, Any]) -> bytes:
        return self._sealed(words, str(ref), f"draft/{form}")

    def draft_of(self, draft: Draft) -> Words:
        """What was typed into a form. Raises CannotOpen."""
        return self._opened(draft.body, str(draft.ref), f"draft/{draft.form}")

    def _sealed(self, words: Mapping[str, Any], ref: str, field: str) -> bytes:
        return self._seal.seal(
            padded(json.dumps(words, ensure_ascii=False).encode()), context=(self._owner, ref, field)
        )

    def _opened(self, sealed: Stored, ref: str, field: str) -> Words:
        plain = unpadded(self._seal.unseal(sealed, context=(self._owner, ref, field)))
        return dict(json.loads(plain))


def padded(text: bytes) -> bytes:
    """The text after its length, filled up with zeros to a whole number of steps."""
    whole = len(text).to_bytes(LENGTH_BYTES, "big") + text
    return whole + bytes(-len(whole) % STEP)


def unpadded(whole: bytes) -> bytes:
    """Raises CannotOpen for what `padded` did not make."""
    end = LENGTH_BYTES + int.from_bytes(whole[:LENGTH_BYTES], "big")
    if len(whole) % STEP or end > len(whole) or any(whole[end:]):
        raise CannotOpen("It is not filled up as a sealed text is.")
    return whole[LENGTH_BYTES:end]


# Whose -------------------------------------------------------------------------------------------------------------


def _context(owner_ref: uuid.UUID, data_key_id: uuid.UUID) -> sealing.Context:
    return (str(owner_ref), data_key_id.hex)


def wrap(key: bytes, *, owner_ref: uuid.UUID, data_key_id: uuid.UUID) -> bytes:
    """A data key sealed under the newest master key, for that owner and that row."""
    return sealing.seal_for(keys.DATA_KEY, key, context=_context(owner_ref, data_key_id))


def unwrap(row: DataKey, *, owner_ref: uuid.UUID) -> bytes:
    """The data key of that row. Raises CannotOpen."""
    return sealing.unseal_for(keys.DATA_KEY, row.wrapped, context=_context(owner_ref, row.id))


def to_read(owner: User) -> Journal:
    """That person's journal. Where they have no data key it opens nothing, and none is made. Raises Locked."""
    row = DataKey.objects.filter(owner=owner).first()
    return _opened_with(row, owner) if row else Journal(owner.ref, uuid.uuid4(), secrets.token_bytes(keys.KEY_BYTES))


def to_write(owner: User) -> Journal:
    """That person's journal, with a data key made now where there was none. Raises Locked."""
    return _opened_with(DataKey.objects.filter(owner=owner).first() or _made_for(owner), owner)


def _opened_with(row: DataKey, owner: User) -> Journal:
    try:
        return Journal(owner.ref, row.id, unwrap(row, owner_ref=owner.ref))
    except CannotOpen as problem:
        raise Locked(str(problem)) from None


def _made_for(owner: User) -> DataKey:
    row = DataKey(owner=owner)
    row.wrapped = wrap(secrets.token_bytes(keys.KEY_BYTES), owner_ref=owner.ref, data_key_id=row.id)
    row.master_key_id = sealing.key_id_of(row.wrapped)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return DataKey.objects.get(owner=owner)  # another request of the same person was first
    return row
