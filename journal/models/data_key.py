"""The key that seals one person's journal, itself sealed under a master key. Without this row the rest is noise."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """`journal.sealed` makes, wraps and opens it. Destroying it destroys every word that it sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_key")
    wrapped = models.BinaryField()
    # Stands in `wrapped`, too; here it can be counted.
    master_key_id = models.CharField(max_length=32, db_index=True)

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")
        constraints = [
            models.CheckConstraint(condition=~models.Q(master_key_id=""), name="a_data_key_names_its_master_key"),
        ]

    def __str__(self) -> str:
        return str(self.id)
