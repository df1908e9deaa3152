"""What the journal asks, by place: as somebody changed it on the desk, else as it is shipped."""

import tomllib
from functools import cache
from typing import Any, Final

from django.conf import settings

from ketcare.site.models import Prompt

# Where the journal asks something.
PLACES: Final = (
    "first-use",
    "before",
    *(f"capture-{number}" for number in range(1, 5)),
    *(f"day-{number}" for number in range(1, 8)),
    "bring-along",
    "meaning",
    *(f"maintenance-{number}" for number in range(1, 4)),
)


@cache
def shipped() -> dict[str, dict[str, Any]]:
    """The tables of `content/prompts.toml`."""
    return tomllib.loads((settings.CONTENT_DIR / "prompts.toml").read_text(encoding="utf-8"))


def prompts(*places: str) -> dict[str, Prompt]:
    """The prompts of these places, in their order. A place that the database lacks has its shipped words."""
    held = Prompt.objects.in_bulk(places, field_name="key")
    return {
        place: held[place] if place in held else Prompt(key=place, **{**Prompt.EMPTY, **shipped()[place]})
        for place in places
    }


def prompt(place: str) -> Prompt:
    return prompts(place)[place]
