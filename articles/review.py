"""The deeds by which words become public or stop being so. Each changes several rows, in one transaction."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from articles.digest import normal_text
from articles.models import Citation, Guide, Rendering, Review, Reviewer, Revision, Source
from articles.models.review import Verdict
from articles.models.revision import Change
from articles.rendering import PIPELINE, Rendered, render
from ketcare.accounts.models import User


class Refused(Exception):
    """A deed that may not be done; the message is for the person who asked for it."""


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
    change: Change = Change.CONTENT,
    reason: str = "",
) -> Revision:
    """A new draft with these words, citing the sources with these keys. Raises Refused for an unknown key."""
    newest = Revision.objects.filter(guide=guide).order_by("-number").values_list("number", flat=True).first() or 0
    return Revision.objects.create(
        guide=guide,
        number=newest + 1,
        title=title,
        summary=summary,
        body=body,
        meta=meta_of(also_known_as, sources),
        author=by,
        made_at=now,
        change=change,
        reason=reason,
    )


def meta_of(also_known_as: list[str], sources: list[str]) -> dict[str, Any]:
    """What stands beside the body, with a snapshot of each source as it is now. Raises Refused for an unknown key."""
    known = Source.objects.in_bulk(sources, field_name="key")
    missing = [key for key in sources if key not in known]
    if missing:
        raise Refused(f"unknown source {', '.join(missing)}")
    return {
        "also_known_as": [normal_text(name) for name in also_known_as],
        "sources": [known[key].snapshot() for key in sources],
    }


def submit(revision: Revision, *, now: dt.datetime, rendered: Rendered | None = None) -> Revision:
    """Freezes a draft: sources as they stand, digest, citations, HTML. `rendered` saves rendering it twice.

    Raises Refused where it is submitted already, and RenderingRefused where its text cannot be turned into HTML.
    """
    if revision.submitted_at is not None:
        raise Refused("These words were submitted before. Write a new revision.")
    keys = [source["key"] for source in revision.sources]
    if rendered is None:
        rendered = render(revision.body, language=revision.guide.language, sources=keys)
    # The transaction begins here: rendering takes a while, and SQLite lets one writer in at a time.
    with transaction.atomic():
        revision.meta = meta_of(revision.also_known_as, keys)
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
        _touch(revision.guide)
    return rendering


def render_again(revision: Revision) -> Rendering:
    """Makes the HTML of submitted words anew. Raises Refused for words that are not as they were submitted."""
    if not revision.is_unchanged():
        raise Refused("These words are not as they were submitted.")
    keys = [source["key"] for source in revision.sources]
    return keep_rendering(revision, render(revision.body, language=revision.guide.language, sources=keys))


def _checked(revision: Revision, digest: str, reviewer: Reviewer, day: dt.date) -> Revision:
    """The words as stored, which that reviewer saw and may put their name to on that day. Raises Refused."""
    stored = Revision.objects.select_related("guide").get(pk=revision.pk)
    if stored.submitted_at is None:
        raise Refused("Only submitted words can be signed.")
    if stored.digest != digest or not stored.is_unchanged():
        raise Refused("These are not the words that you saw. Look at the difference and sign again.")
    if Revision.objects.filter(guide=stored.guide, number__gt=stored.number, submitted_at__isnull=False).exists():
        raise Refused("A newer text was submitted meanwhile. Look at the difference and sign that one.")
    if stored.guide.withdrawn_at is not None:
        raise Refused("This guide is withdrawn.")
    _check_account(reviewer)
    if not reviewer.may_sign_on(day):
        raise Refused(f"The credential of {reviewer.name} is out of date (until {reviewer.expires_on.isoformat()}).")
    return stored


def _check_account(reviewer: Reviewer) -> None:
    if not reviewer.sample and (reviewer.user is None or not reviewer.user.is_active):
        raise Refused(f"{reviewer.name} has no account to sign with.")


def _wrote(user: User, words: Revision) -> bool:
    """Whether that person wrote these words, or any change since a real clinician last signed this guide."""
    signatures = Review.objects.filter(
        revision__guide=words.guide_id,
        revision__number__lte=words.number,
        verdict=Verdict.SIGNED,
        sample=False,
        revocations__isnull=True,
    ).select_related("revision")
    signed = max((review.revision.number for review in signatures if review.is_genuine()), default=0)
    changes = Revision.objects.filter(guide=words.guide_id, number__gt=signed, number__lte=words.number, author=user)
    return words.author_id == user.pk or changes.exists()


def _row(revision: Revision, *, by: Reviewer, verdict: Verdict, now: dt.datetime, **columns: Any) -> Review:
    """Adds a review row with everything that it copies."""
    review = Review(
        revision=revision,
        digest=revision.digest,
        verdict=verdict,
        reviewer=by,
        author=revision.author,
        signed_by=by.user,
        name=by.name,
        credential=by.credential,
        sample=by.sample,
        at=now,
        **columns,
    )
    review.save()
    return review


def _touch(guide: Guide, **columns: Any) -> None:
    """Moves the content version: later than any before, even where the clock went back."""
    newest = Guide.objects.order_by("-changed_at").values_list("changed_at", flat=True).first()
    moment = timezone.now()
    if newest is not None and moment <= newest:
        moment = newest + dt.timedelta(microseconds=1)
    Guide.objects.filter(pk=guide.pk).update(changed_at=moment, **columns)
    guide.changed_at = moment
    for name, value in columns.items():
        setattr(guide, name, value)


@transaction.atomic
def sign(
    revision: Revision,
    *,
    by: Reviewer,
    digest: str,
    now: dt.datetime,
    next_due: dt.date,
    reviewed_on: dt.date | None = None,
    statement: str = "",
    checklist: list[str] | None = None,
) -> Review:
    """Signs the words with that digest, which the reviewer saw, and makes them live. Raises Refused.

    `reviewed_on` is the day on which they were checked: today, unless a shipped sample names an earlier one.
    """
    reviewed_on = reviewed_on or now.date()
    words = _checked(revision, digest, by, reviewed_on if by.sample else now.date())
    if by.user is not None and _wrote(by.user, words):
        raise Refused("These are your own words, or some of them are: somebody else signs them.")
    if reviewed_on > now.date():
        raise Refused(f"The day of the review ({reviewed_on.isoformat()}) has not come yet.")
    if next_due <= reviewed_on:
        raise Refused("The next review comes after this one.")
    review = _row(
        words,
        by=by,
        verdict=Verdict.SIGNED,
        now=now,
        reviewed_on=reviewed_on,
        next_due=next_due,
        statement=statement,
        checklist=checklist or [],
    )
    _touch(revision.guide, live=revision)
    return review


@transaction.atomic
def publish_urgently(revision: Revision, *, by: Reviewer, digest: str, now: dt.datetime) -> Review:
    """Makes an urgent change live before anyone else has signed it; the page says so. Raises Refused."""
    words = _checked(revision, digest, by, now.date())
    if words.change != Change.URGENT:
        raise Refused("This revision is not an urgent change.")
    if by.sample:
        raise Refused("An urgent change is made by a real person.")
    review = _row(words, by=by, verdict=Verdict.URGENT, now=now, note=words.reason)
    _touch(revision.guide, live=revision)
    return review


@transaction.atomic
def revoke(review: Review, *, by: Reviewer, why: str, now: dt.datetime) -> Review:
    """Takes a signature or an urgent row back. What it vouched for is no longer shown. Raises Refused."""
    if not why.strip():
        raise Refused("Say why the signature is taken back.")
    _check_account(by)
    if not review.vouches:
        raise Refused("Only a signature or an urgent change can be taken back.")
    row = _row(review.revision, by=by, verdict=Verdict.REVOKED, now=now, note=why, revokes=review)
    _touch(review.revision.guide)
    return row


@transaction.atomic
def withdraw(guide: Guide, *, why: str, now: dt.datetime) -> None:
    """Takes a guide off the site: its address answers 410 with the reason. Raises Refused."""
    if not why.strip():
        raise Refused("Say why the guide is withdrawn: its page tells readers.")
    if guide.live_id is None:
        raise Refused("Only a guide that was public can be withdrawn.")
    if Guide.objects.filter(pk=guide.pk, withdrawn_at__isnull=False).exists():
        raise Refused("This guide is withdrawn already.")
    _touch(guide, withdrawn_at=now, withdrawn_why=why)
