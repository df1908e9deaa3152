"""Every address of the resolver, so that no test that walks them misses a new one."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or f'(no name) {pattern.pattern}'}"
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


# The name of each pattern; one without a name gives what it matches.
NAMES = list(_names(get_resolver()))

_SHIPPED_GUIDE = {"section": "safety", "slug": "side-effects-and-warning-signs"}
# What the names that take arguments are asked for on a site as it is after its first start.
SHIPPED = {
    "section": {"section": "safety"},
    "guide": _SHIPPED_GUIDE,
    "guide_history": _SHIPPED_GUIDE,
    "guide_review_json": _SHIPPED_GUIDE,
    "reviewer": {"slug": "morgan-example"},
    "sheet_questions_for": {"moment": "after"},
}
# What must stand while the database is away.
WITHOUT_DATABASE = [
    "crisis",
    "about",
    "editorial_policy",
    "privacy",
    "accessibility",
    "sheet_week",
    "robots",
    "healthz",
]
# What answers 404 unless DEBUG is on.
WITH_DEBUG = {"styleguide"}


def shipped() -> dict[str, str]:
    """One path for each name, on a site as it is after its first start."""
    return {name: reverse(name, kwargs=SHIPPED.get(name)) for name in NAMES if name not in WITH_DEBUG}
