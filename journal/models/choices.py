"""What somebody chose about their journal, in clear: no word of it is private, and all of it is theirs to change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Choices(models.Model):
    """How the journal shows itself to its owner. Whoever never chose has the defaults, and no row."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="choices")
    larger_help = models.BooleanField(_("make the help larger after heavy words"), default=True)
    hides_numbers = models.BooleanField(_("leave out numbers and drawings"), default=False)

    class Meta:
        verbose_name = _("choices")
        verbose_name_plural = _("choices")

    def __str__(self) -> str:
        return str(self.pk)


class Reminder(models.Model):
    """That somebody asked for a mail on the days after a session, at an hour of their own clock.

    `journal.reminders` sends and counts; whoever wants none has no row.
    """

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder")
    hour = models.PositiveSmallIntegerField(_("at"))
    asked_at = models.DateTimeField(_("asked for at"))
    last_sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    # Those after which nobody came. After three there is quiet until its owner is back.
    unanswered = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__gte=0, hour__lte=23), name="a_reminder_has_an_hour_of_day"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
