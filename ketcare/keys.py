"""The ring of master keys (`KETCARE_KEYS`) and one derived key per purpose. Knows no model.

A key is chosen by its id, never by trial. The first key of the ring is the one that new work uses; the others stay
so that what they made can still be verified or opened.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings

KEY_BYTES = 32
KEY_ID = re.compile(r"[A-Za-z0-9-]{1,32}\Z")

REVIEW_MAC = "review-mac"
RENDERING_SEAL = "rendering-seal"
WEB_SESSION = "web-session"
SECOND_FACTOR = "second-factor"
OUTBOX = "outbox"
DATA_KEY = "data-key"


class BadRing(ValueError):
    """`KETCARE_KEYS` cannot be read; the message says what to do and holds no key."""


class UnknownKey(LookupError):
    """A row names a key id that the ring does not have."""


@dataclass(frozen=True, repr=False)
class Ring:
    """Master keys by id, newest first. Its repr shows ids only."""

    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Ring({', '.join(self.keys)})"

    @classmethod
    def parse(cls, text: str) -> "Ring":
        """Reads `id:base64url,…`, newest first. Raises BadRing, which names the place of a key: what stands before a
        colon may be a key, too, where somebody wrote them the wrong way round."""
        keys: dict[str, bytes] = {}
        for position, item in enumerate(text.split(","), 1):
            key_id, colon, encoded = item.strip().partition(":")
            if not colon or not KEY_ID.match(key_id):
                raise BadRing(f"key {position} is not written as id:base64url (an id has letters, digits and dashes)")
            try:
                key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            except (binascii.Error, ValueError):
                raise BadRing(f"key {position} is not base64url") from None
            if len(key) != KEY_BYTES:
                raise BadRing(f"key {position} has {len(key)} bytes, and {KEY_BYTES} are needed")
            if key_id in keys:
                raise BadRing(f"key {position} has the id of a key before it")
            keys[key_id] = key
        return cls(keys)

    @property
    def newest(self) -> str:
        return next(iter(self.keys))

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.keys)


def make_key(key_id: str) -> str:
    """A new random key in the form that `KETCARE_KEYS` takes."""
    return f"{key_id}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip('=')}"


def ring() -> Ring:
    """The ring of this process, as settings have read it."""
    return settings.KETCARE_KEYS


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    """HKDF (RFC 5869) with SHA-256, no salt, one block: the purpose is the info."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), master, "sha256")
    return hmac.digest(extracted, f"ketcare/{purpose}".encode() + b"\x01", "sha256")


def key(purpose: str, key_id: str) -> bytes:
    """The key (32 bytes) of that purpose, derived from the master key with that id. Raises UnknownKey."""
    try:
        master = ring().keys[key_id]
    except KeyError:
        raise UnknownKey(key_id) from None
    return _derived(master, purpose)


def mac(purpose: str, key_id: str, message: bytes) -> str:
    """HMAC-SHA256 in hex under the key of that purpose and id. Raises UnknownKey."""
    return hmac.digest(key(purpose, key_id), message, "sha256").hex()


def mac_is_right(purpose: str, key_id: str, message: bytes, claimed: str) -> bool:
    """Whether `claimed` is the MAC of `message`; an unknown key id is a no."""
    try:
        expected = mac(purpose, key_id, message)
    except UnknownKey:
        return False
    return hmac.compare_digest(expected.encode(), claimed.encode())
