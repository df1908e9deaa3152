import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Invitation(models.Model):
    """Leave to make an account, by a link that works once. The link itself is kept as a hash only."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Empty for the very first clinician, who comes by the link that `up` prints.
    email = models.EmailField(_("e-mail"), blank=True)
    for_staff = models.BooleanField(_("for staff"), default=False)
    # The names of the groups that the new account enters.
    roles = models.JSONField(_("roles"), default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="an_invitation_works_for_a_while"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="a_used_invitation_is_not_taken_back",
            ),
            models.CheckConstraint(
                condition=models.Q(for_staff=True) | models.Q(roles=[]), name="roles_are_for_staff_alone"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def works(self, now: dt.datetime) -> bool:
        """Whether its link still makes an account."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at

    @property
    def is_first(self) -> bool:
        """Whether it is the one that `up` prints, for the very first clinician."""
        return self.for_staff and not self.email and self.invited_by_id is None

    def proves(self, email: str) -> bool:
        """Whether its link came to that mailbox, or to the terminal of this site's own machine."""
        return self.is_first or self.email == email.strip().lower()
