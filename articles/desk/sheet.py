"""What lies before a reviewer: words with what changed in them since the last signature, and the sources to check."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from articles import presenting
from articles.desk.sign_forms import ChangesForm, CorrectForm, SignForm, TheseWords, UrgentForm
from articles.differences import Change, changes, claims_first
from articles.history import last_signed, text_of
from articles.models import Revision, Source
from articles.models.revision import Change as Kind

CITATION: Final = re.compile(r"\[@([^\[\]\n]+)\]")


@dataclass(frozen=True)
class Sheet:
    """A revision as a reviewer has it before them at that moment."""

    revision: Revision
    opened_at: dt.datetime

    @cached_property
    def text(self) -> str:
        return text_of(self.revision)

    @cached_property
    def signed(self) -> Revision | None:
        return last_signed(self.revision.guide)

    @cached_property
    def changes(self) -> list[Change]:
        """What differs from the text last signed, claims first; without such a text everything is to be read."""
        return claims_first(changes(text_of(self.signed), self.text)) if self.signed else []

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """The sources of these words. `claims`: the lines that cite it; `asked`: a claim or the record changed since
        the last signature; `differs`: the record has changed since these words were handed in."""
        lines = [line.strip() for line in self.revision.body.split("\n")]
        before = {source["key"]: source for source in self.signed.sources} if self.signed else {}
        touched = {
            key for change in self.changes for key in CITATION.findall("".join(text for _kind, text in change.pieces))
        }
        rows = Source.objects.in_bulk([source["key"] for source in self.revision.sources], field_name="key")
        return [
            {
                **presenting.source(source),
                "claims": [line for line in lines if f"[@{source['key']}]" in line],
                "asked": source["key"] in touched or before.get(source["key"]) != source,
                "differs": source["key"] not in rows or rows[source["key"]].snapshot() != source,
            }
            for source in self.revision.sources
        ]

    def form(self, deed: str, posted: Any = None) -> TheseWords | None:
        """The form of that deed; None where it is not open for such words."""
        words = {"digest": self.revision.digest, "seen": self.text, "read_at": self.opened_at.isoformat()}
        if deed == "sign":
            asked = [source["key"] for source in self.sources if source["asked"]]
            others = len(asked) < len(self.sources)
            return SignForm(posted, initial=words, asked=asked, others=others, today=self.opened_at.date())
        if deed == "changes":
            return ChangesForm(posted, initial=words)
        if deed == "correct" and self.revision.change == Kind.EDITORIAL:
            return CorrectForm(posted, initial=words)
        if deed == "urgent" and self.revision.change == Kind.URGENT and not self.revision.reviews.exists():
            return UrgentForm(posted, initial=words)
        return None
