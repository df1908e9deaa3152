"""What the tests of the verbs have in common."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from articles import review
from articles.models import Citation, Guide, GuideAddress, Rendering, Review, Revision, SourceChanged
from articles.models.guide import State
from articles.review import Refused
from tests.articles import states
from tests.conftest import NOW, body_with


def everything() -> list[list[dict[str, Any]]]:
    """Every row that a verb could touch."""
    tables: list[type[Model]] = [Guide, GuideAddress, Revision, Rendering, Citation, Review, SourceChanged]
    return [list(table._base_manager.order_by("pk").values()) for table in tables]


def refused(deed: Callable[..., Any], *arguments: Any, **named: Any) -> str:
    """Why the deed is refused; fails where it is done, or where anything changed."""
    before = everything()
    with pytest.raises(Refused) as caught:
        deed(*arguments, **named)
    assert everything() == before
    return str(caught.value)


def state_of(guide: Guide) -> State:
    """What a reader meets at the guide's address on the clinic's day."""
    return states.state_of(guide).kind


def draft(guide: Guide, **columns: Any) -> Revision:
    """Words of that guide that nobody submitted yet."""
    return review.write(
        guide,
        **{
            "title": "Rest first",
            "summary": "",
            "body": body_with("A draft."),
            "also_known_as": ["After a session"],
            "sources": ["trial-2020"],
            "by": None,
            "now": NOW,
            **columns,
        },
    )


def publish_urgently(revision: Revision, by: Any, **columns: Any) -> Review:
    """An urgent row under the words as this object has them."""
    return review.publish_urgently(revision, **{"by": by, "digest": revision.digest, "now": NOW, **columns})
