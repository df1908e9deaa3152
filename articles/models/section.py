"""The sections of the site: their addresses, which never change, and their names in the reader's words."""

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    INTEGRATION = "integration", _("The days after")
    WHAT_TO_EXPECT = "what-to-expect", _("Before, during, after")
    SAFETY = "safety", _("Staying safe")
    FAQ = "faq", _("Questions")

    @property
    def description(self) -> Promise:
        return _DESCRIPTIONS[self]

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.value])


_DESCRIPTIONS = {
    Section.INTEGRATION: _("What may help in the days that follow a session, and what to do when nothing changes."),
    Section.WHAT_TO_EXPECT: _("What happens around a session, step by step, and what to ask first."),
    Section.SAFETY: _("Side effects, warning signs, and when to get help at once."),
    Section.FAQ: _("Short answers to what people ask most."),
}
