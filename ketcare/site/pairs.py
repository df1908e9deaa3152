"""Guides and the moments of a treatment, paired: a day of the journal leads to what to read, a guide to what to try.

Worked out when a page is made; nothing is kept. Guides and journal do not know each other.
"""

import datetime as dt
from typing import Any, Final, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Reading(NamedTuple):
    """A guide as the journal names it."""

    title: str
    url: str


# By moment, the best first: "section/slug".
PAIRS: Final[dict[str, tuple[str, ...]]] = {
    "before": ("integration/intentions", "what-to-expect/the-day-of-a-session"),
    "session-day": ("what-to-expect/the-hours-after",),
    "day-1": ("what-to-expect/days-1-to-7",),
    "day-2": ("integration/writing-things-down",),
    "day-3": ("integration/with-or-without-a-therapist",),
    "day-4": ("integration/small-changes",),
    "day-5": ("integration/sleep-food-movement",),
    "day-6": ("integration/if-you-dont-feel-better",),
    "day-7": ("integration/if-you-dont-feel-better", "integration/keeping-it-going"),
    "keeping": ("integration/keeping-it-going",),
    "no-better": ("integration/if-you-dont-feel-better",),
}

# Moments for which the journal has something to try, each with what a guide says of it.
TO_TRY: Final[dict[str, Any]] = {
    "before": _("Your journal has a place for what you go in with."),
    "session-day": _("Your journal has a page for these hours: dark, one thing at a time, no sign-in."),
    **{f"day-{day}": _("Your journal has a card that goes with this.") for day in range(1, 6)},
    "keeping": _("Your journal has three lines for this: what held, what faded, what to ask."),
}


def guides_for(moment: str, *, now: dt.datetime) -> list[Reading]:
    """What there is to read at that moment: guides whose words may be shown, and no other."""
    from articles import shelf

    places = PAIRS.get(moment, ())
    if not places:
        return []
    listed = shelf.listing(get_language() or "en", shelf.version())
    shown = {f"{guide.section}/{guide.slug}": guide for guide in listed}
    found = [shown[place] for place in places if place in shown and shown[place].public_state(now).shows_words]
    return [Reading(guide.live.title, guide.get_absolute_url()) for guide in found if guide.live is not None]


def moment_for(place: str) -> str:
    """The moment that a guide ("section/slug") is about, so that its reader can try something; empty where none is."""
    return next((moment for moment, places in PAIRS.items() if places[0] == place and moment in TO_TRY), "")
