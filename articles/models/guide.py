"""Guides, and the one rule that says what the public may see of each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.models import Count, FilteredRelation, Q, Subquery, Value
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.models.reading import Fields, values_of
from articles.models.review import VOUCHING, Review, Verdict
from articles.models.revision import Rendering, Revision
from articles.models.section import Section
from articles.rendering import PIPELINE
from ketcare.site.models import GlossaryTerm


class State(StrEnum):
    """What a reader meets at a guide's address."""

    REVIEWED = "reviewed"
    OVERDUE = "overdue"
    URGENT = "urgent"
    SAMPLE = "sample"
    WITHDRAWN = "withdrawn"
    CHECKING = "checking"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True)
class PublicState:
    """A guide's state, with the review row that vouches for the words, or what is wrong with them."""

    kind: State
    review: Review | None = None
    problem: str = ""

    @property
    def shows_words(self) -> bool:
        return self.review is not None

    @property
    def is_sample(self) -> bool:
        return self.kind == State.SAMPLE


class GuideQuerySet(models.QuerySet["Guide"]):
    def published(self) -> "GuideQuerySet":
        """Narrows to guides whose words may be public; each one's `public_state` then decides."""
        vouched = Review.objects.filter(revision=models.OuterRef("live"), verdict__in=VOUCHING)
        return self.filter(models.Exists(vouched), live__isnull=False, withdrawn_at__isnull=True)

    def with_words(self) -> "list[Guide]":
        """The guides with their live words, the HTML of these and every review of these, in one query."""
        try:
            return guides_from(fetched(*self.rows_with_words().query.sql_with_params()))
        except ValueError:
            # SQLite's driver ends the whole answer at a date that is none, so each guide is asked for by itself.
            return [guide for key in list(self.values_list("pk", flat=True)) for guide in self.filter(pk=key)._alone()]

    def _alone(self) -> "list[Guide]":
        try:
            return guides_from(fetched(*self.rows_with_words().query.sql_with_params()))
        except ValueError:
            return self.unreadable()

    def unreadable(self) -> "list[Guide]":
        """The guides with their address only: their page is being checked, whatever else their rows hold."""
        guides = [Guide(**columns) for columns in self.values("id", "language", "section", "slug", "live_id")]
        for guide in guides:
            guide.is_sound = False
        return guides

    def rows_with_words(self) -> "models.QuerySet[Guide, tuple[Any, ...]]":
        """The columns of `READ`, one row for each review of the live words (or one without any)."""
        return self.annotate(
            rendered=FilteredRelation("live__renderings", condition=Q(live__renderings__pipeline=PIPELINE)),
            reviewed=FilteredRelation("live__reviews"),
            content_version=Subquery(Guide.objects.order_by("-changed_at").values("changed_at")[:1]),
            words_version=Subquery(GlossaryTerm.objects.order_by("-changed_at").values("changed_at")[:1]),
            number_of_words=Subquery(GlossaryTerm.objects.order_by().values(all=Value(1)).values(how_many=Count("*"))),
        ).values_list(*COLUMNS)


class Guide(models.Model):
    """A page's place: its address, and which revision is live there."""

    language = models.CharField(_("language"), max_length=10, default="en")
    section = models.CharField(_("section"), max_length=20, choices=Section)
    slug = models.SlugField(_("address"), max_length=80)
    live = models.ForeignKey(Revision, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_why = models.TextField(_("why withdrawn"), blank=True)
    # Null where a program did it, such as a test of a restored copy.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", to_field="ref"
    )
    # Moves with everything that changes what the public sees; the newest of all is the site's content version.
    changed_at = models.DateTimeField(_("changed at"), db_index=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        ordering = ("language", "section", "slug")
        constraints = [
            models.UniqueConstraint(fields=("language", "section", "slug"), name="a_guide_has_its_own_address"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="a_guide_is_in_a_known_section"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""), name="a_withdrawn_guide_says_why"
            ),
        ]
        permissions = [("withdraw_guide", "Can withdraw guide")]

    # Filled by `with_words`; None and empty until then.
    rendering: Rendering | None = None
    live_reviews: tuple[Review, ...] = ()
    # The newest change of any guide and of any word, and how many words there are.
    site_version: tuple[Any, ...] = ()
    is_sound: bool = True

    def __str__(self) -> str:
        return f"{self.language}/{self.section}/{self.slug}"

    def get_absolute_url(self) -> str:
        return reverse("guide", args=[self.section, self.slug])

    @property
    def words(self) -> Revision:
        """The live words. Raises LookupError where there are none: ask `public_state` first."""
        if self.live is None:
            raise LookupError(f"{self} has no live words")
        return self.live

    @property
    def html(self) -> Rendering:
        """The HTML of the live words, as `with_words` read it. Raises LookupError where there is none."""
        if self.rendering is None:
            raise LookupError(f"{self} has no HTML")
        return self.rendering

    @cached_property
    def _verdict(self) -> PublicState:
        """What vouches for the live words, the calendar left aside. Worked out once for what was read.

        Anything that does not fit together closes the page: a row that this site's keys did not make is no better
        than a missing one.
        """
        if self.live_id is None:
            return PublicState(State.UNPUBLISHED)
        if not self.is_sound:
            return PublicState(State.CHECKING, problem="a column of its rows holds what makes no sense there")
        words = self.words
        problem = self._broken(words)
        if problem:
            return PublicState(State.CHECKING, problem=problem)
        standing = self._standing(words)
        signed = [review for review in standing if review.is_signature]
        if not signed:
            return PublicState(State.URGENT, standing[-1])
        real = [review for review in signed if not review.sample]
        return PublicState(State.REVIEWED, real[-1]) if real else PublicState(State.SAMPLE, signed[-1])

    def _standing(self, words: Revision) -> list[Review]:
        """The reviews that vouch for exactly these words and that nobody took back, oldest first."""
        taken_back = {review.revokes_id for review in self.live_reviews if review.verdict == Verdict.REVOKED}
        return [
            review
            for review in self.live_reviews
            if review.vouches and review.digest == words.digest and review.pk not in taken_back
        ]

    def _broken(self, words: Revision) -> str:
        """What of the live words' rows is not as this site made it; nothing where all is."""
        if words.guide_id != self.pk:
            return "its live revision belongs to another guide"
        if not words.is_unchanged():
            return f"revision {words.number} is not as it was submitted"
        if any(not review.is_genuine() for review in self.live_reviews):
            return f"a review of revision {words.number} was not made by this site's keys"
        if not self._standing(words):
            return f"no signature stands for revision {words.number}"
        if self.rendering is None:
            return f"revision {words.number} has no HTML of the current pipeline; `up` makes it"
        if not self.rendering.is_sealed_for(words.digest):
            return f"the HTML of revision {words.number} is not as the pipeline made it"
        return ""

    def public_state(self, now: dt.datetime) -> PublicState:
        """The one public rule: what a reader meets at this guide's address at that moment.

        Needs what `with_words` reads. Words are shown only where `shows_words`.
        """
        if self.live_id is not None and self.withdrawn_at is not None:
            return PublicState(State.WITHDRAWN)
        state = self._verdict
        if state.kind == State.REVIEWED and state.review is not None and state.review.is_due(now.date()):
            return PublicState(State.OVERDUE, state.review)
        return state


# What a page needs, read in one go: the columns of each model under the name that leads to it from a guide.
READ: dict[str, type[models.Model]] = {"": Guide, "live__": Revision, "rendered__": Rendering, "reviewed__": Review}
COLUMNS = [prefix + field.name for prefix, model in READ.items() for field in model._meta.concrete_fields]
COLUMNS += ["content_version", "words_version", "number_of_words"]

FIELDS: Fields = (
    *(field for model in READ.values() for field in model._meta.concrete_fields),
    Guide._meta.get_field("changed_at"),
    GlossaryTerm._meta.get_field("changed_at"),
    GlossaryTerm._meta.pk,
)


def fetched(sql: str, parameters: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The driver's rows for that statement. SQLite's driver raises ValueError for a date that is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(parameters))
        return list(cursor.fetchall())


def guides_from(rows: Iterable[tuple[Any, ...]]) -> list[Guide]:
    """Guides made of the driver's rows, in the order of `COLUMNS`; a guide's rows differ in their review only."""
    guides: dict[int, Guide] = {}
    for row in rows:
        values, sound = values_of(FIELDS, row)
        read: dict[str, Any] = {}
        start = 0
        for prefix, model in READ.items():
            attributes = [field.attname for field in model._meta.concrete_fields]
            mine = values[start : start + len(attributes)]
            read[prefix] = model.from_db("default", attributes, mine) if row[start] is not None else None
            start += len(attributes)
        guide: Guide = guides.setdefault(read[""].pk, read[""])
        guide.is_sound = guide.is_sound and sound
        if guide is read[""]:
            guide.live, guide.rendering, guide.site_version = read["live__"], read["rendered__"], tuple(values[start:])
        if read["reviewed__"] is not None:
            guide.live_reviews = (*guide.live_reviews, read["reviewed__"])
    for guide in guides.values():
        if guide.is_sound:
            guide.live_reviews = tuple(sorted(guide.live_reviews, key=lambda review: (review.at, review.pk)))
    return list(guides.values())
