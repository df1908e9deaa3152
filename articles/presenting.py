"""What templates are given of guides and sources: plain values, ready to be put into a page."""

import datetime as dt
import html
import math
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles import shelf
from articles.glossing import Glossing
from articles.history import since_signature
from articles.models import Guide, PublicState, Section
from articles.models.guide import State
from articles.models.source import Evidence
from articles.pieces import Question, on_another_page, text_of
from ketcare import crisis
from ketcare.site import clinic, pairs

WORDS_A_MINUTE = 200
SUMMARY = re.compile(r"<summary>.*?</summary>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def minutes(guide: Guide) -> int:
    """How long the words take to read, in whole minutes."""
    return max(1, math.ceil(len(guide.words.body.split()) / WORDS_A_MINUTE))


@dataclass(frozen=True)
class Fillings:
    """What the tokens of a guide stand for on this site: as HTML, and as text where no link may stand."""

    html: dict[str, str]
    text: dict[str, str]

    @classmethod
    def of_site(cls) -> "Fillings":
        region = crisis.region()
        links = {
            "{emergency}": crisis.emergency_link(region),
            "{crisis}": crisis.crisis_link(region),
            "{clinic}": clinic.clinic_link(clinic.details()),
        }
        return cls(html=dict(links), text={token: TAG.sub("", link) for token, link in links.items()})

    def in_html(self, sealed: str) -> SafeString:
        """The HTML of a rendering whose seal was checked (or that was made just now), with its tokens filled in.

        The renderer lets tokens stand in text only, and everything filled in was escaped where it was made. A link
        inside a summary could not be reached by keyboard, so there the words stand alone.
        """
        filled = SUMMARY.sub(lambda found: _replace(found[0], self.text), sealed)
        # It is the sanitiser's output to the letter: it comes from there, or the seal over it has just been checked.
        return mark_safe(_replace(filled, self.html))  # noqa: S308

    def in_text(self, text: str) -> str:
        """Text (a heading in the contents) with its tokens filled in."""
        for token, plain in self.text.items():
            text = text.replace(token, html.unescape(plain))
        return text


def _replace(text: str, fillings: dict[str, str]) -> str:
    for token, filling in fillings.items():
        text = text.replace(token, filling)
    return text


def card(guide: Guide, state: PublicState) -> dict[str, Any]:
    """A guide in a list. Only for a state that shows words."""
    words = guide.words
    return {
        "title": words.title,
        "summary": words.summary,
        "url": guide.get_absolute_url(),
        "section_title": Section(guide.section).label,
        "state": state_of(state),
        "minutes": minutes(guide),
    }


def state_of(state: PublicState) -> dict[str, Any]:
    """A state for templates, with the address of its reviewer's page."""
    review = state.review
    return {
        "kind": state.kind.value,
        "is_sample": state.is_sample,
        "review": review,
        "reviewer_url": reverse("reviewer", args=[review.reviewer_id]) if review else "",
    }


def source_text(record: dict[str, Any]) -> str:
    """A source's record as one line: authors, title, where it was published."""
    parts = [record.get("authors", ""), record.get("title", ""), record.get("published_in", "")]
    if record.get("year") and str(record["year"]) not in record.get("published_in", ""):
        parts.append(str(record["year"]))
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def source_links(record: dict[str, Any]) -> list[dict[str, str]]:
    """Where a source can be looked up; only addresses that its record has."""
    links = []
    if record.get("doi"):
        links.append({"label": "DOI", "url": f"https://doi.org/{record['doi']}"})
    if record.get("pmid"):
        links.append({"label": "PubMed", "url": f"https://pubmed.ncbi.nlm.nih.gov/{record['pmid']}/"})
    if record.get("pmcid"):
        links.append({"label": "PMC", "url": f"https://pmc.ncbi.nlm.nih.gov/articles/{record['pmcid']}/"})
    if record.get("url"):
        links.append({"label": _("Website"), "url": record["url"]})
    return links


def _day(iso: str | None) -> dt.date | None:
    return dt.date.fromisoformat(iso) if iso else None


def source(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A source for templates, from the form of `Source.snapshot`."""
    return {
        "key": snapshot["key"],
        "text": source_text(snapshot["record"]),
        "says": snapshot["record"].get("says", ""),
        "kind_label": Evidence(snapshot["kind"]).label,
        "links": source_links(snapshot["record"]),
        "checked_on": _day(snapshot["checked_on"]),
        "retracted_on": _day(snapshot["retracted_on"]),
    }


def question(guide: Guide, asked: Question, fillings: Fillings) -> dict[str, Any]:
    """A question with its fold, for a page that shows those of several guides."""
    prefix = f"{guide.slug}--"  # no id of a guide holds two dashes
    moved = on_another_page(asked.fold, prefix=prefix, home=guide.get_absolute_url())
    return {
        "id": prefix + asked.id,
        "fold": fillings.in_html(moved),
        "ask": fillings.in_text(text_of(asked.ask)),
        "answer": fillings.in_text(text_of(asked.answer)),
    }


def _to_try(guide: Guide) -> dict[str, Any] | None:
    """What goes with the guide in its reader's journal: the same for everybody, for nobody is looked at here."""
    moment = pairs.moment_for(f"{guide.section}/{guide.slug}")
    return {"says": pairs.TO_TRY[moment], "url": reverse("try", args=[moment])} if moment else None


def guide_page(guide: Guide, state: PublicState, related: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything that a guide's page shows. Only for a state that shows words."""
    words, rendering = guide.words, guide.html
    fillings, glossing = Fillings.of_site(), Glossing(shelf.terms(guide.site_version))
    opening = rendering.contents["opening"]
    snapshots = {snapshot["key"]: snapshot for snapshot in words.sources}
    section = Section(guide.section)
    return {
        "guide": guide,
        "site": settings.SITE_URL,
        "words": words,
        "state": state_of(state),
        "opening": fillings.in_html(glossing.marked(rendering.html[:opening])),
        "body": fillings.in_html(glossing.marked(rendering.html[opening:])),
        "contents": [{"id": id_, "text": fillings.in_text(text)} for id_, text in rendering.contents["headings"]],
        # Words that were changed in haste say what they change, where somebody signed others before.
        "changed": since_signature(words) if state.kind == State.URGENT else [],
        "sources": [
            {
                **source(snapshots[key]),
                "number": number,
                "backlinks": [f"cite-{number}-{use}" for use in range(1, uses + 1)],
            }
            for number, (key, uses) in enumerate(rendering.contents["cited"], 1)
        ],
        "minutes": minutes(guide),
        "related": related,
        "to_try": _to_try(guide),
        "clinic": clinic.details(),
        "section": {"slug": section.value, "title": section.label, "url": section.get_absolute_url()},
    }
