"""The form in which a guide is written."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.editor import MarkdownEditor
from articles.desk.preview import lines_of
from articles.differences import TwoTexts, two_texts
from articles.markdown_parts import forbidden_character
from articles.models import Guide, GuideAddress, Revision, Source
from articles.models.revision import Change
from articles.review import Draft, newest_of, stale, version_of
from articles.review.place import hold
from articles.source import LONGEST

WORDS = ("title", "summary", "body", "also_known_as", "sources")
ONE_LINE = ("title", "summary", "also_known_as", "sources", "reason")


def typed_from(revision: Revision | None) -> dict[str, str]:
    """A revision's words as the fields of the form hold them."""
    if revision is None:
        return {"change": Change.CONTENT}
    # A correction or an urgent change is one only once: what is written after it is a change of its own.
    starts_anew = revision.submitted_at is not None
    return {
        "title": revision.title,
        "summary": revision.summary,
        "body": revision.body,
        "also_known_as": "\n".join(revision.also_known_as),
        "sources": "\n".join(source["key"] for source in revision.sources),
        "change": Change.CONTENT if starts_anew else revision.change,
        "reason": "" if starts_anew else revision.reason,
    }


class GuideForm(forms.ModelForm):  # type: ignore[type-arg]
    """A guide's words. Once valid, `draft` is what was written; `theirs` is what somebody else saved meanwhile."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST["title"])
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        max_length=LONGEST["summary"],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two sentences under the title and in lists."),
    )
    body = forms.CharField(label=gettext_lazy("Text"), strip=False, widget=MarkdownEditor)
    also_known_as = forms.CharField(
        label=gettext_lazy("Also known as"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Words that people use for it, one on each line. Search finds by them."),
    )
    sources = forms.CharField(
        label=gettext_lazy("Sources"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The keys of the sources that the text cites, one on each line."),
    )
    change = forms.ChoiceField(label=gettext_lazy("Kind of change"), choices=Change.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Needed for an urgent change: readers see it on the page."),
    )
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Guide
        fields = ("section", "slug")
        help_texts = {
            "slug": gettext_lazy("The end of the page’s address, such as rest-first: small letters, digits, dashes.")
        }

    draft: Draft
    theirs: Revision | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = newest_of(self.instance) if self.instance.pk else None
        for name, value in {**typed_from(newest), "base": version_of(newest)}.items():
            self.initial.setdefault(name, value)
        if self.instance.pk:
            place = {"data-section": self.instance.section, "data-language": self.instance.language}
            self.fields["body"].widget.attrs |= place

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ONE_LINE:
            self._check_characters(name, found.get(name, ""))
        if "body" in found and not found["body"].strip():
            self.add_error("body", _("This field is required."))
        self._check_sources(found)
        self._check_address(found)
        if found.get("change") == Change.URGENT and not found.get("reason"):
            self.add_error("reason", _("Say why it cannot wait: readers see it on the page."))
        if not self.errors:
            self.draft = Draft(
                title=found["title"],
                summary=found["summary"],
                body=found["body"],
                also_known_as=lines_of(found["also_known_as"]),
                sources=lines_of(found["sources"]),
                change=found["change"],
                reason=found["reason"],
            )
            self._check_newer(found.get("base", ""))
        return found

    def _check_characters(self, name: str, text: str) -> None:
        lines = [text] if name in {"title", "summary", "reason"} else text.splitlines()
        if any("\n" in line or "\t" in line or forbidden_character(line) for line in lines):
            self.add_error(name, _("It holds a line end, a tab or an invisible character. Type it anew."))

    def _check_sources(self, found: dict[str, Any]) -> None:
        keys = lines_of(found.get("sources", ""))
        known = set(Source.objects.filter(key__in=keys).values_list("key", flat=True))
        if missing := [key for key in keys if key not in known]:
            self.add_error(
                "sources", _("There is no source %(keys)s. Add it first (Sources).") % {"keys": ", ".join(missing)}
            )

    def _check_address(self, found: dict[str, Any]) -> None:
        if self.instance.pk or "section" not in found or "slug" not in found:
            return
        path = Guide(section=found["section"], slug=found["slug"]).get_absolute_url()
        if Guide.objects.filter(language="en", section=found["section"], slug=found["slug"]).exists():
            self.add_error("slug", _("Another guide has this address."))
        elif GuideAddress.objects.filter(path=path).exists():
            self.add_error("slug", _("This address leads to a guide that had it before. Choose another."))

    def _check_newer(self, base: str) -> None:
        """Two people in one draft: the second sees both texts, and saves again, now on top of what the first saved."""
        if not self.instance.pk:
            return
        hold(self.instance)
        self.theirs = stale(self.instance, self.draft, base)
        if self.theirs is not None:
            self.data = {**self.data.dict(), self.add_prefix("base"): version_of(self.theirs)}  # type: ignore[attr-defined]
            self.add_error(None, _("Somebody else saved this draft meanwhile. Both texts are below."))

    def both_texts(self) -> list[TwoTexts]:
        """What differs between what the other one saved and what was typed here."""
        labels = {name: str(self.fields[name].label) for name in WORDS}
        return two_texts(typed_from(self.theirs), {name: self.data.get(name, "") for name in WORDS}, labels)
