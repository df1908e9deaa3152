"""Asking for a guide's public state, and signing, in few words."""

import datetime as dt
from typing import Any

from articles import review
from articles.models import Guide, PublicState, Review, Revision
from tests.conftest import NEXT_YEAR, NOW


def state_of(guide: Guide, now: dt.datetime = NOW) -> PublicState:
    """What a reader meets at the guide's address, as the database has it."""
    [read] = Guide.objects.filter(pk=guide.pk).with_words()
    return read.public_state(now)


def sign(revision: Revision, by: Any, *, now: dt.datetime = NOW, next_due: dt.date = NEXT_YEAR, **more: Any) -> Review:
    """A signature under the words as this object has them."""
    return review.sign(revision, **{"by": by, "digest": revision.digest, "now": now, "next_due": next_due, **more})
