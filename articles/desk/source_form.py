"""The form in which a source is entered: its record field by field, as `content/sources.toml` has it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Source
from articles.tables import RECORD, SOURCE_FIELDS, wrong_value


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is left empty is not part of the record. A field that a record does not have cannot be written."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=400)
    authors = forms.CharField(label=gettext_lazy("Authors"), max_length=400, required=False)
    published_in = forms.CharField(
        label=gettext_lazy("Published in"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Journal, year, volume and pages, or who published it."),
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=1800, max_value=2200, required=False)
    pmid = forms.RegexField(r"\A\d{1,9}\Z", label=gettext_lazy("PubMed number"), required=False)
    pmcid = forms.RegexField(r"\APMC\d{1,9}\Z", label=gettext_lazy("PMC number"), required=False)
    doi = forms.RegexField(r"\A10\.\S+\Z", label=gettext_lazy("DOI"), max_length=200, required=False)
    url = forms.URLField(label=gettext_lazy("Address"), assume_scheme="https", max_length=400, required=False)
    says = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In a sentence or two, with its numbers. It stands under the source on each page."),
    )

    class Meta:
        model = Source
        fields = ("key", "kind", "checked_on", "retracted_on")
        widgets = {
            "checked_on": forms.DateInput(attrs={"type": "date"}),
            "retracted_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RECORD:
            self.initial.setdefault(name, (self.instance.record or {}).get(name))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        record = {name: found[name] for name in RECORD if found.get(name) not in {None, ""}}
        for name, value in record.items():
            if wrong := wrong_value(name, value, SOURCE_FIELDS[name]):
                self.add_error(name, _("It %(wrong)s.") % {"wrong": wrong})
        if "url" in record and not record["url"].startswith("https://"):
            self.add_error("url", _("The address begins with https://."))
        self.instance.record = record
        return found
