"""Live guides and the tables beside them as content files, byte for byte where nothing changed."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w
from django.db.models import QuerySet

from articles import signed_files
from articles.content import snapshot_of
from articles.models import Guide, Reviewer, Source
from articles.models.guide import PublicState
from articles.source import GuideFile, to_text
from articles.tables import RECORD, REVIEWER_FIELDS
from ketcare.site.models import GlossaryTerm, Prompt


def source_tables() -> dict[str, dict[str, Any]]:
    """sources.toml as data."""
    return {source.key: _table_of(source.snapshot()) for source in Source.objects.order_by("key")}


def _table_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot as a table of sources.toml."""
    record = snapshot["record"]
    table = {name: record[name] for name in RECORD[:4] if name in record} | {"kind": snapshot["kind"]}
    table |= {name: record[name] for name in RECORD[4:] if name in record}
    days = {name: snapshot[name] for name in ("checked_on", "retracted_on") if snapshot[name]}
    return table | {name: dt.date.fromisoformat(day) for name, day in days.items()}


def reviewer_tables(reviewers: QuerySet[Reviewer]) -> dict[str, dict[str, Any]]:
    """reviewers.toml as data."""
    return {
        reviewer.slug: {name: getattr(reviewer, name) for name in REVIEWER_FIELDS}
        for reviewer in reviewers.order_by("slug")
    }


def guide_text(guide: Guide, state: PublicState, sources: Mapping[str, dict[str, Any]]) -> str | None:
    """The file of a guide whose words stand under a signature; None for any other. `sources`: as `source_tables`."""
    signed, words = state.review, guide.live
    if signed is None or words is None or signed.reviewed_on is None or signed.next_due is None:
        return None
    return to_text(
        GuideFile(
            title=words.title,
            summary=words.summary,
            section=guide.section,
            also_known_as=words.also_known_as,
            sources=[source["key"] for source in words.sources],
            reviewer=signed.reviewer_id,
            last_reviewed=signed.reviewed_on,
            next_review=signed.next_due,
            reviewed_digest=words.digest,
            body=words.body,
            signature={} if signed.sample else signed_files.table_of(signed),
            as_signed={
                cited["key"]: _table_of(cited)
                for cited in words.sources
                if snapshot_of(cited["key"], sources[cited["key"]]) != cited
            },
        )
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def write_tables(root: Path) -> None:
    write(root / "sources.toml", tomli_w.dumps(source_tables()))
    write(root / "reviewers.toml", tomli_w.dumps(reviewer_tables(Reviewer.objects.all())))
    terms = {term.key: term.record() for term in GlossaryTerm.objects.all()}
    if terms:
        write(root / "glossary.toml", tomli_w.dumps(terms))
    prompts = {prompt.key: prompt.said() for prompt in sorted(Prompt.objects.all(), key=lambda prompt: prompt.key)}
    if prompts:
        write(root / "prompts.toml", tomli_w.dumps(prompts))


def path_of(guide: Guide) -> Path:
    return Path("guides", guide.language, guide.section, f"{guide.slug}.md")
