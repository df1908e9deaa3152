from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Prompt(models.Model):
    """What the journal asks or says in one place, which its key names. `ketcare.site.prompts` knows the places.

    Whoever writes may skip each, and swap it for another question where there is one.
    """

    EMPTY: ClassVar[dict[str, Any]] = {
        "question": "",
        "hint": "",
        "note": "",
        "swaps": [],
        "chips": [],
        "no_better": [],
    }

    key = models.SlugField(_("place"), max_length=60, unique=True)
    heading = models.CharField(_("heading"), max_length=80)
    question = models.CharField(_("question"), max_length=200, blank=True)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    note = models.CharField(_("note below"), max_length=320, blank=True)
    # Other questions for the same place.
    swaps = models.JSONField(_("other questions"), default=list, blank=True)
    # Short answers to tap.
    chips = models.JSONField(_("short answers"), default=list, blank=True)
    # Those of them that lead to "If you don't feel better".
    no_better = models.JSONField(_("short answers that lead to help"), default=list, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # As of a word of the glossary.
    as_imported = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(heading=""), name="a_prompt_has_a_heading"),
        ]

    def __str__(self) -> str:
        return self.heading

    def record(self) -> dict[str, Any]:
        """What a file says of the prompt, with everything that it leaves out."""
        return {name: getattr(self, name) for name in ("heading", *self.EMPTY)}

    def said(self) -> dict[str, Any]:
        """What `content/prompts.toml` says of the prompt."""
        return {name: value for name, value in self.record().items() if value}
