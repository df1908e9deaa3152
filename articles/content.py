"""A content folder as it lies on disk, read and checked whole. Touches no database.

One bad file never hides the others: each problem is kept with its place, and everything else is taken in.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.digest import digest_of, normal_text
from articles.lint import findings_of
from articles.markdown_parts import forbidden_character
from articles.models.section import Section
from articles.rendering import Rendered, RenderingRefused, Text, render_all
from articles.source import BadFile, GuideFile, parse, read_text, read_toml
from articles.tables import PROMPT_FIELDS, RECORD, REVIEWER_FIELDS, SLUG, SOURCE_FIELDS, TERM_FIELDS, wrong_with

LONGEST_SLUG = 80


@dataclass(frozen=True)
class ReadGuide:
    """A guide file with the place that its path gives it."""

    path: Path
    language: str
    slug: str
    file: GuideFile

    @property
    def text(self) -> Text:
        """What of it becomes HTML."""
        return Text(self.file.body, self.language, tuple(self.file.sources))

    @property
    def place(self) -> tuple[str, str, str]:
        return self.language, self.file.section, self.slug


@dataclass
class Content:
    """What a content folder holds, and what is wrong with it. `made`: what became of texts that were rendered."""

    root: Path
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviewers: dict[str, dict[str, Any]] = field(default_factory=dict)
    terms: dict[str, dict[str, Any]] = field(default_factory=dict)
    prompts: dict[str, dict[str, Any]] = field(default_factory=dict)
    guides: list[ReadGuide] = field(default_factory=list)
    problems: list[BadFile] = field(default_factory=list)
    made: dict[Text, Rendered | RenderingRefused] = field(default_factory=dict)

    def make_html(self, guides: Iterable[ReadGuide]) -> None:
        """Renders these guides at once, which costs far less than one by one."""
        texts = [text for guide in guides if (text := guide.text) not in self.made]
        self.made |= zip(texts, render_all(texts), strict=True)

    def snapshot(self, key: str) -> dict[str, Any]:
        """The source with that key as a signature covers it (see `Source.snapshot`)."""
        return snapshot_of(key, self.sources[key])

    def cited(self, file: GuideFile) -> dict[str, dict[str, Any]]:
        """The snapshots of a file's sources: as this folder has them, or as the file says that they were signed."""
        return {key: snapshot_of(key, file.as_signed.get(key, self.sources[key])) for key in file.sources}

    def digest(self, guide: ReadGuide) -> str:
        """The digest of a guide's words with its sources as this folder has them."""
        file = guide.file
        meta = {
            "also_known_as": [normal_text(name) for name in file.also_known_as],
            "sources": list(self.cited(file).values()),
        }
        return digest_of(title=file.title, summary=file.summary, body=file.body, meta=meta)


def snapshot_of(key: str, table: dict[str, Any]) -> dict[str, Any]:
    """A table of sources.toml in the form of `Source.snapshot`."""
    return {
        "key": key,
        "kind": table["kind"],
        "record": {name: table[name] for name in RECORD if name in table},
        "checked_on": table["checked_on"].isoformat() if "checked_on" in table else None,
        "retracted_on": table["retracted_on"].isoformat() if "retracted_on" in table else None,
    }


def read(root: Path, today: dt.date) -> Content:
    """Everything in that folder that can be used. Raises nothing: problems are in the result."""
    content = Content(root)
    content.sources = dict(_tables(content, "sources.toml", SOURCE_FIELDS, ("title", "kind")))
    content.reviewers = dict(_tables(content, "reviewers.toml", REVIEWER_FIELDS, tuple(REVIEWER_FIELDS)))
    if (root / "glossary.toml").exists():
        content.terms = dict(_tables(content, "glossary.toml", TERM_FIELDS, tuple(TERM_FIELDS)))
    if (root / "prompts.toml").exists():
        content.prompts = dict(_tables(content, "prompts.toml", PROMPT_FIELDS, ("heading",)))
    seen: dict[tuple[str, str], Path] = {}
    for path in sorted((root / "guides").rglob("*.md")):
        try:
            guide = _guide(content, path, today)
            other = seen.setdefault((guide.language, guide.slug), path)
            if other != path:
                raise BadFile(path, f"has the same address as {other.relative_to(root)}; give it another file name")
        except BadFile as problem:
            content.problems.append(problem)
        else:
            content.guides.append(guide)
    return content


def _tables(
    content: Content, name: str, fields: dict[str, type], needed: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    path = content.root / name
    try:
        text = read_text(path)
        tables = read_toml(path)
    except BadFile as problem:
        content.problems.append(problem)
        return
    for key, table in tables.items():
        found = re.search(rf"^\[{re.escape(key)}\]", text, re.MULTILINE)
        line = text.count("\n", 0, found.start()) + 1 if found else None
        wrong = wrong_with(key, table, fields, needed)
        if wrong:
            content.problems.append(BadFile(path, f"[{key}] {wrong}", line))
        else:
            yield key, table


def _guide(content: Content, path: Path, today: dt.date) -> ReadGuide:
    parts = path.relative_to(content.root / "guides").parts
    if len(parts) != 3:
        raise BadFile(path, "does not lie at guides/<language>/<section>/<slug>.md")
    language, section, slug = parts[0], parts[1], path.stem
    text = read_text(path)
    file = parse(text, path)

    def refuse(name: str, reason: str) -> BadFile:
        start = re.search(rf"^(?:{name}\s*=|\[{name}\b)", text, re.MULTILINE)
        return BadFile(path, reason, text.count("\n", 0, start.start()) + 1 if start else None)

    if language not in dict(settings.LANGUAGES):
        raise BadFile(path, f"is in an unknown language {language}")
    if not SLUG.match(slug) or len(slug) > LONGEST_SLUG:
        raise BadFile(path, f"has a file name that is not small letters, digits and dashes, {LONGEST_SLUG} at most")
    if file.section not in Section.values:
        raise refuse("section", f"unknown section {file.section!r}; it is one of {', '.join(Section.values)}")
    if file.section != section:
        raise refuse("section", f"section {file.section!r} differs from the folder {section!r}")
    for key in file.sources:
        if key not in content.sources:
            raise refuse("sources", f"unknown source {key!r}; add it to sources.toml")
    _check_records(file, refuse)
    _check_line("title", [file.title], refuse)
    _check_line("summary", [file.summary], refuse)
    _check_line("also_known_as", file.also_known_as, refuse)
    _check_signature(content, file, today, refuse)
    return ReadGuide(path, language, slug, file)


def _check_records(file: GuideFile, refuse: Any) -> None:
    for key, table in file.as_signed.items():
        wrong = wrong_with(key, table, SOURCE_FIELDS, ("title", "kind"))
        if wrong or key not in file.sources:
            raise refuse("as_signed", f"[as_signed.{key}] {wrong or 'is not among the sources'}")


def _check_line(name: str, texts: list[str], refuse: Any) -> None:
    if any("\n" in text or "\t" in text or forbidden_character(text) for text in texts):
        raise refuse(name, f"{name} holds a line end, a tab or an invisible character")


def _check_signature(content: Content, file: GuideFile, today: dt.date, refuse: Any) -> None:
    reviewer = content.reviewers.get(file.reviewer)
    if reviewer is None:
        raise refuse("reviewer", f"unknown reviewer {file.reviewer!r}; add them to reviewers.toml")
    if file.last_reviewed > today:
        raise refuse("last_reviewed", f"{file.last_reviewed.isoformat()} has not come yet")
    if file.next_review <= file.last_reviewed:
        raise refuse("next_review", "the next review does not come after the last one")
    if not reviewer["verified_on"] <= file.last_reviewed <= reviewer["expires_on"]:
        raise refuse(
            "reviewer", f"the credential of {file.reviewer} was not in date on {file.last_reviewed.isoformat()}"
        )


def rendered(content: Content, guide: ReadGuide) -> Rendered:
    """The guide's HTML, once nothing stands in its way. Raises BadFile with the first thing that does.

    What stops a guide: a text that cannot be rendered or cites the unknown, a missing safety part, no source, and a
    digest that is not that of its words.
    """
    file = guide.file
    content.make_html([guide])
    result = content.made[guide.text]
    if isinstance(result, RenderingRefused):
        raise BadFile(guide.path, result.reason, result.line + file.body_line - 1 if result.line else None)
    for finding in findings_of(file, result):
        if finding.stops:
            raise BadFile(guide.path, finding.message, finding.line)
    digest = content.digest(guide)
    if file.reviewed_digest != digest:
        line = next(
            (n for n, text in enumerate(read_text(guide.path).split("\n"), 1) if text.startswith("reviewed_digest")), 1
        )
        raise BadFile(guide.path, f"reviewed_digest is not that of these words and sources, which is {digest}", line)
    return result
