"""Every token and component on one page, made by the real partials, with examples. Only where DEBUG is on.

A new partial of a `parts.html` is found by itself; give it an example where it needs a context. For those who build
the site, so its words are not for translation.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles import presenting
from articles.differences import changes
from articles.rendering import html_of
from ketcare import crisis, journal_examples
from ketcare.site.clinic import Details

TOKEN = re.compile(r"--(?P<name>[a-z0-9-]+): (?P<value>[^;]+);")
PARTIAL = re.compile(r"{% partialdef ([a-z_]+) %}")
DAY = dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC)

BODY = """\
## Quick answer {: .quick-answer }

The first thing to know, in two sentences. It stands above the contents.

## Text

A paragraph with **strong words**, *emphasis*, a [link](/guides/), and a citation [@trial].

- an item
- another item

> Words of somebody else.

### A smaller heading

| You see | You do |
|---|---|
| Sleep, with calm breath | Let them rest |
| Slow or noisy breath | {emergency}, at once |

## What to do {: .steps }

1. **First.** Sit down.
2. **Then.** Call {clinic}.

## Hour by hour {: .timeline }

- **The morning.** Eat as you were told.
- **The night.** Sleep where someone can hear you.

## Call {emergency} at once if {: .safety }

- you have chest pain
- thoughts of suicide are stronger: please {crisis} now

## Who should talk to a clinician first {: .talk-first }

- anyone with heart disease

## What is not known {: .unknown }

- how long it lasts

## Questions people ask {: .faq }

### An open question?

Its answer.

### A closed question?

Its answer.

## What to ask your clinician {: .ask }

- Whom do I call at night?
"""


@dataclass(frozen=True)
class Signature:
    """What a page shows of a review."""

    name: str = "Asha Rao"
    credential: str = "MD"
    at: dt.datetime = DAY
    reviewed_on: dt.date = dt.date(2026, 11, 2)
    next_due: dt.date = dt.date(2027, 11, 2)
    note: str = "A new warning came out."


def _state(kind: str, **review: str) -> dict[str, Any]:
    signature = Signature(**review)  # type: ignore[arg-type]
    return {"kind": kind, "is_sample": kind == "sample", "review": signature, "reviewer_url": "#byline"}


STATES = {
    "reviewed": _state("reviewed"),
    "overdue": _state("overdue"),
    "urgent": _state("urgent"),
    "sample": _state("sample", name="Morgan Example", credential="PMHNP-BC"),
}
TEASER = {"title": "Rest first", "summary": "What to do on the day after.", "url": "#teaser", "minutes": 4}
CLINIC = Details(
    name="Harbor Clinic",
    phone="+1 (555) 010-0199",
    hours="Monday to Friday, 9 to 5",
    after_hours_phone="555-010-0123",
    booking_url="https://example.org/book",
    session_day_note="Ring twice.\n\nWe wait in the hall.",
)


def _source(checked_on: str | None, retracted_on: str | None = None) -> dict[str, Any]:
    record = {"authors": "Doe J et al.", "title": "A trial", "year": 2020, "pmid": "1234567"}
    snapshot = {"key": "trial", "record": record, "kind": "trial"}
    return presenting.source({**snapshot, "checked_on": checked_on, "retracted_on": retracted_on})


# What was signed, and what an urgent change made of it: words that came, that went, and a line that is new.
BEFORE = "If you feel faint, call the clinic in the morning.\n\nRest on the day after.\n"
AFTER = "If you feel faint, call the clinic at once.\n\nRest on the day after.\n\nDo not drive.\n"

# The contexts in which a partial is shown, each under what is special about it.
Examples = dict[str, dict[str, Any]]


def examples() -> dict[str, Examples]:
    region = crisis.region()
    return {
        "articles/parts.html#byline": {kind: {"state": state, "minutes": 4} for kind, state in STATES.items()},
        "articles/parts.html#notice": {kind: {"state": state} for kind, state in STATES.items() if kind != "reviewed"},
        "articles/parts.html#changed": {"": {"changes": changes(BEFORE, AFTER)}},
        "articles/parts.html#standing": {
            kind: {"state": state, "review": state["review"]} for kind, state in STATES.items()
        },
        "articles/parts.html#teaser": {kind: {"guide": {**TEASER, "state": state}} for kind, state in STATES.items()},
        "articles/parts.html#source": {
            "checked": {"source": _source("2026-10-01")},
            "not yet checked": {"source": _source(None)},
            "retracted": {"source": _source("2026-10-01", "2026-10-20")},
        },
        "articles/parts.html#clinic": {
            "everything known": {"clinic": CLINIC},
            "a phone alone": {"clinic": Details(phone="555-0100")},
        },
        "articles/parts.html#booking": {"": {"clinic": CLINIC}},
        "articles/parts.html#session_day": {"": {"clinic": CLINIC}},
        "crisis/parts.html#reach": {"": {"line": region.primary}, "a region without a line": {"line": None}},
        "crisis/parts.html#line": {line.name: {"line": line} for line in region.lines},
        **journal_examples.examples(),
    }


# What a partial stands in on a page, where it cannot stand by itself.
AROUND = {
    "teaser": ("ul", "teasers"),
    "line": ("ul", "lines"),
    "reach": ("p", ""),
    "standing": ("p", "meta"),
    "source": ("div", "sources"),
    "row": ("ul", "rows"),
}


def components() -> Iterator[dict[str, Any]]:
    """Each partial of each `parts.html`, with its examples as HTML."""
    known = examples()
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.glob("*/parts.html")):
        for partial in PARTIAL.findall(path.read_text(encoding="utf-8")):
            name = f"{path.relative_to(folder)}#{partial}"
            shown = {label: render_to_string(name, context) for label, context in known.get(name, {"": {}}).items()}
            tag, css = AROUND.get(partial, ("div", ""))
            yield {"name": name, "id": partial, "tag": tag, "css": css, "shown": shown}


def tokens() -> dict[str, Any]:
    """The custom properties of the style sheet by kind, as written there; colors with their dark value."""
    css = (settings.BASE_DIR / "static" / "css" / "site.css").read_text(encoding="utf-8")
    light, dark = css.split("prefers-color-scheme: dark", 1)
    values = dict(TOKEN.findall(light))
    in_dark = dict(TOKEN.findall(dark.split("@media", 1)[0]))
    colors = {name: (value, in_dark.get(name, "")) for name, value in values.items() if value.startswith("#")}
    return {
        "colors": colors,
        "type": {name: values[name] for name in ("h1", "h2", "h3", "text", "small")},
        "spaces": {name: value for name, value in values.items() if re.fullmatch(r"s\d", name)},
        "others": {name: values[name] for name in ("measure", "frame", "gutter", "target", "radius", "pad")},
        "families": {name: values[name] for name in ("sans", "serif")},
    }


@require_safe
def styleguide(request: HttpRequest) -> HttpResponseBase:
    if not settings.DEBUG:
        raise Http404
    html = html_of(BODY, "en", ["trial"]).html.replace('<details class="fold">', '<details class="fold" open>', 1)
    context = {
        "tokens": tokens(),
        "components": list(components()),
        "body": presenting.Fillings.of_site().in_html(html),
    }
    return HttpResponse(render_to_string("styleguide.html", context), headers={"Cache-Control": "no-store"})
