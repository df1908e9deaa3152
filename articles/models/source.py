"""Sources and who cites them. What a page shows of a source is the snapshot in its revision, not this row."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.TextChoices):
    """What kind of evidence a source is, in the reader's words."""

    TRIAL = "trial", _("Trial")
    REVIEW = "review", _("Review of studies")
    CONSENSUS = "consensus", _("Expert consensus")
    OBSERVATION = "observation", _("Observational study")
    LABEL = "label", _("Prescribing information")
    WARNING = "warning", _("Safety warning")
    GUIDANCE = "guidance", _("Official guidance")
    OPINION = "opinion", _("Opinion or analysis")


class Source(models.Model):
    """A cited work: its record as `content/sources.toml` or the desk has it."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    record = models.JSONField(
        _("record"), help_text=_("authors, title, published_in, year, pmid, pmcid, doi, url, says")
    )
    kind = models.CharField(_("kind of evidence"), max_length=12, choices=Evidence)
    checked_on = models.DateField(_("record checked on"), null=True, blank=True)
    retracted_on = models.DateField(_("retracted on"), null=True, blank=True)
    # The snapshot as a file last brought it in: a row that differs from it was edited here and is left alone.
    as_imported = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Evidence.values), name="a_source_has_a_kind_of_evidence"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def snapshot(self) -> dict[str, Any]:
        """The record as a revision keeps it and a signature covers it: plain JSON, dates as ISO text."""
        return {
            "key": self.key,
            "kind": self.kind,
            "record": self.record,
            "checked_on": self.checked_on.isoformat() if self.checked_on else None,
            "retracted_on": self.retracted_on.isoformat() if self.retracted_on else None,
        }


class Citation(models.Model):
    """That a revision cites a source, and under which number its page does."""

    revision = models.ForeignKey("articles.Revision", on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("revision", "number")
        constraints = [
            models.UniqueConstraint(fields=("revision", "source"), name="a_revision_lists_a_source_once"),
            models.UniqueConstraint(fields=("revision", "number"), name="a_citation_number_is_used_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="citations_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
