"""Writing and handing in: drafts that two people may work on, and words that are frozen with their HTML."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from articles.digest import normal_text
from articles.models import Citation, Guide, Rendering, Revision, Source
from articles.models.revision import Change
from articles.rendering import PIPELINE, Rendered, render
from articles.review.place import Refused, hold, touch
from ketcare.accounts.models import User

# Sources in the form of `Source.snapshot`, by key.
type Snapshots = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Draft:
    """What somebody wrote in the form: the words, and what kind of change they are."""

    title: str
    summary: str
    body: str
    also_known_as: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    change: str = Change.CONTENT
    reason: str = ""

    def is_that_of(self, revision: Revision) -> bool:
        """Whether the revision says the same, so that keeping it again would make nothing new.

        Words that were handed in are what they are, whatever kind of change brought them.
        """
        return (
            [normal_text(text) for text in (self.title, self.summary, self.body)]
            == [revision.title, revision.summary, revision.body]
            and [normal_text(name) for name in self.also_known_as] == revision.also_known_as
            and self.sources == [source["key"] for source in revision.sources]
            and (revision.submitted_at is not None or (self.change, self.reason) == (revision.change, revision.reason))
        )


class Stale(Exception):
    """Somebody else kept other words since the form was opened. `newest` has them."""

    def __init__(self, newest: Revision) -> None:
        super().__init__("Somebody else changed this text meanwhile.")
        self.newest = newest


def newest_of(guide: Guide) -> Revision | None:
    """The newest words of a guide, handed in or not."""
    return Revision.objects.filter(guide=guide).order_by("-number").select_related("author").first()


def stale(guide: Guide, draft: Draft, base: str) -> Revision | None:
    """The newest words, where they are neither those that the form started from nor those of the draft."""
    newest = newest_of(guide)
    if newest is None or version_of(newest) == base or draft.is_that_of(newest):
        return None
    return newest


def version_of(revision: Revision | None) -> str:
    """What a form names as the words it started from; changes with each save that changes anything."""
    if revision is None:
        return "0"
    return f"{revision.number}-{revision.computed_digest()[:16]}-{revision.change}-{len(revision.reason)}"


@transaction.atomic
def write(
    guide: Guide,
    *,
    title: str,
    summary: str,
    body: str,
    also_known_as: list[str],
    sources: list[str],
    by: User | None,
    now: dt.datetime,
    change: str = Change.CONTENT,
    reason: str = "",
    key: uuid.UUID | None = None,
    as_signed: Snapshots | None = None,
) -> Revision:
    """A new draft with these words, citing the sources with these keys. Raises Refused for an unknown key.

    A file of words that were signed before may bring their `key` and the sources `as_signed`.
    """
    hold(guide)
    newest = newest_of(guide)
    return Revision.objects.create(
        pk=key or uuid.uuid4(),
        guide=guide,
        number=newest.number + 1 if newest else 1,
        title=title,
        summary=summary,
        body=body,
        meta=meta_of(also_known_as, sources, as_signed),
        author=by,
        made_at=now,
        change=change,
        reason=reason,
    )


@transaction.atomic
def save_draft(guide: Guide, draft: Draft, *, by: User, base: str, now: dt.datetime) -> Revision:
    """Keeps what was written and returns it; what changes nothing makes nothing new.

    `base` is `version_of` the words that the form started from. Each author's words stay a revision of their own, so
    that it is known who wrote what: a draft of somebody else is followed by a new one. Raises Stale, and Refused for
    an unknown source.
    """
    hold(guide)
    newest = newest_of(guide)
    if newest is not None and draft.is_that_of(newest):
        return newest
    if (theirs := stale(guide, draft, base)) is not None:
        raise Stale(theirs)
    if newest is None or newest.submitted_at is not None or newest.author_id != by.pk:
        columns = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
        return write(guide, **columns, by=by, now=now)
    newest.title, newest.summary, newest.body = draft.title, draft.summary, draft.body
    newest.meta = meta_of(draft.also_known_as, draft.sources)
    newest.change, newest.reason, newest.made_at = draft.change, draft.reason, now
    newest.save()
    return newest


@transaction.atomic
def discard(revision: Revision, *, by: User) -> None:
    """Throws one's own newest draft away. Raises Refused for any other: later words may rest on it."""
    hold(revision.guide)
    newest = newest_of(revision.guide)
    if newest is None or newest.pk != revision.pk or newest.submitted_at is not None or newest.author_id != by.pk:
        raise Refused(_("Only your own newest draft can be thrown away."))
    newest.delete()


def meta_of(also_known_as: list[str], sources: list[str], as_signed: Snapshots | None = None) -> dict[str, Any]:
    """What stands beside the body, with a snapshot of each source as it is now, or as it was signed before.

    Raises Refused for an unknown key.
    """
    known = Source.objects.in_bulk(sources, field_name="key")
    missing = [key for key in sources if key not in known]
    if missing:
        raise Refused(_("unknown source %(keys)s") % {"keys": ", ".join(missing)})
    return {
        "also_known_as": [normal_text(name) for name in also_known_as],
        "sources": [(as_signed or {}).get(key) or known[key].snapshot() for key in sources],
    }


def submit(
    revision: Revision, *, now: dt.datetime, rendered: Rendered | None = None, as_signed: Snapshots | None = None
) -> Revision:
    """Freezes a draft: sources as they stand, digest, citations, HTML. `rendered` saves rendering it twice.

    Raises Refused where it is submitted already, and RenderingRefused where its text cannot be turned into HTML.
    """
    if revision.submitted_at is not None:
        raise Refused(_("These words were submitted before. Write a new revision."))
    keys = [source["key"] for source in revision.sources]
    if rendered is None:
        rendered = render(revision.body, language=revision.guide.language, sources=keys)
    # The transaction begins here: rendering takes a while, and SQLite lets one writer in at a time.
    with transaction.atomic():
        hold(revision.guide)
        revision.meta = meta_of(revision.also_known_as, keys, as_signed)
        revision.digest = revision.computed_digest()
        revision.submitted_at = now
        revision.save()
        numbers = {key: number for number, (key, _uses) in enumerate(rendered.cited, 1)}
        Citation.objects.bulk_create(
            Citation(revision=revision, source=source, number=numbers[source.key])
            for source in Source.objects.filter(key__in=numbers)
        )
        keep_rendering(revision, rendered)
    return revision


def keep_rendering(revision: Revision, rendered: Rendered) -> Rendering:
    """Keeps the HTML of submitted words under a seal, in place of what the same pipeline made before."""
    rendering = Rendering(
        revision=revision,
        pipeline=PIPELINE,
        html=rendered.html,
        contents={
            "opening": rendered.opening,
            "headings": [list(heading) for heading in rendered.contents],
            "cited": [list(citation) for citation in rendered.cited],
            "parts": list(rendered.parts),
        },
    )
    rendering.put_seal(revision.digest)
    with transaction.atomic():
        Rendering.objects.filter(revision=revision, pipeline=PIPELINE).delete()
        rendering.save()
        touch(revision.guide)
    return rendering


def render_again(revision: Revision, rendered: Rendered | None = None) -> Rendering:
    """Makes the HTML of submitted words anew. Raises Refused for words that are not as they were submitted.

    `rendered` saves rendering them twice.
    """
    if not revision.is_unchanged():
        raise Refused(_("These words are not as they were submitted."))
    if rendered is None:
        keys = [source["key"] for source in revision.sources]
        rendered = render(revision.body, language=revision.guide.language, sources=keys)
    return keep_rendering(revision, rendered)
