"""That something a guide rests on has changed, until somebody has looked at it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.guide import Guide
from articles.models.review import Review
from articles.models.source import Source


class SourceChangedQuerySet(models.QuerySet["SourceChanged"]):
    def open(self) -> "SourceChangedQuerySet":
        return self.filter(cleared_at__isnull=True)


class SourceChanged(models.Model):
    """A guide whose source changed: a mark on the desk, which unsigns nothing. A signature clears it, or a note."""

    class Kind(models.TextChoices):
        RECORD = "record", _("Its record was changed")
        RETRACTED = "retracted", _("It was retracted")
        NOTICE = "notice", _("A safety notice")

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="source_changes")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    reason = models.TextField(_("what changed"))
    raised_at = models.DateTimeField(_("since"))
    # Null where a file of content/ brought the change in.
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", to_field="ref"
    )
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", to_field="ref"
    )
    # A signature says by itself that the words were read again; without one, a note says why they stand.
    cleared_with = models.ForeignKey(Review, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cleared_note = models.TextField(_("why the words stand"), blank=True)

    objects = SourceChangedQuerySet.as_manager()

    class Meta:
        verbose_name = _("changed source")
        verbose_name_plural = _("changed sources")
        ordering = ("raised_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cleared_at__isnull=True, cleared_by__isnull=True, cleared_with__isnull=True)
                | models.Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="somebody_clears_a_changed_source",
            ),
            models.CheckConstraint(
                condition=models.Q(cleared_at__isnull=True)
                | models.Q(cleared_with__isnull=False)
                | ~models.Q(cleared_note=""),
                name="a_changed_source_is_cleared_with_a_signature_or_a_note",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["record", "retracted", "notice"]), name="a_source_changes_in_a_known_way"
            ),
            models.UniqueConstraint(
                fields=("guide", "source"),
                condition=models.Q(kind="record", cleared_at__isnull=True),
                name="a_changed_record_marks_a_guide_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.raised_at:%Y-%m-%d}"
