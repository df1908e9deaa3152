"""Tags that every template has. None needs a context or the database, so that error pages have them too."""

from typing import Any

from django import template

from ketcare import crisis

register = template.Library()


@register.inclusion_tag("crisis/banner.html")
def crisis_banner() -> dict[str, Any]:
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/lines.html")
def crisis_lines() -> dict[str, Any]:
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/reach.html")
def crisis_reach() -> dict[str, Any]:
    return {"region": crisis.region()}


@register.inclusion_tag("crisis/red_flags.html")
def red_flags() -> dict[str, Any]:
    return {
        "region": crisis.region(),
        "emergency": crisis.emergency_link(crisis.region()),
        "crisis": crisis.crisis_link(crisis.region()),
    }
