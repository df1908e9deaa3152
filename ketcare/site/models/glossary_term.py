from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class GlossaryTerm(models.Model):
    """A word that readers meet, explained. No clinician signs it, and pages that show it say so."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    term = models.CharField(_("word"), max_length=80)
    # Other words and spellings for it, wrong ones too: search finds by them.
    also = models.JSONField(_("also"), default=list, blank=True)
    meaning = models.CharField(_("meaning"), max_length=320)
    mark = models.BooleanField(_("marked in guides"), default=True)
    # Where it is read about: "section/slug" of guides.
    guides = models.JSONField(_("guides"), default=list, blank=True)
    # With the number of words, it tells a worker that its finished pages are of yesterday.
    changed_at = models.DateTimeField(_("changed at"), auto_now=True, db_index=True)
    # The record as a file last brought it in: a row that differs from it was edited here and is left alone.
    as_imported = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(term="") & ~models.Q(meaning=""), name="a_word_has_a_meaning"),
        ]

    def __str__(self) -> str:
        return self.term

    def record(self) -> dict[str, Any]:
        """What `content/glossary.toml` says of the word."""
        return {
            "term": self.term,
            "also": self.also,
            "meaning": self.meaning,
            "mark": self.mark,
            "guides": self.guides,
        }

    def forms(self) -> list[str]:
        """The word and those of its other spellings that begin as it does: "sedative", "sedatives", not "benzos"."""
        word = self.term.partition(" (")[0]
        return [word, *(other for other in self.also if other[:5].casefold() == word[:5].casefold())]
