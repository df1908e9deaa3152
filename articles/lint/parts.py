"""The parts that a guide needs, and those that a reader misses."""

import re
from collections.abc import Iterator

from articles.lint.finding import Finding
from articles.models.section import Section
from articles.rendering import Rendered
from articles.source import GuideFile

EXPECTED = {
    "quick-answer": "a quick answer",
    "talk-first": "a part on who should talk first",
    "unknown": "a part on what is not known",
    "ask": "a part on what to ask the clinician",
}
# A list of questions and answers sends the reader on to the guides, which say what to ask.
NOT_EXPECTED = {(Section.FAQ.value, "ask")}


def missing_parts(file: GuideFile, rendered: Rendered) -> Iterator[Finding]:
    if "safety" not in rendered.parts:
        message = "lacks a safety part: a heading with {: .safety } and the warning signs under it"
        yield Finding(None, message, stops=True)
    elif not _safety_names_help(file.body):
        yield Finding(None, "the safety part names neither {emergency} nor {crisis}", stops=True)
    for part, name in EXPECTED.items():
        if part not in rendered.parts and (file.section, part) not in NOT_EXPECTED:
            yield Finding(None, f"lacks {name}: a heading with {{: .{part} }}")


def _safety_names_help(body: str) -> bool:
    """Whether a heading marked as safety, or the text under it, names the emergency number or the crisis line."""
    part = re.search(r"^##[^\n]*\{:\s*\.safety\s*\}.*?(?=^## |\Z)", body, re.MULTILINE | re.DOTALL)
    return part is not None and ("{emergency}" in part[0] or "{crisis}" in part[0])
