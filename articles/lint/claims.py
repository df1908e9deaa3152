"""Sources that are listed and not cited, and sentences that lean on a source without citing one."""

import re
from collections.abc import Iterator

from articles.blocks import Block
from articles.lint.finding import Finding
from articles.rendering import Rendered
from articles.source import GuideFile

# A share of people, or a thing that a study, a label or an agency says. "The two trials above" alone is no claim.
CLAIM = re.compile(
    r"\d ?(?:%|percent\b)|\bp ?[<=≤] ?0?\.\d"
    r"|\b(?:stud(?:y|ies)|(?:meta-)?analys[ie]s|research|trials?|reviews?|labels?|FDA|warning)\b[^.!?:]{0,40}?"
    r"\b(?:found|finds?|show(?:s|ed|n)?|sa(?:ys?|id)|reports?|reported|(?<!not )name[sd]?|warn(?:s|ed)?|prove[sdn]?)\b",
    re.IGNORECASE,
)


def bad_citations(file: GuideFile, rendered: Rendered, blocks: list[Block]) -> Iterator[Finding]:
    if not file.sources:
        yield Finding(None, "has no source", stops=True)
    cited = {key for key, _uses in rendered.cited}
    for key in file.sources:
        if key not in cited:
            yield Finding(None, f"lists the source {key} and does not cite it")
    yield from _uncited_claims(blocks)


def _uncited_claims(blocks: list[Block]) -> Iterator[Finding]:
    """A citation in the paragraph right before a list or a table stands for all of it."""
    lead: Block | None = None
    for block in blocks:
        if block.kind == "paragraph":
            lead = block
        elif block.kind == "heading":
            lead = None
        if block.kind == "heading" or block.is_cited or (lead is not None and lead.is_cited):
            continue
        if found := CLAIM.search(block.text):
            yield Finding(
                block.line + block.text.count("\n", 0, found.start()),
                f"“{found[0]}”: say where this comes from, with [@key] in the same paragraph",
            )
