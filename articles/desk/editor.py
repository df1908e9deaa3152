"""The field in which a guide is written: a text area, which a browser with JavaScript turns into an editor."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.widgets import Media, Script
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Source
from articles.presenting import source_text


@dataclass(frozen=True)
class Part:
    """A part that a guide can have: what it is for, and the heading it begins with (words of the guide, in English)."""

    name: str
    purpose: str | Promise
    heading: str

    @property
    def markdown(self) -> str:
        return f"## {self.heading} {{: .{self.name} }}"


PARTS = (
    Part("quick-answer", _("the answer in two sentences; stands first"), "Quick answer"),
    Part("safety", _("when to get help at once; every guide has it"), "Call {emergency} now if"),
    Part("talk-first", _("who should talk to a clinician first"), "Who should talk to a clinician first"),
    Part("steps", _("what to do, in order, as a numbered list"), "What to do"),
    Part("timeline", _("what happens when, as a list"), "What happens when"),
    Part("concerns", _("worries, each under a ### heading; folded"), "What people worry about"),
    Part("fits", _("whom it fits"), "Who this is for"),
    Part("unknown", _("what nobody knows yet"), "What is not known"),
    Part("ask", _("what to ask the clinician, as a list to print"), "What to ask your clinician"),
    Part("faq", _("questions, each under a ### heading; folded"), "Questions people ask"),
)
TOKENS = (
    ("{emergency}", _("the emergency number of this site’s region")),
    ("{crisis}", _("the crisis line, as “call or text” and its number")),
    ("{clinic}", _("how to reach the clinic")),
)


class MarkdownEditor(forms.Textarea):
    """For the field `body` of a form that may have `sources` and `language` beside it.

    Without JavaScript it is a text area with help under it. Asks the database for the sources that can be cited.
    """

    template_name = "admin/articles/editor.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 28, "spellcheck": "true", **(attrs or {})})

    @property
    def media(self) -> Media:
        scripts: list[Any] = [  # the stubs know no Script in a list of paths
            Script("vendor/easymde/easymde.min.js", defer=True),
            Script("js/editor.js", defer=True),
            Script("js/findings.js", defer=True),
            Script("js/unsaved.js", defer=True),
        ]
        return Media(css={"all": ["vendor/easymde/easymde.min.css"]}, js=scripts)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["parts"] = PARTS
        context["tokens"] = TOKENS
        context["sources"] = [
            {"key": source.key, "text": source_text(source.record)} for source in Source.objects.all()
        ]
        context["preview_url"] = reverse("admin:articles_preview")
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """By the site's own templates, where Django's renderer of widgets does not look."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))
