"""How often words are taken in from somebody who is not signed in: counted in the cache that all workers share."""

import datetime as dt
import uuid
from typing import Final

from django.core.cache import cache

PER_MINUTE: Final = 30


def too_many(owner: uuid.UUID, *, now: dt.datetime) -> bool:
    """Counts one more for that journal, and says whether that is more than a minute allows."""
    key = f"journal-unsigned:{owner.hex}:{int(now.timestamp() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:  # it ran out between the two
        return False
