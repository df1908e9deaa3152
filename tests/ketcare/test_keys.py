"""The ring of master keys, and what is derived from each."""

import base64

import pytest

from ketcare import keys
from ketcare.keys import BadRing, Ring, UnknownKey, make_key

KEY = bytes(range(32))
WRITTEN = base64.urlsafe_b64encode(KEY).decode()
OTHER = base64.urlsafe_b64encode(bytes(range(200, 232))).decode()
HEX = KEY[:16].hex()  # as long as an id may be


@pytest.fixture
def two_keys(settings):
    settings.KETCARE_KEYS = Ring.parse(f"new:{OTHER},old:{WRITTEN}")
    return settings.KETCARE_KEYS


def test_a_ring_has_its_keys_by_id_the_newest_first():
    ring = Ring.parse(f"new:{OTHER},old:{WRITTEN}")
    assert list(ring.keys) == ["new", "old"]
    assert ring.keys["old"] == KEY
    assert ring.newest == "new"
    assert ring.ids == {"new", "old"}


@pytest.mark.parametrize("text", [f"k1:{WRITTEN}", f"k1:{WRITTEN.rstrip('=')}", f" k1:{WRITTEN} "])
def test_padding_and_spaces_around_a_key_do_not_matter(text):
    assert Ring.parse(text).keys == {"k1": KEY}


def test_a_key_of_url_characters_is_read():
    assert "-" in OTHER or "_" in OTHER
    assert Ring.parse(f"k1:{OTHER}").keys["k1"] == bytes(range(200, 232))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "key 1 is not written as id:base64url"),
        (WRITTEN, "key 1 is not written as id:base64url"),
        (f":{WRITTEN}", "key 1 is not written as id:base64url"),
        (f"my key:{WRITTEN}", "key 1 is not written as id:base64url"),
        (f"{WRITTEN}:k1", "key 1 is not written as id:base64url"),
        (f"{'k' * 33}:{WRITTEN}", "key 1 is not written as id:base64url"),
        (f"k1\n:{WRITTEN}", "key 1 is not written as id:base64url"),
        (f"k1:{WRITTEN},", "key 2 is not written as id:base64url"),
        (f"k1:{WRITTEN},{OTHER}", "key 2 is not written as id:base64url"),
        (f"k1:{WRITTEN}!", "key 1 is not base64url"),
        (f"k1:é{WRITTEN}", "key 1 is not base64url"),
        (f"k1:{WRITTEN[:20]} {WRITTEN[20:]}", "key 1 is not base64url"),
        ("k1:", "key 1 has 0 bytes, and 32 are needed"),
        (f"k1:{WRITTEN},k2:{OTHER[:40]}", "key 2 has 30 bytes, and 32 are needed"),
        (f"{HEX}:k1", "key 1 has 1 bytes, and 32 are needed"),
        (f"k1:{WRITTEN},k2:{OTHER},k1:{OTHER}", "key 3 has the id of a key before it"),
    ],
)
def test_a_ring_that_cannot_be_read_names_the_place_and_never_the_key(text, words):
    with pytest.raises(BadRing) as caught:
        Ring.parse(text)
    assert str(caught.value).startswith(words)
    for secret in (WRITTEN[:12], WRITTEN[20:40], OTHER[:12], HEX[:12]):
        assert secret not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_ring_shows_its_ids_and_hides_its_keys():
    ring = Ring.parse(f"new:{OTHER},old:{WRITTEN}")
    assert repr(ring) == str(ring) == f"{ring}" == "Ring(new, old)"


def test_a_new_key_is_random_and_can_be_read():
    made = make_key("k1")
    ring = Ring.parse(made)
    assert ring.ids == {"k1"}
    assert make_key("k1") != made
    assert "=" not in made


# Frozen: made with OpenSSL (HKDF, SHA-256, no salt, info "ketcare/<purpose>"; then HMAC of "words"). What was signed
# under these has to be proved for ever, so they never change.
VECTORS = {
    keys.REVIEW_MAC: "53ac9f901e7b0ce40bf6080f39652366675c2f08525b9eb290fb8e8a07b4ea78",
    keys.RENDERING_SEAL: "ab6818c7464cc521a7ade08a5937b82f8f79fdc47cd564d5d3da9a1fcdb6cd94",
}


@pytest.mark.parametrize("purpose", VECTORS)
def test_a_mac_is_what_it_always_was(two_keys, purpose):
    assert keys.mac(purpose, "old", b"words") == VECTORS[purpose]
    assert keys.mac_is_right(purpose, "old", b"words", VECTORS[purpose])


def test_every_purpose_has_its_own_key(two_keys):
    assert (keys.REVIEW_MAC, keys.RENDERING_SEAL) == ("review-mac", "rendering-seal")
    assert not keys.mac_is_right(keys.RENDERING_SEAL, "old", b"words", VECTORS[keys.REVIEW_MAC])


def test_a_key_is_chosen_by_its_id_and_never_by_trial(two_keys):
    assert keys.mac(keys.REVIEW_MAC, "new", b"words") != VECTORS[keys.REVIEW_MAC]
    assert not keys.mac_is_right(keys.REVIEW_MAC, "new", b"words", VECTORS[keys.REVIEW_MAC])


@pytest.mark.parametrize("claimed", ["", "0" * 64, VECTORS[keys.REVIEW_MAC].upper(), "é" * 64, "53ac9f901e7b0ce4"])
def test_another_mac_is_wrong(two_keys, claimed):
    assert not keys.mac_is_right(keys.REVIEW_MAC, "old", b"words", claimed)


def test_the_mac_of_other_words_is_wrong(two_keys):
    assert not keys.mac_is_right(keys.REVIEW_MAC, "old", b"other words", VECTORS[keys.REVIEW_MAC])


def test_an_unknown_id_makes_no_mac_and_proves_none(two_keys):
    with pytest.raises(UnknownKey) as caught:
        keys.mac(keys.REVIEW_MAC, "lost", b"words")
    assert str(caught.value) == "lost"
    assert not keys.mac_is_right(keys.REVIEW_MAC, "lost", b"words", VECTORS[keys.REVIEW_MAC])
