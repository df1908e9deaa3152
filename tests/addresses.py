"""Every address of the resolver, so that no test that walks them misses a new one."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ketcare.accounts.private import PREFIXES


def _names(resolver: URLResolver, prefix: str = "", route: str = "/") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or f'(no name) {pattern.pattern}'}", here
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix, here)


_ROUTES = [(name, "/" + route.lstrip("/^")) for name, route in _names(get_resolver())]
# The name of each pattern that everyone may read; one without a name gives what it matches.
NAMES = [name for name, route in _ROUTES if not route.startswith(PREFIXES)]
# Those of private pages, and with them what the stock admin has.
PRIVATE_NAMES = [name for name, route in _ROUTES if route.startswith(PREFIXES)]

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
    "export_format",
    "export_schema",
    "sheet_week",
    "robots",
    "healthz",
]
# What answers 404 unless DEBUG is on.
WITH_DEBUG = {"styleguide"}


def shipped() -> dict[str, str]:
    """One path for each public name, on a site as it is after its first start."""
    return {name: reverse(name, kwargs=SHIPPED.get(name)) for name in NAMES if name not in WITH_DEBUG}
