from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Something that happened to an account or on the desk: who, what, when. No content and no address."""

    at = models.DateTimeField(_("at"))
    owner_ref = models.UUIDField(_("account"), null=True, blank=True)
    verb = models.CharField(_("what happened"), max_length=40)
    object_ref = models.CharField(_("to what"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=("owner_ref", "-at"), name="event_of_an_account"),
            models.Index(fields=("at",), name="event_by_its_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"
