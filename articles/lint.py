"""What is wrong, or could be better, in a guide's text. Findings are advice; only a few stop a submission."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.rendering import Rendered
from articles.source import GuideFile
from ketcare.crisis import Line

# Words that promise, blame or harm, and what to write instead.
WORDS_TO_AVOID = {
    r"commit(?:s|ted|ting)? suicide": "write “died by suicide”",
    r"(?:successful|failed|unsuccessful) (?:suicide )?attempts?": "write “attempt” or “died by suicide”",
    r"magic pill|miracle|game.?changer|honeymoon": "say plainly what happens",
    r"cures?\b|guarantee[sd]?": "promise nothing beyond the source",
    r"end-to-end|zero-knowledge|only you can read": "the site holds the keys, so this is not true",
    r"treatment failure|failed treatment|non-?compliant": "blames the patient; say what happened",
}
EXPECTED_PARTS = {
    "quick-answer": "a quick answer",
    "talk-first": "a part on who should talk first",
    "unknown": "a part on what is not known",
}
EMERGENCY_NUMBER = re.compile(r"(?<![\d-])(?:911|988|999|112)(?![\d-])")


@dataclass(frozen=True)
class Finding:
    """One remark on a text. `line` is a line of the file; `stops` says whether a submission waits for it."""

    line: int | None
    message: str
    stops: bool = False


def findings_of(file: GuideFile, rendered: Rendered) -> list[Finding]:
    """Every finding in a guide, those that stop it first, then by line."""
    found = [*_structure(file, rendered), *_words(file)]
    return sorted(found, key=lambda finding: (not finding.stops, finding.line or 0))


def _structure(file: GuideFile, rendered: Rendered) -> Iterator[Finding]:
    yield from _parts(file, rendered)
    if not file.sources:
        yield Finding(None, "has no source", stops=True)
    cited = {key for key, _uses in rendered.cited}
    for key in file.sources:
        if key not in cited:
            yield Finding(None, f"lists the source {key} and does not cite it")
    for token in rendered.unknown_tokens:
        message = f"{{{token}}} stands for nothing; write {{emergency}}, {{crisis}} or {{clinic}}"
        yield Finding(_line(file, "{" + token + "}"), message)
    for address in rendered.dropped:
        yield Finding(_line(file, address), f"the address {address} is not one that a page may have; its words stay")


def _parts(file: GuideFile, rendered: Rendered) -> Iterator[Finding]:
    if "safety" not in rendered.parts:
        message = "lacks a safety part: a heading with {: .safety } and the warning signs under it"
        yield Finding(None, message, stops=True)
    elif not _safety_names_help(file.body):
        yield Finding(None, "the safety part names neither {emergency} nor {crisis}", stops=True)
    for part, name in EXPECTED_PARTS.items():
        if part not in rendered.parts:
            yield Finding(None, f"lacks {name}: a heading with {{: .{part} }}")


def _safety_names_help(body: str) -> bool:
    """Whether a heading marked as safety, or the text under it, names the emergency number or the crisis line."""
    part = re.search(r"^##[^\n]*\{:\s*\.safety\s*\}.*?(?=^## |\Z)", body, re.MULTILINE | re.DOTALL)
    return part is not None and ("{emergency}" in part[0] or "{crisis}" in part[0])


def _words(file: GuideFile) -> Iterator[Finding]:
    for number, line in enumerate(file.body.split("\n"), file.body_line):
        for pattern, advice in WORDS_TO_AVOID.items():
            found = re.search(rf"\b(?:{pattern})", line, re.IGNORECASE)
            if found:
                yield Finding(number, f"“{found[0]}”: {advice}")
        found = EMERGENCY_NUMBER.search(line)
        if found:
            yield Finding(number, f"“{found[0]}” is a number of one country; write {{emergency}} or {{crisis}}")


def _line(file: GuideFile, text: str) -> int | None:
    return next((n for n, line in enumerate(file.body.split("\n"), file.body_line) if text in line), None)


def stale_lines(lines: tuple[Line, ...], today: dt.date) -> list[str]:
    """A remark for each crisis line that nobody has verified for half a year."""
    return [
        f"crisis line {line.key}: last verified on {line.verified.isoformat()}; call or look it up, and write the date"
        for line in lines
        if line.verified and line.is_stale(today)
    ]
