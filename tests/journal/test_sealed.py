"""A journal opens for its owner, in its place and under its own key only, and for ever."""

import json
import uuid
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as some

from journal import sealed
from journal.models import DataKey, Draft, Entry, EntryVersion, Treatment
from journal.sealed import Journal, Locked, padded, unpadded
from ketcare import keys
from ketcare.accounts.models import User
from ketcare.keys import Ring
from ketcare.sealing import CannotOpen
from ketcare.site.keyed import keys_in_use
from ketcare.site.management.commands.up import Command
from tests.journal.conftest import entry_of

OWNER, DATA_KEY, KEY = uuid.UUID(int=1), uuid.UUID(int=2), bytes(range(32))
REF, FORM = uuid.UUID(int=3), uuid.UUID(int=4)
WORDS = {"v": 1, "text": "Rest first."}
HERS = Journal(OWNER, DATA_KEY, KEY)
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "journal-1.json").read_text())


def entry(body: bytes, ref: uuid.UUID = REF, version: int = 1) -> Entry:
    return Entry(ref=ref, version=version, body=body)


def does_not_open(opening: Callable[[], Any]) -> bool:
    try:
        opening()
    except CannotOpen:
        return True
    return False


@given(words=some.dictionaries(some.text(), some.text(some.characters(codec="utf-8")), max_size=4))
def test_words_come_back_as_they_were(words: dict[str, str]):
    clean = {name.encode("utf-8", "replace").decode(): text for name, text in words.items()}
    assert HERS.words_of(entry(HERS.seal_entry(REF, 1, clean))) == clean


def test_no_bit_can_be_changed():
    whole = HERS.seal_entry(REF, 1, WORDS)
    for position in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[position // 8] ^= 1 << position % 8
        assert does_not_open(partial(HERS.words_of, entry(bytes(changed)))), position


@pytest.mark.parametrize(
    ("journal", "ref", "version"),
    [
        (Journal(uuid.UUID(int=9), DATA_KEY, KEY), REF, 1),
        (Journal(OWNER, uuid.UUID(int=9), KEY), REF, 1),
        (Journal(OWNER, DATA_KEY, bytes(32)), REF, 1),
        (HERS, uuid.UUID(int=9), 1),
        (HERS, REF, 2),
    ],
    ids=["owner", "data key id", "key", "row", "version"],
)
def test_an_entry_opens_in_its_own_place_only(journal: Journal, ref: uuid.UUID, version: int):
    body = HERS.seal_entry(REF, 1, WORDS)
    assert does_not_open(lambda: journal.words_of(entry(body, ref, version)))


def test_columns_cannot_be_swapped():
    """Of one row with one version, each kind of sealed column opens as nothing else."""
    body, notes, draft = (
        HERS.seal_entry(REF, 1, WORDS),
        HERS.seal_notes(REF, 1, WORDS),
        HERS.seal_draft(REF, FORM, WORDS),
    )
    assert does_not_open(lambda: HERS.words_of(entry(notes)))
    assert does_not_open(lambda: HERS.words_of(entry(draft)))
    assert does_not_open(lambda: HERS.notes_of(Treatment(ref=REF, notes=body)))
    assert does_not_open(lambda: HERS.notes_of(Treatment(ref=REF, notes=draft)))
    assert does_not_open(lambda: HERS.draft_of(Draft(ref=REF, form=FORM, body=body)))
    assert does_not_open(lambda: HERS.draft_of(Draft(ref=REF, form=uuid.UUID(int=9), body=draft)))


def test_an_earlier_version_opens_as_that_version_only():
    row = entry(HERS.seal_entry(REF, 2, WORDS), version=2)
    kept = EntryVersion(entry=row, version=1, body=HERS.seal_entry(REF, 1, {"v": 1, "text": "Before."}))
    assert HERS.words_of(kept)["text"] == "Before."
    row.body, kept.body = kept.body, row.body
    assert does_not_open(lambda: HERS.words_of(row))
    assert does_not_open(lambda: HERS.words_of(kept))


@pytest.mark.parametrize("text", [b"", b"Rest first.", b'{"v":1,"text":"Rest first."}'])
def test_plain_text_in_a_row_is_never_shown(text: bytes):
    assert does_not_open(lambda: HERS.words_of(entry(text)))


# Lengths ----------------------------------------------------------------------------------------------------------


@given(some.binary(max_size=1200))
def test_what_is_filled_up_comes_back(text: bytes):
    assert len(padded(text)) % 256 == 0
    assert len(padded(text)) - len(text) <= 259
    assert unpadded(padded(text)) == text


@pytest.mark.parametrize(
    "whole", [b"\x00" * 255, b"\x00\x00\x01\x00" + bytes(252), bytes(255) + b"\x01", b"\xff" * 256]
)
def test_what_is_filled_up_otherwise_is_refused(whole: bytes):
    with pytest.raises(CannotOpen):
        unpadded(whole)


def test_short_notes_all_have_one_length():
    lengths = {len(HERS.seal_entry(REF, 1, {"v": 1, "text": "a" * size})) for size in range(200)}
    assert len(lengths) == 1


# Data keys --------------------------------------------------------------------------------------------------------


def ring(**named: bytes) -> Ring:
    return Ring.parse(",".join(f"{name}:{urlsafe_b64encode(key).decode()}" for name, key in named.items()))


def test_the_first_word_makes_a_data_key_and_reading_makes_none(alice: User):
    sealed.to_read(alice)
    assert not DataKey.objects.exists()
    written = entry_of(alice)
    assert DataKey.objects.get().owner == alice
    assert sealed.to_read(alice).words_of(written) == WORDS
    entry_of(alice)
    assert DataKey.objects.count() == 1


def test_each_person_has_a_key_of_their_own(alice: User, bob: User):
    hers, his = entry_of(alice), entry_of(bob)
    assert does_not_open(lambda: sealed.to_read(bob).words_of(hers))
    one, two = DataKey.objects.all()
    one.owner, two.owner = two.owner, one.owner
    one.delete()
    two.save()
    one.save(force_insert=True)
    for person in (alice, bob):
        with pytest.raises(Locked):
            sealed.to_read(User.objects.get(pk=person.pk))
    assert his.body


def test_without_its_data_key_nothing_opens(alice: User):
    written = entry_of(alice)
    DataKey.objects.all().delete()
    assert does_not_open(lambda: sealed.to_read(alice).words_of(written))
    assert does_not_open(lambda: sealed.to_write(alice).words_of(written))


def test_a_master_key_that_is_gone_is_named_and_nothing_is_made(alice: User, settings: Any):
    settings.KETCARE_KEYS = ring(old=KEY)
    entry_of(alice)
    settings.KETCARE_KEYS = ring(renamed=KEY)
    for opening in (sealed.to_read, sealed.to_write):
        with pytest.raises(Locked, match="It needs the key old, which KETCARE_KEYS does not have"):
            opening(alice)
    assert DataKey.objects.count() == 1


def test_the_newest_master_key_wraps(alice: User, settings: Any):
    settings.KETCARE_KEYS = ring(new=bytes(32), old=KEY)
    entry_of(alice)
    assert DataKey.objects.get().master_key_id == "new"


# For ever ---------------------------------------------------------------------------------------------------------


def kept() -> Journal:
    """The journal of the vectors, opened with their master key."""
    row = DataKey(id=uuid.UUID(VECTORS["data_key"]["id"]), wrapped=b64decode(VECTORS["data_key"]["wrapped"]))
    owner = uuid.UUID(VECTORS["owner"])
    key = sealed.unwrap(row, owner_ref=owner)
    assert key.hex() == VECTORS["data_key"]["key"]
    return Journal(owner, row.id, key)


def test_what_was_sealed_long_ago_opens_v11_2_2(settings: Any):
    settings.KETCARE_KEYS = ring(**{VECTORS["master_key_id"]: bytes.fromhex(VECTORS["master_key"])})
    assert keys.key(keys.DATA_KEY, VECTORS["master_key_id"]).hex() == VECTORS["derived"]
    journal, ref = kept(), uuid.UUID(VECTORS["ref"])
    for vector in VECTORS["entries"]:
        row = Entry(ref=ref, version=vector["version"], body=b64decode(vector["body"]))
        assert journal.words_of(row) == vector["words"]
    notes = VECTORS["notes"]
    told = Treatment(ref=ref, version=notes["version"], notes=b64decode(notes["notes"]))
    assert journal.notes_of(told) == notes["words"]
    draft = Draft(ref=ref, form=uuid.UUID(VECTORS["form"]), body=b64decode(VECTORS["draft"]["body"]))
    assert journal.draft_of(draft) == VECTORS["draft"]["words"]


# Starting the site ------------------------------------------------------------------------------------------------


def test_up_never_makes_a_new_key_where_a_data_key_exists(alice: User, settings: Any):
    settings.KETCARE_KEYS = ring(old=KEY)
    entry_of(alice)
    assert "old" in keys_in_use()
    settings.KETCARE_KEYS = ring(new=bytes(32))
    with pytest.raises(CommandError, match="made with the key old, which KETCARE_KEYS does not have"):
        Command().settle_keys()
