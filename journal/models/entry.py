"""What a person wrote: one row for everything, so that sealing, drafts, conflicts and trash exist once.

In clear stand the owner, the kind, the day and the times; all words are in the sealed columns.
"""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal.models.treatment import Treatment

# The namespace of what became of small steps.
OUTCOMES: Final = uuid.UUID("6c3f6d0a-0f0e-4d55-9d3b-5f2f5f1f7a10")


class Kind(models.TextChoices):
    INTENTION = "intention", _("Before the session")
    NOTE = "note", _("Note")
    REFLECTION = "reflection", _("A day after")
    STEP = "step", _("Small step")
    PLAN = "plan", _("Safety plan")
    MEASURE = "measure", _("Questionnaire")


class Entry(models.Model):
    """Its `ref` is made by the server into the form: address, name of its drafts, and guard against a second copy."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entries", db_index=False
    )
    ref = models.UUIDField(default=uuid.uuid4, editable=False)
    treatment = models.ForeignKey(Treatment, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # 1–7 for the days after a session; 0 for what belongs to none of them.
    day = models.PositiveSmallIntegerField(_("day"), default=0)
    body = models.BinaryField()  # sealed
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(_("written at"))
    saved_at = models.DateTimeField(_("last saved at"))
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ("-written_at", "-id")
        indexes = [
            # A page by key reads exactly its own rows, however long the journal is.
            models.Index(
                fields=("owner", "-written_at", "-id"), condition=Q(trashed_at__isnull=True), name="entry_by_time"
            ),
            models.Index(
                fields=("owner", "-trashed_at", "-id"), condition=Q(trashed_at__isnull=False), name="entry_in_the_trash"
            ),
            models.Index(fields=("trashed_at",), condition=Q(trashed_at__isnull=False), name="entry_trashed_longest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=("owner", "ref"), name="an_entry_has_a_ref_of_its_own"),
            models.UniqueConstraint(
                fields=("treatment", "day"),
                condition=Q(kind=Kind.REFLECTION, trashed_at__isnull=True),
                name="a_day_after_a_session_has_one_reflection",
            ),
            models.UniqueConstraint(
                fields=("treatment",),
                condition=Q(kind=Kind.INTENTION, trashed_at__isnull=True),
                name="a_session_has_one_set_of_intentions",
            ),
            models.UniqueConstraint(
                fields=("owner",),
                condition=Q(kind=Kind.PLAN, trashed_at__isnull=True),
                name="a_person_has_one_safety_plan",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="an_entry_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(day__gte=0, day__lte=7), name="a_day_is_from_0_to_7"),
            models.CheckConstraint(
                condition=~Q(kind=Kind.REFLECTION) | Q(day__gte=1), name="a_reflection_is_of_a_day_after"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_of_an_entry_start_at_1"),
            models.CheckConstraint(
                condition=Q(saved_at__gte=models.F("written_at")), name="an_entry_is_not_saved_before_it_is_written"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def outcome_ref(self) -> uuid.UUID:
        """The ref of the entry that says what became of the small step in this one: there is one at most."""
        return uuid.uuid5(OUTCOMES, str(self.ref))


class EntryVersion(models.Model):
    """What an entry said before it was changed, as it was sealed then."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    body = models.BinaryField()  # sealed
    at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=("entry", "version"), name="a_version_of_an_entry_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.version}"


class Draft(models.Model):
    """Words that were typed and are not an entry yet: kept for their owner, whatever happened to the page.

    Each form that was opened has its own (`form`), so that one tab never writes over what another holds.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    ref = models.UUIDField()  # of the entry or treatment that it is to become
    form = models.UUIDField()
    base_version = models.PositiveIntegerField(default=0)
    body = models.BinaryField()  # sealed
    at = models.DateTimeField(_("kept at"))

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("at",), name="draft_by_its_time")]
        constraints = [
            models.UniqueConstraint(fields=("owner", "ref", "form"), name="a_form_has_one_draft"),
        ]

    def __str__(self) -> str:
        return str(self.form)
