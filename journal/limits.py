"""How often something is done for one journal: counted in the cache that all workers share."""

import datetime as dt
import uuid
from typing import Final

from django.core.cache import cache

PER_MINUTE: Final = 30
DOWNLOADS_PER_HOUR: Final = 6


def too_many(owner: uuid.UUID, *, now: dt.datetime) -> bool:
    """Counts words that came from somebody who is not signed in; whether that is more than a minute allows."""
    return _too_many(f"journal-unsigned:{owner.hex}", PER_MINUTE, 60, now)


def too_many_downloads(owner: uuid.UUID, *, now: dt.datetime) -> bool:
    """Counts a download of everything; whether that is more than an hour allows."""
    return _too_many(f"journal-download:{owner.hex}", DOWNLOADS_PER_HOUR, 3600, now)


def _too_many(what: str, most: int, seconds: int, now: dt.datetime) -> bool:
    key = f"{what}:{int(now.timestamp() // seconds)}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
