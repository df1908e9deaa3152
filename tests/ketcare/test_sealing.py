"""Sealed texts open with their own key and in their own place only, and for ever."""

import json
from base64 import b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as some

from ketcare import keys, sealing
from ketcare.keys import Ring
from ketcare.sealing import CannotOpen, seal, unseal

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PLACE = ("web-session", "abc")
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "sealing-1.json").read_text())


def sealed(text: bytes = b"Rest first.", **changes: Any) -> bytes:
    return seal(text, **{"key": KEY, "key_id": "k1", "context": PLACE, **changes})


def does_not_open(text: bytes, **changes: Any) -> bool:
    try:
        unseal(text, **{"key": KEY, "context": PLACE, **changes})
    except CannotOpen:
        return True
    return False


@given(text=some.binary(max_size=2000), context=some.lists(some.text(some.characters(codec="utf-8")), max_size=4))
def test_what_was_sealed_opens_as_it_was(text: bytes, context: list[str]):
    place = tuple(context)
    assert unseal(seal(text, key=KEY, key_id="k1", context=place), key=KEY, context=place) == text


def test_it_says_which_key_opens_it():
    assert sealing.key_id_of(sealed(key_id="2026a")) == "2026a"


def test_the_same_text_is_sealed_differently_each_time_v11_3_4():
    assert len({sealed() for _ in range(1000)}) == 1000
    assert len({sealed()[4:16] for _ in range(1000)}) == 1000


def test_no_bit_can_be_changed_v11_3_2():
    whole = sealed()
    for position in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[position // 8] ^= 1 << position % 8
        assert does_not_open(bytes(changed)), position


def test_nothing_can_be_cut_off_or_added():
    whole = sealed()
    assert [length for length in range(len(whole)) if not does_not_open(whole[:length])] == []
    assert does_not_open(whole + b"\0")


@pytest.mark.parametrize(
    "elsewhere", [(), ("web-session",), ("abc", "web-session"), ("web-sessionabc",), ("web-session", "abc", ""), ("x",)]
)
def test_it_does_not_open_in_another_place(elsewhere: tuple[str, ...]):
    assert does_not_open(sealed(), context=elsewhere)


def test_it_does_not_open_with_another_key():
    assert does_not_open(sealed(), key=OTHER)


def test_the_name_of_its_key_is_sealed_too():
    assert does_not_open(sealed().replace(b"k1", b"k2", 1))


@pytest.mark.parametrize(
    "text", [b"", b"\x01", b"hello", b"\x00" * 60, b"\x02" + b"\x00" * 60, b"\x01\xff" + b"a" * 60]
)
def test_what_is_not_sealed_is_never_taken_for_text(text: bytes):
    assert does_not_open(text)


# With the site's keys ---------------------------------------------------------------------------------------------


def ring(**named: bytes) -> Ring:
    return Ring.parse(",".join(f"{name}:{urlsafe_b64encode(key).decode()}" for name, key in named.items()))


def test_the_newest_key_seals_and_older_ones_open(settings: Any):
    settings.KETCARE_KEYS = ring(old=KEY)
    before = sealing.seal_for(keys.OUTBOX, b"a", context=PLACE)
    settings.KETCARE_KEYS = ring(new=OTHER, old=KEY)
    after = sealing.seal_for(keys.OUTBOX, b"a", context=PLACE)
    assert (sealing.key_id_of(before), sealing.key_id_of(after)) == ("old", "new")
    assert sealing.unseal_for(keys.OUTBOX, before, context=PLACE) == b"a"
    assert sealing.unseal_for(keys.OUTBOX, after, context=PLACE) == b"a"


def test_a_key_that_is_gone_is_named_and_no_other_is_tried(settings: Any):
    settings.KETCARE_KEYS = ring(old=KEY)
    before = sealing.seal_for(keys.OUTBOX, b"a", context=PLACE)
    settings.KETCARE_KEYS = ring(renamed=KEY)
    with pytest.raises(CannotOpen, match="It needs the key old, which KETCARE_KEYS does not have"):
        sealing.unseal_for(keys.OUTBOX, before, context=PLACE)


def test_what_one_purpose_sealed_does_not_open_for_another():
    text = sealing.seal_for(keys.OUTBOX, b"a", context=PLACE)
    for purpose in (keys.WEB_SESSION, keys.SECOND_FACTOR):
        with pytest.raises(CannotOpen):
            sealing.unseal_for(purpose, text, context=PLACE)


def test_a_complaint_holds_neither_text_nor_key():
    for problem in ("damaged", "elsewhere"):
        with pytest.raises(CannotOpen) as caught:
            unseal(sealed()[:-1] if problem == "damaged" else sealed(), key=KEY, context=("x",))
        assert "Rest" not in str(caught.value)
        assert KEY.hex() not in str(caught.value)
        assert caught.value.__cause__ is None


# For ever -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["sealed"], ids=lambda vector: str(vector["key_id"]))
def test_what_was_sealed_long_ago_opens_v11_2_2(vector: dict[str, Any]):
    text = b64decode(vector["sealed"])
    assert sealing.key_id_of(text) == vector["key_id"]
    key = bytes.fromhex(VECTORS["key"])
    assert unseal(text, key=key, context=tuple(vector["context"])) == b64decode(vector["text"])


@pytest.mark.parametrize("purpose", VECTORS["derived"])
def test_each_purpose_has_the_key_that_it_always_had(settings: Any, purpose: str):
    settings.KETCARE_KEYS = ring(k1=bytes.fromhex(VECTORS["key"]))
    assert keys.key(purpose, "k1").hex() == VECTORS["derived"][purpose]
    assert purpose in {keys.WEB_SESSION, keys.SECOND_FACTOR, keys.OUTBOX}


def test_the_adapter_seals_what_second_factors_need(db: None):
    from allauth.mfa.adapter import get_adapter

    stored = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert stored != get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert get_adapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"
    assert project.MFA_ADAPTER == "ketcare.accounts.adapters.SecondFactorAdapter"
