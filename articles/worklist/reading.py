"""What the work list is made of, read in a number of queries that no number of guides changes."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Guide, PublicState, Review, Reviewer, Revision, SourceChanged
from articles.models.guide import State
from articles.models.review import SIGNATURES, VOUCHING, Verdict
from articles.review.signing import writers_of
from ketcare.accounts.models import User
from ketcare.site.models import Clinic


def _who_may(permission: str) -> frozenset[int]:
    """The accounts that work on the desk and have that permission."""
    able = ModelBackend().with_perm(permission).filter(is_staff=True)
    return frozenset(able.values_list("pk", flat=True))


def _newest() -> "QuerySet[Revision]":
    """The newest handed-in words of each guide, and the drafts after them."""
    later = Revision.objects.filter(guide=OuterRef("guide"), number__gt=OuterRef("number"), submitted_at__isnull=False)
    return Revision.objects.filter(~Exists(later))


@dataclass(frozen=True)
class Reading:
    """Everything that somebody may have to know about, as the database had it at that moment."""

    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day by which pages say that a check is late."""
        return self.now.date()

    @cached_property
    def guides(self) -> dict[int, Guide]:
        return {guide.pk: guide for guide in Guide.objects.all().with_words()}

    @cached_property
    def states(self) -> dict[int, PublicState]:
        return {pk: guide.public_state(self.now) for pk, guide in self.guides.items()}

    @cached_property
    def _revisions(self) -> list[Revision]:
        return list(_newest().select_related("author").defer("summary", "body", "meta").order_by("number"))

    @cached_property
    def handed_in(self) -> dict[int, Revision]:
        """By its guide: the newest words that were handed in."""
        return {words.guide_id: words for words in self._revisions if words.submitted_at is not None}

    @cached_property
    def drafts(self) -> dict[int, Revision]:
        """By its guide: the newest words, where they are not handed in yet."""
        newest = {words.guide_id: words for words in self._revisions}
        return {guide: words for guide, words in newest.items() if words.submitted_at is None}

    @cached_property
    def verdicts(self) -> dict[int, list[Review]]:
        """By its guide: what was said of the newest handed-in words, oldest first."""
        found = defaultdict(list)
        by_key = {words.pk: words for words in self.handed_in.values()}
        newest = _newest().filter(submitted_at__isnull=False)
        for review in Review.objects.filter(revision__in=newest.values("pk")).order_by("at", "id"):
            words = by_key[review.revision_id]
            if review.is_genuine() and review.digest == words.digest:
                found[words.guide_id].append(review)
        return found

    @cached_property
    def waiting(self) -> dict[int, Revision]:
        """By its guide: the newest handed-in words that no signature vouches for, and that can be signed."""
        return {
            pk: words
            for pk, words in self.handed_in.items()
            if self.guides[pk].withdrawn_at is None and not self._is_signed(pk)
        }

    def _is_signed(self, guide: int) -> bool:
        said = self.verdicts[guide]
        taken_back = {review.revokes_id for review in said if review.verdict == Verdict.REVOKED}
        return any(review.is_signature and review.pk not in taken_back for review in said)

    @cached_property
    def writers(self) -> dict[uuid.UUID, set[int]]:
        """By their key: who wrote any of the words that wait, since the last real signature."""
        return writers_of(list(self.waiting.values()))

    @cached_property
    def urgent_since(self) -> dict[int, dt.datetime]:
        """By its guide: since when readers have seen words that nobody has signed."""
        urgent = [pk for pk, state in self.states.items() if state.kind == State.URGENT]
        rows = Review.objects.filter(
            revision__guide__in=urgent, verdict__in=VOUCHING, sample=False, revocations__isnull=True
        )
        since: dict[int, dt.datetime] = {}
        for guide, verdict, at in rows.order_by("at", "id").values_list("revision__guide", "verdict", "at"):
            if verdict in SIGNATURES:
                since.pop(guide, None)
            else:
                since.setdefault(guide, at)
        return since

    @cached_property
    def marks(self) -> list[SourceChanged]:
        return list(SourceChanged.objects.open().select_related("source"))

    # Who does what ----------------------------------------------------------------------------------------------------

    @cached_property
    def solo(self) -> bool:
        """Whether the clinic has one clinician, who signs their own words."""
        return Clinic.objects.filter(solo=True).exists()

    @cached_property
    def reviewers(self) -> dict[str, Reviewer]:
        """The real ones, by their address."""
        real = Reviewer.objects.filter(sample=False, user__isnull=False).select_related("user")
        return {reviewer.slug: reviewer for reviewer in real}

    @cached_property
    def _signers(self) -> frozenset[int]:
        return _who_may("articles.add_review")

    def can_sign(self, reviewer: Reviewer | None) -> bool:
        """Whether that reviewer still works on the desk and has a credential in date."""
        return reviewer is not None and reviewer.user_id in self._signers and reviewer.may_sign_on(self.today)

    @cached_property
    def able(self) -> frozenset[int]:
        """The accounts of those who can sign."""
        return frozenset(found.user_id for found in self.reviewers.values() if found.user_id and self.can_sign(found))

    @cached_property
    def managers(self) -> frozenset[int]:
        at_work = User.objects.filter(is_active=True, is_staff=True, groups__name="manager")
        return frozenset(at_work.values_list("pk", flat=True))

    @cached_property
    def fallback(self) -> frozenset[int]:
        """Whose task it is where nobody else can do it: the managers, or else whoever reviews here."""
        active = {found.user_id for found in self.reviewers.values() if found.user and found.user.is_active}
        return self.managers or frozenset(pk for pk in active if pk is not None)

    @cached_property
    def editors(self) -> frozenset[int]:
        return _who_may("articles.change_guide")

    def who_may_sign(self, words: Revision) -> frozenset[int]:
        """Who can sign these words; the fallback where nobody can."""
        may = self.able if self.solo else self.able - self.writers[words.pk]
        return may or self.fallback

    def owner(self, review: Review) -> frozenset[int]:
        """Whose task the next check is: of who signed last, or of the fallback where they cannot any more."""
        last = self.reviewers.get(review.reviewer_id)
        if last is not None and last.user_id is not None and self.can_sign(last):
            return frozenset({last.user_id})
        return self.fallback
