"""One guide file into the database. What somebody did here is never overwritten: a conflict is told, never guessed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from articles import review, signed_files
from articles.content import Content, ReadGuide, rendered
from articles.models import Guide, GuideAddress, Rendering, Review, Reviewer, Revision
from articles.models.review import Verdict
from articles.models.revision import Change
from articles.rendering import PIPELINE, Rendered, RenderingRefused
from articles.source import GuideFile
from ketcare.accounts.models import User

LEFT: Final = "edited here, left as it is"
UNCHANGED: Final = "unchanged"


def take_guide(content: Content, read: ReadGuide, now: dt.datetime) -> str:
    """Brings one file in, and says what became of it. Raises BadFile, review.Refused and RenderingRefused."""
    language, section, slug = read.place
    file, signature = read.file, signed_files.review_in(read.file)
    # Words that somebody really signed cite their sources as they did then, whatever is known of these since.
    cited = content.cited(file)
    as_signed = {key: cited[key] for key in (cited if signature else file.as_signed)}
    digest = _digest(file, as_signed)
    guide = Guide.objects.filter(language=language, section=section, slug=slug).first()
    if guide is None and (moved := GuideAddress.objects.filter(path=reverse("guide", args=[section, slug])).first()):
        known = Revision.objects.filter(guide=moved.guide, digest=digest).exists()
        return UNCHANGED if known else f"moved here to {moved.guide.get_absolute_url()}, left as it is"
    reviewer = Reviewer.objects.get(slug=file.reviewer)
    submitted = list(Revision.objects.filter(guide=guide, submitted_at__isnull=False).order_by("-number"))
    revision = next((held for held in submitted if held.digest == digest), None)
    # Words that came back after others are submitted anew, unless somebody here has taken the guide over.
    if guide is not None and revision is not None and (revision == submitted[0] or was_edited_here(guide)):
        outcome = _remake(revision, content.made.get(read.text))
        if _comes_back(signature, revision):
            return _restore(signature, revision)
        if not _waits_for_the_sample_reviewer(revision, reviewer, file):
            return _conflict(guide, revision, submitted[0]) or outcome
        rendered(content, read)  # what stops a new file stops a signature under an old one
        return _sign_as_sample(revision, reviewer, file, now)
    html = rendered(content, read)
    if guide is not None and was_edited_here(guide):
        return LEFT
    guide = guide or Guide.objects.create(language=language, section=section, slug=slug, changed_at=timezone.now())
    revision = _write(guide, file, signature, as_signed, html, now)
    if guide.withdrawn_at is not None:
        return "submitted; the guide stays withdrawn"
    if not reviewer.sample:
        if _comes_back(signature, revision):
            return _restore(signature, revision)
        why = signed_files.why_not(signature) or "its words stand elsewhere here"
        return f"submitted, waits for a signature{': ' + why if file.signature else ''}"
    if _is_hidden(guide):
        return "submitted; the sample stays hidden"
    return _sign_as_sample(revision, reviewer, file, now)


def _digest(file: GuideFile, as_signed: Mapping[str, dict[str, Any]]) -> str:
    meta = review.meta_of(file.also_known_as, file.sources, as_signed)
    return Revision(title=file.title, summary=file.summary, body=file.body, meta=meta).computed_digest()


def _write(
    guide: Guide,
    file: GuideFile,
    signature: Review | None,
    as_signed: Mapping[str, dict[str, Any]],
    html: Rendered,
    now: dt.datetime,
) -> Revision:
    """The words of the file, handed in. Those of a signature that this site made keep the key that it names."""
    key = signature.revision_id if signature and not Revision.objects.filter(pk=signature.revision_id) else None
    author = User.objects.filter(ref=signature.author_id).first() if signature and signature.author_id else None
    correction = signature is not None and signature.verdict == Verdict.EDITORIAL
    revision = review.write(
        guide,
        title=file.title,
        summary=file.summary,
        body=file.body,
        also_known_as=file.also_known_as,
        sources=file.sources,
        by=author,
        now=now,
        change=Change.EDITORIAL if correction else Change.CONTENT,
        key=key,
        as_signed=as_signed,
    )
    return review.submit(revision, now=now, rendered=html, as_signed=as_signed)


def _comes_back(signature: Review | None, revision: Revision) -> bool:
    """Whether the file's signature is that of these words, which nobody here has judged since."""
    return (
        signature is not None
        and (signature.revision_id, signature.digest) == (revision.pk, revision.digest)
        and revision.guide.withdrawn_at is None
        and revision.guide.live_id in {None, revision.pk}
        and not revision.reviews.exists()
        and not signed_files.why_not(signature)
    )


def _restore(signature: Review | None, revision: Revision) -> str:
    if signature is None:
        raise LookupError("A file without a signature restores none.")
    signed_files.restore(signature, revision)
    return f"signed by {signature.name} on {signature.at:%Y-%m-%d}, as this site's keys prove"


def _sign_as_sample(revision: Revision, reviewer: Reviewer, file: GuideFile, now: dt.datetime) -> str:
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
    if not reviewer.sample or guide.withdrawn_at is not None or was_edited_here(guide) or _is_hidden(guide):
        return False
    reviews = list(revision.reviews.all())  # in their order
    if any(row.verdict == Verdict.REVOKED for row in reviews):
        return False
    if not reviews or guide.live_id != revision.pk:
        return True
    last = reviews[-1]
    return (last.reviewer_id, last.reviewed_on, last.next_due) != (file.reviewer, file.last_reviewed, file.next_review)


def _conflict(guide: Guide, revision: Revision, newest: Revision) -> str:
    """What was done here with words that the file still has as they were; nothing where nothing was."""
    if guide.withdrawn_at is not None:
        return "withdrawn here, stays withdrawn"
    if revision != newest:
        return "newer words here, left as they are"
    return "hidden here, stays hidden" if _is_hidden(guide) else ""


def _is_hidden(guide: Guide) -> bool:
    """Whether somebody here took a sample off the site, until a clinician signs it."""
    taken_back = Review.objects.filter(revision__guide=guide, verdict=Verdict.REVOKED, sample=True)
    return guide.live_id is None and taken_back.exists()


def _remake(revision: Revision, made: Rendered | RenderingRefused | None) -> str:
    """Sees to it that words which are there already have their HTML."""
    held = Rendering.objects.filter(revision=revision, pipeline=PIPELINE).first()
    if held is not None and held.is_sealed_for(revision.digest):
        return UNCHANGED
    review.render_again(revision, rendered=made if isinstance(made, Rendered) else None)
    return "HTML made again"


def was_edited_here(guide: Guide) -> bool:
    """Whether a person wrote or signed words of this guide: then no file replaces them."""
    revisions = Revision.objects.filter(guide=guide)
    return revisions.filter(author__isnull=False).exists() or revisions.filter(reviews__sample=False).exists()
