from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """A mail that is to go out once: `ketcare.outbox` puts it here, claims it and sends it.

    Its address and words are sealed, and taken out once it is sent.
    """

    # Says what the mail is about, so that the same deed done twice is one mail.
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    sealed = models.BinaryField(blank=True, default=bytes)
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(db_index=True)
    # Afterwards it would come at the wrong time, and is better not sent.
    until = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("due", "pk")
        indexes = [
            # `tick` asks every minute, among all that were sent in a month.
            models.Index(
                fields=("next_try",),
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="mail_that_waits",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(given_up_at__isnull=True),
                name="a_mail_is_sent_or_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
