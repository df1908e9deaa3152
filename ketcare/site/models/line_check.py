from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LineCheck(models.Model):
    """That somebody called or looked up a crisis line and found it as it stands in the file, named by its digest."""

    line = models.CharField(_("line"), max_length=60)
    digest = models.CharField(_("digest of what the file says"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", to_field="ref", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check of a crisis line")
        verbose_name_plural = _("checks of crisis lines")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("digest", "-at"), name="newest_check_of_a_line")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(digest=""), name="a_check_is_of_what_a_line_says"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.at:%Y-%m-%d}"
