"""Who reviews, and what they signed: append-only rows, each with a MAC that only this site's keys can make."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.digest import canonical
from articles.models.revision import Frozen
from ketcare import keys


class Reviewer(models.Model):
    """A clinician who signs guides, or a `sample` one who shows how that looks and is not a real person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    credential = models.CharField(_("credential"), max_length=60)
    licence_state = models.CharField(_("state of the license"), max_length=60, blank=True)
    licence_no = models.CharField(_("license number"), max_length=60, blank=True)
    verified_on = models.DateField(_("credential verified on"))
    expires_on = models.DateField(_("credential expires on"))
    conflict = models.TextField(_("conflicts of interest"), blank=True)
    biography = models.TextField(_("biography"), blank=True)
    sample = models.BooleanField(_("sample, not a real person"), default=False)

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("verified_on")),
                name="a_credential_expires_after_it_is_verified",
            ),
            models.CheckConstraint(
                condition=models.Q(sample=False) | models.Q(user__isnull=True), name="a_sample_reviewer_has_no_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.credential}"

    def get_absolute_url(self) -> str:
        return reverse("reviewer", args=[self.slug])

    def may_sign_on(self, day: dt.date) -> bool:
        """Whether the credential is in date on that day."""
        return self.verified_on <= day <= self.expires_on


class Verdict(models.TextChoices):
    SIGNED = "signed", _("Signed")
    # The words were signed anew after a typing mistake; the day of the review stays the one of the last signature.
    EDITORIAL = "editorial", _("Signed: a correction that changes no meaning")
    URGENT = "urgent", _("Changed urgently")
    CHANGES = "changes", _("Changes asked for")
    REVOKED = "revoked", _("Signature taken back")


SIGNATURES = (Verdict.SIGNED, Verdict.EDITORIAL)
VOUCHING = (*SIGNATURES, Verdict.URGENT)


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews are added, never changed and never deleted: taking one back is another row."""

    def update(self, **columns: Any) -> int:
        raise Frozen("A review does not change. Revoke it and sign again.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Frozen("A review is not deleted. Revoke it.")


class Review(models.Model):
    """One verdict by one reviewer on words with one digest, as everything stood at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.ForeignKey("articles.Revision", on_delete=models.PROTECT, related_name="reviews")
    digest = models.CharField(_("digest of the words"), max_length=64)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict)
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="reviews", to_field="slug")
    # Copies, as they stood: the row says by itself who signed whose words.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", to_field="ref"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", to_field="ref"
    )
    name = models.CharField(_("name"), max_length=120)
    credential = models.CharField(_("credential"), max_length=60)
    sample = models.BooleanField(_("sample"))
    # Whether the clinic has one clinician, who signed words that were their own.
    solo = models.BooleanField(_("written and signed by the same clinician"), default=False)
    statement = models.TextField(_("statement"), blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"))
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    next_due = models.DateField(_("next review"), null=True, blank=True)
    revokes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="revocations")
    # Which columns the MAC covers: see COVERED.
    form = models.PositiveSmallIntegerField(default=1)
    key_id = models.CharField(max_length=32)
    mac = models.CharField(max_length=64)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("at", "id")
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="a_review_has_a_known_verdict"),
            models.CheckConstraint(
                condition=~models.Q(verdict__in=SIGNATURES)
                | models.Q(reviewed_on__isnull=False, next_due__isnull=False, next_due__gt=models.F("reviewed_on")),
                name="a_signature_names_its_next_review",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.REVOKED, revokes__isnull=False)
                | (~models.Q(verdict=Verdict.REVOKED) & models.Q(revokes__isnull=True)),
                name="a_revocation_names_what_it_revokes",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict__in=[Verdict.URGENT, Verdict.CHANGES, Verdict.REVOKED])
                | ~models.Q(note=""),
                name="a_review_that_does_not_sign_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.REVOKED)
                | models.Q(author__isnull=True)
                | models.Q(signed_by__isnull=True)
                | ~models.Q(author=models.F("signed_by"))
                | models.Q(verdict=Verdict.URGENT)
                | models.Q(solo=True),
                name="nobody_signs_their_own_words",
            ),
            models.CheckConstraint(
                condition=models.Q(solo=False) | models.Q(verdict__in=SIGNATURES, sample=False),
                name="only_a_real_signature_is_of_a_sole_clinician",
            ),
            models.CheckConstraint(
                condition=models.Q(sample=True) | models.Q(signed_by__isnull=False),
                name="a_real_review_is_by_somebody_with_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the row with its MAC. Raises Frozen for a row that is there already."""
        if not self._state.adding:
            raise Frozen("A review does not change. Revoke it and sign again.")
        self.put_mac()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("A review is not deleted. Revoke it.")

    def restore(self) -> None:
        """Adds a row that this site's keys made before, with the MAC that it had. Raises Frozen for any other."""
        if not self._state.adding or not self.is_genuine():
            raise Frozen("Only a review that this site made is restored.")
        super().save(force_insert=True)

    # What the MAC covers, by the row's form: every column but the MAC itself, in this order.
    FORM = 2
    FORM_1 = (
        "id",
        "revision_id",
        "digest",
        "verdict",
        "reviewer_id",
        "author_id",
        "signed_by_id",
        "name",
        "credential",
        "sample",
        "statement",
        "checklist",
        "note",
        "at",
        "reviewed_on",
        "next_due",
        "revokes_id",
        "key_id",
    )
    # The second form has columns that the first did not know.
    COVERED = {1: FORM_1, 2: (*FORM_1, "solo", "form")}

    def _message(self) -> bytes:
        return canonical(["review", self.form, *(_plain(getattr(self, column)) for column in self.COVERED[self.form])])

    def put_mac(self) -> None:
        self.form, self.key_id = self.FORM, keys.ring().newest
        self.mac = keys.mac(keys.REVIEW_MAC, self.key_id, self._message())

    def is_genuine(self) -> bool:
        """Whether this row is, in every column, one that this site's keys made."""
        if self.form not in self.COVERED or (self.form == 1 and self.solo):
            return False
        return keys.mac_is_right(keys.REVIEW_MAC, self.key_id, self._message(), self.mac)

    @property
    def vouches(self) -> bool:
        """Whether words may be shown on the strength of such a row, as long as nobody took it back."""
        return self.verdict in VOUCHING

    @property
    def is_signature(self) -> bool:
        """Whether somebody put their name to the words after reading them, and not only to a change in haste."""
        return self.verdict in SIGNATURES

    def is_due(self, today: dt.date) -> bool:
        """Whether the day of the next review has passed."""
        return self.next_due is not None and self.next_due < today


def _plain(value: Any) -> Any:
    """A column's value as JSON has it, the same from either database."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value
