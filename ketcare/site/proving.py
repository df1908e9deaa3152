"""Whether the ring's keys are the very ones under which rows stand: an id says only what a key is called."""

from collections.abc import Iterator
from typing import Final

from articles.models import Review
from journal import sealed
from journal.models import DataKey
from ketcare import keys, sealing
from ketcare.site.keyed import keys_in_use

# So many of a kind are tried at most: a few of them may be damaged.
TRIED: Final = 20


def wrong_keys() -> list[str]:
    """The ids under which the ring has another key than the one that journals and signatures were made with.

    One row that opens, or whose MAC is right, proves a key.
    """
    return sorted(key_id for key_id in keys_in_use() & keys.ring().ids if _is_wrong(key_id))


def in_words(wrong: list[str]) -> str:
    """What is wrong, and what to do about it."""
    return (
        f"KETCARE_KEYS has another key under the id {', '.join(wrong)} than the one that this site's records were made "
        "with: no journal and no signature opens with it. Put that key back (it was in .env or wherever the secrets of "
        "the site, or of the machine that made the backup, are kept)."
    )


def _is_wrong(key_id: str) -> bool:
    tried = 0
    for opens in _proofs(key_id):
        if opens:
            return False
        tried += 1
    return tried > 0


def _proofs(key_id: str) -> Iterator[bool]:
    for row in DataKey.objects.filter(master_key_id=key_id).select_related("owner")[:TRIED]:
        yield _opens(row)
    for review in Review.objects.filter(key_id=key_id)[:TRIED]:
        yield review.is_genuine()


def _opens(row: DataKey) -> bool:
    try:
        sealed.unwrap(row, owner_ref=row.owner.ref)
    except sealing.CannotOpen:
        return False
    return True
