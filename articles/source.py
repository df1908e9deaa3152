"""Guide files: TOML front matter between `+++` lines, then Markdown. Reads and writes text; knows no model.

`to_text(parse(text))` gives back a file that is written in the one canonical way: front matter as tomli_w writes it.
"""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

MOST_BYTES = 256 * 1024
FENCE = "+++"
FIELDS: dict[str, type] = {
    "title": str,
    "summary": str,
    "section": str,
    "also_known_as": list,
    "sources": list,
    "reviewer": str,
    "last_reviewed": dt.date,
    "next_review": dt.date,
    "reviewed_digest": str,
}
# What a real signature's MAC covers beside the fields above, and the MAC; `articles.signed_files` writes and reads it.
SIGNATURE: dict[str, type] = {
    "review": str,
    "revision": str,
    "verdict": str,
    "author": str,
    "signed_by": str,
    "name": str,
    "credential": str,
    "solo": bool,
    "statement": str,
    "checklist": list,
    "note": str,
    "at": dt.datetime,
    "form": int,
    "key_id": str,
    "mac": str,
}
# Not every file has them: a sample has no real signature, and most sources are as they were signed.
TABLES = ("signature", "as_signed")
LONGEST = {"title": 120, "summary": 320}
TOML_LINE = re.compile(r"at line (\d+)")


class BadFile(Exception):
    """A file that cannot be taken in: its path, the line (None where no single line is to blame) and the reason."""

    def __init__(self, path: Path | str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.path, self.reason, self.line = path, reason, line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class GuideFile:
    """What a guide file says. `body_line` is the line of the file on which the Markdown begins.

    `signature` has the columns of `SIGNATURE`; `as_signed` the sources that were signed with another record than
    sources.toml has, as tables of that file.
    """

    title: str
    summary: str
    section: str
    also_known_as: list[str]
    sources: list[str]
    reviewer: str
    last_reviewed: dt.date
    next_review: dt.date
    reviewed_digest: str
    body: str
    body_line: int = 1
    signature: dict[str, Any] = field(default_factory=dict)
    as_signed: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_text(path: Path) -> str:
    """The file's text. Raises BadFile where it is too large, is not UTF-8 or cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(path, f"is larger than {MOST_BYTES // 1024} KB; split it into several guides")
        raw = path.read_bytes()
    except OSError as problem:
        raise BadFile(path, f"cannot be read ({problem.strerror})") from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadFile(path, "is not UTF-8 text; save it again as UTF-8", line) from None


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file of `content/`. Raises BadFile."""
    return _tables(read_text(path), path, offset=0)


def parse(text: str, path: Path | str) -> GuideFile:
    """The guide in that text. Raises BadFile with the line and what is wrong."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise BadFile(path, f"does not begin with a line {FENCE}", 1)
    try:
        end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
    except StopIteration:
        raise BadFile(path, f"has no second line {FENCE} after its front matter", 1) from None
    front = _tables("\n".join(lines[1:end]) + "\n", path, offset=1)
    _check_fields(front, path, lines[:end])
    if wrong := _wrong_tables(front):
        raise BadFile(path, wrong, next((n for n, line in enumerate(lines, 1) if line.startswith("[")), None))
    body = "\n".join(lines[end + 1 :])
    body_line = end + 2
    if body.startswith("\n"):  # the empty line after the front matter
        body, body_line = body[1:], body_line + 1
    if not body.strip():
        raise BadFile(path, "has no text after its front matter", body_line)
    return GuideFile(**front, body=body, body_line=body_line)


def _tables(text: str, path: Path | str, offset: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        found = TOML_LINE.search(str(problem))
        line = int(found[1]) if found else max(1, text.count("\n"))
        raise BadFile(path, f"is not TOML here: {str(problem).split(' (')[0]}", line + offset) from None
    except (RecursionError, ValueError):  # tomllib passes on what Python itself refuses
        raise BadFile(path, "is nested too deeply, or has a number with too many digits") from None


def _check_fields(front: dict[str, Any], path: Path | str, lines: list[str]) -> None:
    def line_of(name: str) -> int:
        return next((number for number, line in enumerate(lines, 1) if re.match(rf"{name}\s*=", line)), 1)

    for name, kind in FIELDS.items():
        if name not in front:
            raise BadFile(path, f"lacks {name} in its front matter", 1)
        value = front[name]
        # A TOML date-time is a date to Python, too, and is not what is meant.
        if not isinstance(value, kind) or isinstance(value, dt.datetime):
            wanted = {str: "text in quotes", list: "a list of texts", dt.date: "a date such as 2026-11-01"}[kind]
            raise BadFile(path, f"{name} is not {wanted}", line_of(name))
        if isinstance(value, list) and not all(isinstance(item, str) and item.strip() for item in value):
            raise BadFile(path, f"{name} is not a list of texts", line_of(name))
        if isinstance(value, list) and len(set(value)) != len(value):
            raise BadFile(path, f"{name} names something twice", line_of(name))
        if isinstance(value, str) and not value.strip():
            raise BadFile(path, f"{name} is empty", line_of(name))
        if isinstance(value, str) and len(value) > LONGEST.get(name, 200):
            raise BadFile(path, f"{name} is longer than {LONGEST.get(name, 200)} characters", line_of(name))
    unknown = sorted(front.keys() - FIELDS.keys() - set(TABLES))
    if unknown:
        raise BadFile(path, f"has an unknown field {unknown[0]} in its front matter", line_of(re.escape(unknown[0])))


def _wrong_tables(front: dict[str, Any]) -> str:
    """What is wrong with the tables that a file may have; the records in `as_signed` are `articles.content`'s."""
    tables = [*front.get("as_signed", {}).values()] if isinstance(front.get("as_signed", {}), dict) else [None]
    if not all(isinstance(table, dict) for table in tables):
        return "as_signed is not a table of sources"
    signature = front.get("signature")
    if signature is None:
        return ""
    if not isinstance(signature, dict):
        return "signature is not a table"
    if unlike := sorted((signature.keys() ^ SIGNATURE.keys()) - {"author"}):
        return f"signature has no field {unlike[0]}, or one too many"
    for name, kind in SIGNATURE.items():
        value = signature.get(name, "")
        # To Python a yes or no is a number, too.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            return f"signature has a {name} of the wrong kind"
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            return f"signature has a {name} of the wrong kind"
    return "" if signature["at"].tzinfo else "signature has a time without its zone"


def to_text(guide: GuideFile) -> str:
    """The file that says this, in the one canonical way."""
    front = {name: getattr(guide, name) for name in FIELDS}
    front |= {name: getattr(guide, name) for name in TABLES if getattr(guide, name)}
    return f"{FENCE}\n{tomli_w.dumps(front)}{FENCE}\n\n{guide.body}"
