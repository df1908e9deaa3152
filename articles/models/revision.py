"""The words of a guide (frozen once submitted) and the HTML made of them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.digest import canonical, digest_of, normal_text
from ketcare import keys


class Frozen(Exception):
    """A change was asked for of something that never changes again."""


class Change(models.TextChoices):
    CONTENT = "content", _("Change of content")
    EDITORIAL = "editorial", _("Correction that changes no meaning")
    URGENT = "urgent", _("Urgent change: live at once, signed later")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def update(self, **columns: Any) -> int:
        if self.filter(submitted_at__isnull=False).exists():
            raise Frozen("Submitted words do not change. Write a new revision.")
        return super().update(**columns)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(submitted_at__isnull=False).exists():
            raise Frozen("Submitted words are not deleted.")
        return super().delete()


class Revision(models.Model):
    """One version of a guide's words. A draft until it is submitted; afterwards it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    guide = models.ForeignKey("articles.Guide", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=320)
    body = models.TextField(_("text"))
    # {"also_known_as": [...], "sources": [snapshot, ...]}
    meta = models.JSONField(_("beside the text"), default=dict)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    # Null for words that came in with a file: nobody here wrote them.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="revisions"
    )
    made_at = models.DateTimeField(_("made at"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    change = models.CharField(_("kind of change"), max_length=12, choices=Change, default=Change.CONTENT)
    reason = models.TextField(_("reason"), blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("guide", "number")
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=("guide", "number"), name="a_guide_numbers_its_revisions"),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True, digest="")
                | (models.Q(submitted_at__isnull=False) & ~models.Q(digest="")),
                name="submitted_words_have_a_digest",
            ),
            models.CheckConstraint(
                condition=~models.Q(change=Change.URGENT) | ~models.Q(reason=""), name="an_urgent_change_has_a_reason"
            ),
            models.CheckConstraint(condition=models.Q(change__in=Change.values), name="a_change_is_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises Frozen where the stored row is submitted already."""
        if self._was_submitted():
            raise Frozen("Submitted words do not change. Write a new revision.")
        self.title, self.summary, self.body = (normal_text(text) for text in (self.title, self.summary, self.body))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self._was_submitted():
            raise Frozen("Submitted words are not deleted.")
        return super().delete(*args, **kwargs)

    def _was_submitted(self) -> bool:
        """What the database says: this object may be older than the submission, or not have come from there."""
        return Revision.objects.filter(pk=self.pk, submitted_at__isnull=False).exists()

    @property
    def also_known_as(self) -> list[str]:
        return list(self.meta.get("also_known_as", []))

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The snapshots of the cited sources, in the order of the file or form."""
        return list(self.meta.get("sources", []))

    def computed_digest(self) -> str:
        return digest_of(title=self.title, summary=self.summary, body=self.body, meta=self.meta)

    def is_unchanged(self) -> bool:
        """Whether the words are still the ones that were submitted."""
        return bool(self.digest) and self.computed_digest() == self.digest


class Rendering(models.Model):
    """The HTML of a revision, made by one version of the pipeline. Can be thrown away and made again.

    The seal is a MAC over HTML, contents, pipeline and the digest of the words, so that HTML which the pipeline did
    not make of these words is never shown.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="renderings")
    pipeline = models.CharField(max_length=80)
    html = models.TextField()
    # {"opening": characters before the list of contents, "headings": [[id, text]], "cited": [[key, uses]], "parts": []}
    contents = models.JSONField()
    key_id = models.CharField(max_length=32)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("revision", "pipeline"), name="a_pipeline_renders_a_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.pipeline}"

    def _message(self, digest: str) -> bytes:
        return canonical(["rendering", 1, digest, self.pipeline, self.html, self.contents])

    def put_seal(self, digest: str) -> None:
        self.key_id = keys.ring().newest
        self.seal = keys.mac(keys.RENDERING_SEAL, self.key_id, self._message(digest))

    def is_sealed_for(self, digest: str) -> bool:
        """Whether this is what the pipeline made of the words with that digest."""
        return keys.mac_is_right(keys.RENDERING_SEAL, self.key_id, self._message(digest), self.seal)
