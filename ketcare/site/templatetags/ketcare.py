"""Tags that every template has. None needs a context or the database, so that error pages have them too."""

from typing import Any

from django import template
from django.conf import settings

from ketcare import crisis

register = template.Library()


@register.inclusion_tag("crisis/banner.html")
def crisis_banner(private: bool = False) -> dict[str, Any]:
    """`private`: for pages of accounts, journal and desk, in words that say less to whoever looks over a shoulder."""
    return {"region": crisis.region(), "private": private}


@register.inclusion_tag("crisis/lines.html")
def crisis_lines() -> dict[str, Any]:
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/reach.html")
def crisis_reach() -> dict[str, Any]:
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/unread.html")
def unread_line() -> dict[str, Any]:
    """Stands above each box of the journal: that nobody reads along, and whom to call."""
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/mail.txt")
def crisis_mail() -> dict[str, Any]:
    """The last line of a private mail."""
    return {"region": crisis.region()}


@register.simple_tag
def discreet_name() -> str:
    """What titles of private pages show instead of the site's name."""
    return settings.DISCREET_NAME


@register.inclusion_tag("crisis/red_flags.html")
def red_flags() -> dict[str, Any]:
    return {
        "region": crisis.region(),
        "emergency": crisis.emergency_link(crisis.region()),
        "crisis": crisis.crisis_link(crisis.region()),
    }
