"""What a text on the desk would become, and what an editor would mend in it: for the preview, and when it is saved."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import shelf
from articles.digest import normal_text
from articles.lint import Finding, findings_of, in_order
from articles.lint.freshness import retracted_sources
from articles.lint.links import ID
from articles.lint.site import Site, broken_links, site_of
from articles.models import Reviewer, Source
from articles.rendering import Rendered, RenderingRefused, render
from articles.source import GuideFile

_NO_DAY = dt.date.min


@dataclass(frozen=True)
class Judged:
    """A text as judged. `rendered` is None where it cannot become a page: the first finding then says why."""

    rendered: Rendered | None
    findings: list[Finding]

    @property
    def stops(self) -> list[Finding]:
        """What a submission waits for: a text that is no page, an unknown citation, no safety part, no source."""
        return [finding for finding in self.findings if finding.stops]

    @property
    def summary(self) -> str:
        """The findings in one short line, such as "3 warnings, 1 stops the hand-in"."""
        return summary_of(self.findings)


def words_of(
    *,
    body: str,
    sources: list[str],
    title: str = "",
    summary: str = "",
    section: str = "",
    also_known_as: Iterable[str] = (),
) -> GuideFile:
    """What somebody wrote on the desk, in the form that lint reads; its lines are counted from 1."""
    return GuideFile(
        title=normal_text(title),
        summary=normal_text(summary),
        section=section,
        also_known_as=[normal_text(name) for name in also_known_as],
        sources=sources,
        reviewer="",
        last_reviewed=_NO_DAY,
        next_review=_NO_DAY,
        reviewed_digest="",
        body=normal_text(body),
    )


def judge(words: GuideFile, *, language: str) -> Judged:
    """Renders a text and reads it as an editor would: those that stop it first. Never raises for what it says."""
    known = {source.key: source.snapshot() for source in Source.objects.filter(key__in=words.sources)}
    unknown = [
        Finding(None, f"lists the source {key}, which this site does not have; add it first", stops=True)
        for key in words.sources
        if key not in known
    ]
    try:
        rendered = render(words.body, language=language, sources=words.sources)
    except RenderingRefused as problem:
        return Judged(None, [Finding(problem.line, problem.reason, stops=True), *unknown])
    with_records = replace(words, sources=[key for key in words.sources if key in known])
    found = [
        *unknown,
        *findings_of(words, rendered, language=language),
        *broken_links(words, rendered, _site(language, rendered.links)),
        *retracted_sources(with_records, known),
    ]
    return Judged(rendered, in_order(found))


def _site(language: str, linked: Iterable[str]) -> Site:
    """Where links may lead: public guides, with the headings of those that are linked to, and reviewers' pages."""
    wanted = {urlsplit(address).path for address in linked}
    guides = {
        (guide.section, guide.slug): frozenset(ID.findall(guide.rendering.html))
        if guide.rendering and guide.get_absolute_url() in wanted
        else frozenset[str]()
        for guide in shelf.listing(language, shelf.version())
    }
    return site_of(guides, Reviewer.objects.values_list("slug", flat=True))


def summary_of(findings: list[Finding]) -> str:
    """How much there is to mend, and how much of it a submission waits for."""
    stops = sum(finding.stops for finding in findings)
    warnings = len(findings) - stops
    told = []
    if warnings:
        told.append(ngettext("%(number)d warning", "%(number)d warnings", warnings) % {"number": warnings})
    if stops:
        told.append(ngettext("%(number)d stops the hand-in", "%(number)d stop the hand-in", stops) % {"number": stops})
    return ", ".join(told) or _("Nothing to mend.")


def beside_lines(findings: list[Finding], body: str) -> list[dict[str, Any]]:
    """The findings for templates, each with the words of its line ("" where it is about the whole)."""
    lines = dict(enumerate(normal_text(body).split("\n"), 1))
    return [
        {
            "line": finding.line,
            "message": finding.message,
            "stops": finding.stops,
            "text": lines.get(finding.line or 0, "").strip(),
        }
        for finding in findings
    ]


def as_plain(findings: list[Finding]) -> list[Mapping[str, Any]]:
    """The findings for the editor's script."""
    return [{"line": finding.line, "message": finding.message, "stops": finding.stops} for finding in findings]
