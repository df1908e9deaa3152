"""Sealing: AES-256-GCM bound to the place where the sealed text belongs. Knows no model.

A sealed text, version 1: one byte 1 · the length of the key's id (1 byte) · that id (ASCII) · a random nonce (12 bytes)
· ciphertext with its tag. Associated data: the first three, then each word of the context with its length (4 bytes,
big-endian) before it. So a sealed text opens with its own key and in its own place only.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ketcare import keys

VERSION: Final = 1
NONCE_BYTES: Final = 12

Context = tuple[str, ...]
Stored = bytes | memoryview  # PostgreSQL gives the latter


class CannotOpen(Exception):
    """A sealed text that is damaged, belongs elsewhere, or was made with a key that is not here."""


class Seal:
    """One key, ready to seal and to open with. To make one costs more than to use it: one does for a whole request."""

    def __init__(self, key: bytes, key_id: str) -> None:
        self._aead = AESGCM(key)
        self._header = bytes([VERSION, len(key_id)]) + key_id.encode("ascii")

    def seal(self, text: bytes, *, context: Context) -> bytes:
        """The text sealed for that context."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._header + nonce + self._aead.encrypt(nonce, text, _associated(self._header, context))

    def unseal(self, sealed: Stored, *, context: Context) -> bytes:
        """The text, if this very key sealed it for that context. Raises CannotOpen."""
        header, rest = _split(sealed)
        if header != self._header:
            raise CannotOpen("It names another key.")
        try:
            return self._aead.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _associated(header, context))
        except (InvalidTag, ValueError):
            raise CannotOpen("It is not as it was sealed, or belongs elsewhere.") from None


def seal(text: bytes, *, key: bytes, key_id: str, context: Context) -> bytes:
    """The text sealed under that key for that context."""
    return Seal(key, key_id).seal(text, context=context)


def key_id_of(sealed: Stored) -> str:
    """The id of the key that opens it. Raises CannotOpen."""
    header, _rest = _split(sealed)
    return header[2:].decode("ascii", "replace")


def unseal(sealed: Stored, *, key: bytes, context: Context) -> bytes:
    """The text, if that key sealed it for that context. Raises CannotOpen."""
    try:
        return Seal(key, key_id_of(sealed)).unseal(sealed, context=context)
    except UnicodeEncodeError:
        raise CannotOpen("It names a key by no name.") from None


def seal_for(purpose: str, text: bytes, *, context: Context) -> bytes:
    """The text sealed under the newest key of the ring for that purpose."""
    key_id = keys.ring().newest
    return seal(text, key=keys.key(purpose, key_id), key_id=key_id, context=context)


def unseal_for(purpose: str, sealed: Stored, *, context: Context) -> bytes:
    """The text, if the ring has the key that it names. Raises CannotOpen."""
    try:
        key = keys.key(purpose, key_id_of(sealed))
    except keys.UnknownKey as unknown:
        raise CannotOpen(f"It needs the key {unknown}, which KETCARE_KEYS does not have.") from None
    return unseal(sealed, key=key, context=context)


def _split(sealed: Stored) -> tuple[bytes, bytes]:
    sealed = bytes(sealed)
    if len(sealed) < 2 or sealed[0] != VERSION or len(sealed) < 2 + sealed[1] + NONCE_BYTES:
        raise CannotOpen("It is not in the form of a sealed text.")
    end = 2 + sealed[1]
    return sealed[:end], sealed[end:]


def _associated(header: bytes, context: Context) -> bytes:
    words = [header, *(word.encode() for word in context)]
    return b"".join(len(word).to_bytes(4, "big") + word for word in words)
