"""Where guides were found before: their old addresses, which lead to the new ones."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.guide import Guide


class GuideAddress(models.Model):
    """An address that a guide had and has no more."""

    path = models.CharField(_("old address"), max_length=120, unique=True)
    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ("path",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(path__startswith="/guides/"), name="an_old_address_is_that_of_a_guide"
            ),
        ]

    def __str__(self) -> str:
        return self.path
