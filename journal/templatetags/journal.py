"""Tags of the journal's pages."""

from typing import Any

from django import template

from journal.plan import Person
from ketcare import crisis
from ketcare.site import clinic

register = template.Library()


@register.inclusion_tag("journal/help.html")
def help_panel(larger: bool = False, person: Person | None = None, onward: str = "") -> dict[str, Any]:
    """Stands by every box, same place, same size. `larger`: after heavy words, with where "Not what I meant" leads."""
    return {
        "region": crisis.region(),
        "clinic": clinic.details(),
        "larger": larger,
        "person": person,
        "onward": onward,
    }
