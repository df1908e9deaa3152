"""Content files into the database. What somebody edited here is never overwritten; only sample reviewers sign."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from articles import review
from articles.content import Content, ReadGuide, rendered, snapshot_of
from articles.models import Guide, Rendering, Reviewer, Revision, Source
from articles.models.review import Verdict
from articles.rendering import PIPELINE, RenderingRefused
from articles.source import BadFile, GuideFile
from ketcare.site.models import GlossaryTerm, Prompt


@dataclass(frozen=True)
class Taken:
    """What became of one file."""

    what: str
    outcome: str


def check(content: Content) -> Iterator[BadFile]:
    """Every problem of a content folder, the costly ones included; changes nothing."""
    yield from content.problems
    for guide in content.guides:
        try:
            rendered(content, guide)
        except BadFile as problem:
            yield problem


def take_in(content: Content, *, now: dt.datetime) -> Iterator[Taken | BadFile]:
    """Brings a content folder into the database, file by file, and says of each what became of it."""
    yield from content.problems
    for key in content.sources:
        yield from _take_source(content, key)
    for slug in content.reviewers:
        yield from _take_reviewer(content, slug)
    for key, record in content.terms.items():
        yield from _take_words(GlossaryTerm, key, record)
    for key, record in content.prompts.items():
        yield from _take_words(Prompt, key, {**Prompt.EMPTY, **record})
    for guide in content.guides:
        try:
            yield Taken(str(guide.path.relative_to(content.root)), _take_guide(content, guide, now))
        except BadFile as problem:
            yield problem
        except review.Refused as problem:
            yield BadFile(guide.path, str(problem))
        except RenderingRefused as problem:
            yield BadFile(guide.path, problem.reason)


def _take_source(content: Content, key: str) -> Iterator[Taken]:
    new = snapshot_of(key, content.sources[key])
    source = Source.objects.filter(key=key).first() or Source(key=key)
    if not source._state.adding:
        if source.snapshot() == new:
            return
        if source.snapshot() != source.as_imported:
            yield Taken(f"source {key}", "edited here, left as it is")
            return
    source.record, source.kind = new["record"], new["kind"]
    source.checked_on = content.sources[key].get("checked_on")
    source.retracted_on = content.sources[key].get("retracted_on")
    source.as_imported = new
    source.save()


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
        yield Taken(f"reviewer {slug}", "edited here, left as it is")


def _take_words(model: type[GlossaryTerm] | type[Prompt], key: str, record: dict[str, Any]) -> Iterator[Taken]:
    """A word of the glossary or a prompt of the journal, which nobody signs."""
    held = model.objects.filter(key=key).first()
    if held is None:
        model.objects.create(key=key, **record, as_imported=record)
    elif held.record() == record:
        return
    elif held.record() != held.as_imported:
        yield Taken(f"{model._meta.verbose_name} {key}", "edited here, left as it is")
    else:
        for name, value in {**record, "as_imported": record}.items():
            setattr(held, name, value)
        held.save()


def _take_guide(content: Content, read: ReadGuide, now: dt.datetime) -> str:
    """One guide file into the database; says what became of it. Raises BadFile and Refused."""
    language, section, slug = read.place
    guide = Guide.objects.filter(language=language, section=section, slug=slug).first()
    submitted = list(Revision.objects.filter(guide=guide, submitted_at__isnull=False).order_by("-number"))
    file, reviewer = read.file, Reviewer.objects.get(slug=read.file.reviewer)
    meta = review.meta_of(file.also_known_as, file.sources)
    words = Revision(title=file.title, summary=file.summary, body=file.body, meta=meta)
    digest = words.computed_digest()
    revision = next((held for held in submitted if held.digest == digest), None)
    # Words that came back after others are submitted anew, unless somebody here has taken the guide over.
    if guide is not None and revision is not None and (revision == submitted[0] or _was_edited_here(guide)):
        outcome = _remake(revision)
        if not _waits_for_the_sample_reviewer(revision, reviewer, file):
            return outcome
        rendered(content, read)  # what stops a new file stops a signature under an old one
    else:
        html = rendered(content, read)
        if guide is not None and _was_edited_here(guide):
            return "edited here, left as it is"
        guide = guide or Guide.objects.create(language=language, section=section, slug=slug, changed_at=timezone.now())
        revision = review.write(
            guide,
            title=file.title,
            summary=file.summary,
            body=file.body,
            also_known_as=file.also_known_as,
            sources=file.sources,
            by=None,
            now=now,
        )
        review.submit(revision, now=now, rendered=html)
        if not reviewer.sample:
            return "submitted, waits for a signature"
        if guide.withdrawn_at is not None:
            return "submitted; the guide stays withdrawn"
    review.sign(
        revision,
        by=reviewer,
        digest=revision.digest,
        now=now,
        reviewed_on=file.last_reviewed,
        next_due=file.next_review,
        statement="Sample signature: no clinician has checked this text.",
    )
    return "signed by the sample reviewer"


def _waits_for_the_sample_reviewer(revision: Revision, reviewer: Reviewer, file: GuideFile) -> bool:
    """Whether a file with words that are there already brings a sample signature: the guide shows other words since,
    the file has new dates, or an import broke off before it signed. What was taken back is not signed again.
    """
    guide = revision.guide
    if not reviewer.sample or guide.withdrawn_at is not None or _was_edited_here(guide):
        return False
    reviews = list(revision.reviews.all())  # in their order
    if any(row.verdict == Verdict.REVOKED for row in reviews):
        return False
    if not reviews or guide.live_id != revision.pk:
        return True
    last = reviews[-1]
    return (last.reviewer_id, last.reviewed_on, last.next_due) != (file.reviewer, file.last_reviewed, file.next_review)


def _remake(revision: Revision) -> str:
    """Sees to it that words which are there already have their HTML."""
    held = Rendering.objects.filter(revision=revision, pipeline=PIPELINE).first()
    if held is not None and held.is_sealed_for(revision.digest):
        return "unchanged"
    review.render_again(revision)
    return "HTML made again"


def _was_edited_here(guide: Guide) -> bool:
    """Whether a person wrote or signed words of this guide: then no file replaces them."""
    revisions = Revision.objects.filter(guide=guide)
    return revisions.filter(author__isnull=False).exists() or revisions.filter(reviews__sample=False).exists()


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
