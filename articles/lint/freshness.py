"""What was right once and is to be looked at again: sources, crisis lines."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from articles.lint.finding import Finding, line_of
from articles.models.source import Evidence
from articles.source import GuideFile
from ketcare.crisis import Line

CHECK_AGAIN_AFTER: Final = dt.timedelta(days=2 * 365)
MOST_YEARS: Final = 10
# Kinds that tell how things stood when they were written. A trial found what it found: a later trial stands beside
# it, and does not make it wrong. A label or a warning holds, however old, until its maker replaces it: that it has not
# been replaced, `checked_on` says.
AGEING: Final = frozenset(
    {Evidence.REVIEW, Evidence.CONSENSUS, Evidence.GUIDANCE, Evidence.OBSERVATION, Evidence.OPINION}
)


def retracted_sources(file: GuideFile, sources: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """A finding for each source of the guide that was retracted; `sources` has snapshots by key."""
    return [
        Finding(
            line_of(file, f"[@{key}]"), f"[@{key}] was retracted on {sources[key]['retracted_on']}; do not lean on it"
        )
        for key in file.sources
        if sources[key]["retracted_on"]
    ]


def remarks_on_source(source: Mapping[str, Any], today: dt.date) -> Iterator[str]:
    """What is to be done about a source itself, whose snapshot is given (see `Source.snapshot`).

    A record that nobody has checked yet is no remark: every page that cites it says "not yet checked" beside it, so
    nobody is misled, and only a person can end that state. `is_unchecked` tells it apart.
    """
    year = source["record"].get("year")
    if source["kind"] in AGEING and year is not None and today.year - year > MOST_YEARS:
        yield f"is of {year}: look for a newer one ({MOST_YEARS} years at most for what sums up or observes)"
    if source["checked_on"] and today - dt.date.fromisoformat(source["checked_on"]) > CHECK_AGAIN_AFTER:
        yield f"last checked on {source['checked_on']}; look its record up again, and write the date"


def is_unchecked(source: Mapping[str, Any]) -> bool:
    """Whether nobody has looked the record up yet."""
    return source["checked_on"] is None


def stale_lines(lines: tuple[Line, ...], today: dt.date) -> list[str]:
    """A remark for each crisis line that nobody has verified for half a year."""
    return [
        f"crisis line {line.key}: last verified on {line.verified.isoformat()}; call or look it up, and write the date"
        for line in lines
        if line.verified and line.is_stale(today)
    ]
