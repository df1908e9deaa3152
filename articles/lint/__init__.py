"""What is wrong, or could be better, in a guide's text. Findings are advice; only a few stop a submission.

`findings_of` needs the text alone. What takes more to know stands in `site.broken_links` (the rest of the site) and
in `freshness` (the records of sources, and the day).
"""

from articles.blocks import blocks_of
from articles.lint.claims import bad_citations
from articles.lint.finding import Finding
from articles.lint.links import bad_links
from articles.lint.outline import bad_headings
from articles.lint.parts import missing_parts
from articles.lint.reading import hard_to_read
from articles.lint.wording import bad_words, unknown_tokens
from articles.rendering import Rendered
from articles.source import GuideFile

__all__ = ["Finding", "findings_of", "in_order"]


def findings_of(file: GuideFile, rendered: Rendered, *, language: str = "en") -> list[Finding]:
    """Every finding in a guide, those that stop it first, then by line. Knows no other guide, and not the day."""
    blocks = blocks_of(file.body, file.body_line)
    return in_order(
        [
            *missing_parts(file, rendered),
            *bad_citations(file, rendered, blocks),
            *unknown_tokens(file, rendered),
            *bad_links(file, rendered),
            *bad_headings(blocks),
            *bad_words(file, language),
            *hard_to_read(file, blocks, language),
        ]
    )


def in_order(found: list[Finding]) -> list[Finding]:
    """Those that stop a guide first, then those on the whole, then by line."""
    return sorted(found, key=lambda finding: (not finding.stops, finding.line or 0))
