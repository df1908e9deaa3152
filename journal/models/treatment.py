"""A ketamine session: "session" to people, `Treatment` here, so that nobody takes it for a web session."""

import datetime as dt
import uuid
import zoneinfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ketcare.accounts.models import validate_time_zone


class Phase(models.TextChoices):
    """Where in the treatment a session stands, as far as the patient knows."""

    INDUCTION = "induction", _("The first weeks")
    MAINTENANCE = "maintenance", _("Keeping it going")
    UNSURE = "unsure", _("I am not sure")


class Treatment(models.Model):
    """One session, planned or past, on a date of the patient's own calendar."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="treatments", db_index=False
    )
    ref = models.UUIDField(default=uuid.uuid4, editable=False)
    date = models.DateField(_("date"))
    time = models.TimeField(_("time of day"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    phase = models.CharField(_("where in the treatment"), max_length=12, choices=Phase, default=Phase.UNSURE)
    # As its owner told it. Where it is empty, it is one more than that of the session before (`journal.history`).
    number = models.PositiveSmallIntegerField(_("which session it is"), null=True, blank=True)
    notes = models.BinaryField(_("notes"), blank=True, default=bytes)  # sealed
    cancelled_at = models.DateTimeField(_("called off at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("date", "time", "pk")
        indexes = [models.Index(fields=("owner", "-date", "-id"), name="treatment_by_date")]
        constraints = [
            models.UniqueConstraint(fields=("owner", "ref"), name="a_treatment_has_a_ref_of_its_own"),
            models.CheckConstraint(condition=models.Q(phase__in=Phase.values), name="a_treatment_is_in_a_known_phase"),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True) | models.Q(number__gte=1, number__lte=999),
                name="a_session_number_is_from_1_to_999",
            ),
            models.CheckConstraint(condition=~models.Q(zone=""), name="a_treatment_has_a_time_zone"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="versions_of_a_treatment_start_at_1"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def began(self) -> dt.datetime | None:
        """The moment for which it was set, where its time of day is known."""
        if self.time is None:
            return None
        return dt.datetime.combine(self.date, self.time, zoneinfo.ZoneInfo(self.zone))
