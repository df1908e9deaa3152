from django.db import models
from django.utils.translation import gettext_lazy as _


class Destroyed(models.Model):
    """That a data key or an account was destroyed, by its ref alone: `ketcare.site.destroyed` says why that is kept."""

    ref = models.UUIDField(unique=True)
    what = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("thing that was destroyed")
        verbose_name_plural = _("things that were destroyed")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=["data-key", "account"]), name="a_data_key_or_an_account_is_destroyed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"
