"""Verdicts of reviewers: each is a row that names the exact words by their digest."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Guide, Review, Reviewer, Revision
from articles.models.review import SIGNATURES, Verdict
from articles.models.revision import Change
from articles.review import fanout
from articles.review.place import Refused, hold, touch
from ketcare.accounts.models import User
from ketcare.site.models import Clinic


def _checked(revision: Revision, digest: str, reviewer: Reviewer, day: dt.date) -> Revision:
    """The words as stored, which that reviewer saw and may judge on that day. Raises Refused.

    They and their guide are held until the transaction ends: nothing is handed in, withdrawn or changed meanwhile.
    """
    guide = hold(revision.guide)
    stored = Revision.objects.select_for_update().get(pk=revision.pk)
    if stored.submitted_at is None:
        raise Refused(_("Only submitted words can be signed."))
    if stored.digest != digest or not stored.is_unchanged():
        raise Refused(_("These are not the words that you saw. Look at the difference and sign again."))
    if Revision.objects.filter(guide=guide, number__gt=stored.number, submitted_at__isnull=False).exists():
        raise Refused(_("A newer text was submitted meanwhile. Look at the difference and sign that one."))
    if guide.withdrawn_at is not None:
        raise Refused(_("This guide is withdrawn."))
    _check_account(reviewer)
    if not reviewer.may_sign_on(day):
        raise Refused(
            _("The credential of %(name)s is out of date (until %(day)s).")
            % {"name": reviewer.name, "day": reviewer.expires_on.isoformat()}
        )
    return stored


def _check_account(reviewer: Reviewer) -> None:
    if not reviewer.sample and (reviewer.user is None or not reviewer.user.is_active):
        raise Refused(_("%(name)s has no account to sign with.") % {"name": reviewer.name})


def wrote(user: User, words: Revision) -> bool:
    """Whether that person wrote these words, or any change since a real clinician last signed this guide."""
    return user.pk in writers_of([words])[words.pk]


def writers_of(several: Sequence[Revision]) -> dict[uuid.UUID, set[int]]:
    """By the key of each words: who wrote them, and every change since a real clinician last signed that guide.

    In two queries, however many words there are.
    """
    guides = [words.guide_id for words in several]
    signatures = Review.objects.filter(
        revision__guide__in=guides, verdict__in=SIGNATURES, sample=False, revocations__isnull=True
    )
    signed: dict[int, set[int]] = defaultdict(set)
    for review in signatures.select_related("revision").defer("revision__body", "revision__meta"):
        if review.is_genuine():
            signed[review.revision.guide_id].add(review.revision.number)
    written: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Revision.objects.filter(guide__in=guides, author__isnull=False)
    for guide, number, author in rows.values_list("guide", "number", "author"):
        written[guide].append((number, author))
    found = {}
    for words in several:
        last = max((number for number in signed[words.guide_id] if number <= words.number), default=0)
        own = {author for number, author in written[words.guide_id] if last < number <= words.number}
        found[words.pk] = own | ({words.author_id} if words.author_id else set())
    return found


def why_own_words_wait(by: User, words: Revision, now: dt.datetime) -> str:
    """What stands in the way of signing one's own words; "" where the clinic's only clinician can do it by now."""
    if not Clinic.objects.filter(solo=True).exists():
        return _("These are your own words, or some of them are: somebody else signs them.")
    if words.submitted_at is None or not by.local_day(words.submitted_at) < by.local_day(now):
        return _("These are your own words. Sleep on them: you can sign them from tomorrow on.")
    return ""


def _as_sole_clinician(by: Reviewer, words: Revision, now: dt.datetime) -> bool:
    """Whether this signature is of somebody's own words, as a clinic with one clinician allows. Raises Refused."""
    if by.user is None or not wrote(by.user, words):
        return False
    if waits := why_own_words_wait(by.user, words, now):
        raise Refused(waits)
    return True


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


@transaction.atomic
def sign(
    revision: Revision,
    *,
    by: Reviewer,
    digest: str,
    now: dt.datetime,
    next_due: dt.date,
    reviewed_on: dt.date | None = None,
    read_at: dt.datetime | None = None,
    statement: str = "",
    checklist: list[str] | None = None,
) -> Review:
    """Signs the words with that digest, which the reviewer saw, and makes them live. Raises Refused.

    `reviewed_on` is the day on which they were checked: today, unless a shipped sample names an earlier one. `read_at`
    is when the reviewer opened the page to sign on: what changed in a source later stays marked.
    """
    reviewed_on = reviewed_on or now.date()
    words = _checked(revision, digest, by, reviewed_on if by.sample else now.date())
    solo = _as_sole_clinician(by, words, now)
    if reviewed_on > now.date():
        raise Refused(_("The day of the review (%(day)s) has not come yet.") % {"day": reviewed_on.isoformat()})
    if next_due <= reviewed_on:
        raise Refused(_("The next review comes after this one."))
    review = _row(
        words,
        by=by,
        verdict=Verdict.SIGNED,
        now=now,
        reviewed_on=reviewed_on,
        next_due=next_due,
        statement=statement,
        checklist=checklist or [],
        solo=solo,
    )
    touch(revision.guide, live=revision)
    if not by.sample:
        fanout.clear_with(review, read_at=read_at or now)
    return review


def last_signature(guide: Guide, now: dt.datetime) -> Review | None:
    """The real signature under which the guide's words stand at that moment; None where there is none."""
    [read] = Guide.objects.filter(pk=guide.pk).with_words()
    state = read.public_state(now)
    return state.review if state.review and state.review.is_signature and not state.review.sample else None


@transaction.atomic
def sign_correction(revision: Revision, *, by: Reviewer, digest: str, now: dt.datetime, statement: str = "") -> Review:
    """Signs words in which only a slip was corrected: the days of the last and the next review stay. Raises Refused.

    Only whoever signed that last review can do so: the page names them with its day.
    """
    words = _checked(revision, digest, by, now.date())
    if words.change != Change.EDITORIAL:
        raise Refused(_("These words are not handed in as a correction. Sign them as a whole."))
    last = last_signature(words.guide, now)
    if last is None:
        raise Refused(_("There is no signature to keep the day of. Sign the words as a whole."))
    if last.reviewer_id != by.slug:
        raise Refused(
            _("The last review is that of %(name)s. A correction is theirs to sign; sign the words as a whole instead.")
            % {"name": last.name}
        )
    review = _row(
        words,
        by=by,
        verdict=Verdict.EDITORIAL,
        now=now,
        reviewed_on=last.reviewed_on,
        next_due=last.next_due,
        statement=statement,
        solo=_as_sole_clinician(by, words, now),
    )
    touch(revision.guide, live=revision)
    return review


@transaction.atomic
def publish_urgently(revision: Revision, *, by: Reviewer, digest: str, now: dt.datetime) -> Review:
    """Makes an urgent change live before anyone else has signed it; the page says so. Raises Refused."""
    words = _checked(revision, digest, by, now.date())
    if words.change != Change.URGENT:
        raise Refused(_("This revision is not an urgent change."))
    if by.sample:
        raise Refused(_("An urgent change is made by a real person."))
    review = _row(words, by=by, verdict=Verdict.URGENT, now=now, note=words.reason)
    touch(revision.guide, live=revision)
    return review


@transaction.atomic
def ask_for_changes(revision: Revision, *, by: Reviewer, digest: str, note: str, now: dt.datetime) -> Review:
    """Says what has to change before these words can be signed. Nothing that is live changes. Raises Refused."""
    words = _checked(revision, digest, by, now.date())
    if not note.strip():
        raise Refused(_("Say what has to change."))
    if by.sample or words.author_id == by.user_id:
        raise Refused(_("These are your own words: change them, and hand them in again."))
    return _row(words, by=by, verdict=Verdict.CHANGES, now=now, note=note.strip())


@transaction.atomic
def revoke(review: Review, *, by: Reviewer, why: str, now: dt.datetime) -> Review:
    """Takes a signature or an urgent row back. What it vouched for is no longer shown. Raises Refused."""
    hold(review.revision.guide)
    if not why.strip():
        raise Refused(_("Say why the signature is taken back."))
    _check_account(by)
    if not review.vouches:
        raise Refused(_("Only a signature or an urgent change can be taken back."))
    row = _row(review.revision, by=by, verdict=Verdict.REVOKED, now=now, note=why, revokes=review)
    touch(review.revision.guide)
    return row
