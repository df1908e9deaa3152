"""Content files into the database. What somebody edited here is never overwritten; only sample reviewers sign."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from articles import review
from articles.content import Content, rendered, snapshot_of
from articles.guide_files import LEFT, take_guide, was_edited_here
from articles.models import Guide, Rendering, Reviewer, Source
from articles.rendering import PIPELINE, RenderingRefused
from articles.review.fanout import guides_on
from articles.source import BadFile
from ketcare.site.models import GlossaryTerm, Prompt


@dataclass(frozen=True)
class Taken:
    """What became of one file."""

    what: str
    outcome: str


def check(content: Content) -> Iterator[BadFile]:
    """Every problem of a content folder, the costly ones included; changes nothing."""
    yield from content.problems
    content.make_html(content.guides)
    for guide in content.guides:
        try:
            rendered(content, guide)
        except BadFile as problem:
            yield problem


def take_in(content: Content, *, now: dt.datetime) -> Iterator[Taken | BadFile]:
    """Brings a content folder into the database, file by file, and says of each what became of it."""
    yield from content.problems
    for key in content.sources:
        yield from _take_source(content, key, now)
    for slug in content.reviewers:
        yield from _take_reviewer(content, slug)
    for key, record in content.terms.items():
        yield from _take_words(GlossaryTerm, key, record)
    for key, record in content.prompts.items():
        yield from _take_words(Prompt, key, {**Prompt.EMPTY, **record})
    held = set(Rendering.objects.filter(pipeline=PIPELINE).values_list("revision__digest", flat=True))
    content.make_html(guide for guide in content.guides if content.digest(guide) not in held)
    for guide in content.guides:
        try:
            yield Taken(str(guide.path.relative_to(content.root)), take_guide(content, guide, now))
        except BadFile as problem:
            yield problem
        except review.Refused as problem:
            yield BadFile(guide.path, str(problem))
        except RenderingRefused as problem:
            yield BadFile(guide.path, problem.reason)


def _take_source(content: Content, key: str, now: dt.datetime) -> Iterator[Taken]:
    new = snapshot_of(key, content.sources[key])
    before = Source.objects.filter(key=key).first()
    source = Source.objects.filter(key=key).first() or Source(key=key)
    if before is not None:
        if before.snapshot() == new:
            return
        if before.snapshot() != before.as_imported:
            yield Taken(f"source {key}", LEFT)
            return
    source.record, source.kind = new["record"], new["kind"]
    source.checked_on = content.sources[key].get("checked_on")
    source.retracted_on = content.sources[key].get("retracted_on")
    source.as_imported = new
    with transaction.atomic():
        source.save()
        # The others follow their files, and come with words that cite it as it is now.
        resting = [guide for guide in guides_on(source) if was_edited_here(guide)]
        review.source_was_changed(source, before, by=None, now=now, guides=resting)


def _take_reviewer(content: Content, slug: str) -> Iterator[Taken]:
    table = content.reviewers[slug]
    held = Reviewer.objects.filter(slug=slug).first()
    if held is None:
        Reviewer.objects.create(slug=slug, **table)
    elif all(getattr(held, name) == value for name, value in table.items()):
        return
    elif held.sample and table["sample"]:
        Reviewer.objects.filter(pk=held.pk).update(**table)
    else:
        yield Taken(f"reviewer {slug}", LEFT)


def _take_words(model: type[GlossaryTerm] | type[Prompt], key: str, record: dict[str, Any]) -> Iterator[Taken]:
    """A word of the glossary or a prompt of the journal, which nobody signs."""
    held = model.objects.filter(key=key).first()
    if held is None:
        model.objects.create(key=key, **record, as_imported=record)
    elif held.record() == record:
        return
    elif held.record() != held.as_imported:
        yield Taken(f"{model._meta.verbose_name} {key}", LEFT)
    else:
        for name, value in {**record, "as_imported": record}.items():
            setattr(held, name, value)
        held.save()


def remake_renderings() -> Iterator[Taken | BadFile]:
    """Makes the HTML of live words where the current pipeline has none, as after an upgrade."""
    for guide in Guide.objects.filter(live__isnull=False).with_words():
        words = guide.live
        if words is None or not words.is_unchanged():
            continue
        if guide.rendering is not None and guide.rendering.is_sealed_for(words.digest):
            continue
        try:
            review.render_again(words)
        except RenderingRefused as problem:
            yield BadFile(str(guide), f"its live words can no longer be turned into HTML: {problem.reason}")
        else:
            yield Taken(str(guide), "HTML made again")
