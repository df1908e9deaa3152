import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from articles import content
from articles.content import Content, ReadGuide
from articles.lint import findings_of, in_order
from articles.lint.freshness import is_unchecked, remarks_on_source, retracted_sources, stale_lines
from articles.lint.links import ids_of
from articles.lint.site import broken_links, site_of
from articles.rendering import Rendered, RenderingRefused
from articles.source import BadFile, read_text
from ketcare import crisis
from ketcare.crisis import Line
from ketcare.site import line_checks


class Command(BaseCommand):
    help = (
        "Reads content files as an editor would. Exit code 1 and a line for each finding. "
        "A source that nobody has checked yet is only noted: the pages say so beside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        today = timezone.now().date()
        read = content.read(folder, today)
        found = [str(problem) for problem in [*read.problems, *_in_guides(read), *_in_sources(read, today)]]
        for region in crisis.regions().values():
            found += stale_lines(_as_checked(region.lines), today)
        for key in _cited(read):
            if is_unchecked(read.snapshot(key)):
                self.stdout.write(f"Note: nobody has checked the record of [{key}] yet; pages say so.")
        for words in found:
            self.stderr.write(words)
        if found:
            raise CommandError(f"{len(found)} findings.")
        self.stdout.write("Nothing to mend.")


def _as_checked(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """With the desk's checks of them, where there is a database: content can be read without one."""
    try:
        return line_checks.as_checked(lines)
    except DatabaseError:
        return lines


def _in_guides(read: Content) -> Iterator[BadFile]:
    """What each guide's text and links give, guide by guide, once all of them are known."""
    pages: list[tuple[ReadGuide, Rendered]] = []
    read.make_html(read.guides)
    for guide in read.guides:
        made = read.made[guide.text]
        if isinstance(made, RenderingRefused):
            yield BadFile(guide.path, made.reason, made.line + guide.file.body_line - 1 if made.line else None)
        else:
            pages.append((guide, made))
    # A guide that cannot be rendered is there all the same, with headings that nobody knows.
    ids = {(guide.file.section, guide.slug): frozenset[str]() for guide in read.guides}
    ids |= {(guide.file.section, guide.slug): ids_of(rendered) for guide, rendered in pages}
    site = site_of(ids, read.reviewers)
    sources = {key: read.snapshot(key) for key in read.sources}
    for guide, rendered in pages:
        found = findings_of(guide.file, rendered, language=guide.language)
        found += broken_links(guide.file, rendered, site)
        found += retracted_sources(guide.file, sources)
        for finding in in_order(found):
            yield BadFile(guide.path, finding.message, finding.line)


def _in_sources(read: Content, today: dt.date) -> Iterator[BadFile]:
    """What is to be done about the records themselves: once for each, however many guides cite it."""
    path = read.root / "sources.toml"
    for key in _cited(read):
        for remark in remarks_on_source(read.snapshot(key), today):
            start = re.search(rf"^\[{re.escape(key)}\]", text := read_text(path), re.MULTILINE)
            yield BadFile(path, f"[{key}] {remark}", text.count("\n", 0, start.start()) + 1 if start else None)


def _cited(read: Content) -> list[str]:
    return sorted({key for guide in read.guides for key in guide.file.sources})
