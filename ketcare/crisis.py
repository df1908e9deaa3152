"""Crisis lines: data of `content/crisis-lines.toml`, read once at start. Needs no database and no request.

A line that nobody has verified is never given out. What a line says comes from the file alone, so that a number is
written in one place.
"""

import datetime as dt
import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

VERIFY_AGAIN_AFTER = dt.timedelta(days=180)
KINDS = {"crisis", "emergency", "poison", "medical"}
FIELDS = {
    "key": str,
    "name": str,
    "kind": str,
    "call": str,
    "text": str,
    "text_word": str,
    "chat_url": str,
    "hours": str,
    "languages": list,
    "note": str,
    "source": str,
    "verified": dt.date,
}


@dataclass(frozen=True)
class Line:
    """One way to reach help. `verified` is the day on which a person checked it, or None."""

    key: str
    name: str
    kind: str
    call: str = ""
    text: str = ""
    text_word: str = ""
    chat_url: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    verified: dt.date | None = None

    @property
    def tel(self) -> str:
        return dialled(self.call)

    @property
    def sms(self) -> str:
        return dialled(self.text)

    @property
    def digest(self) -> str:
        """Changes with everything that the file says of the line, but for the day on which somebody checked it."""
        said = [getattr(self, name) for name in FIELDS if name != "verified"]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def is_stale(self, today: dt.date) -> bool:
        return self.verified is not None and today - self.verified > VERIFY_AGAIN_AFTER


@dataclass(frozen=True)
class Region:
    """A place with its emergency number and its verified lines, in the order of the file."""

    code: str
    name: str
    emergency: str
    lines: tuple[Line, ...]
    unverified: tuple[Line, ...]
    elsewhere_url: str

    @property
    def primary(self) -> Line | None:
        """The line that the banner names: the first crisis line that can be called or texted."""
        return next((line for line in self.lines if line.kind == "crisis" and (line.call or line.text)), None)


def dialled(number: str) -> str:
    """A number as `tel:` and `sms:` want it: digits, with a plus where it has one."""
    return "".join(character for character in number if character.isdigit() or character == "+")


def read(path: Path) -> dict[str, Region]:
    """Every region of the file by its code. Raises ImproperlyConfigured with the place and what is wrong."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        elsewhere_url = _text(document, "elsewhere_url", "the file")
        return {code: _region(code, table, elsewhere_url) for code, table in document["regions"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        reason = f"it lacks {problem}" if isinstance(problem, KeyError) else str(problem)
        raise ImproperlyConfigured(f"{path.name} cannot be used: {reason}. Correct the file.") from problem


def _text(table: dict[str, Any], name: str, where: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where} lacks {name}, or it is not a text")
    return value


def _region(code: str, table: dict[str, Any], elsewhere_url: str) -> Region:
    lines = [_line(code, row) for row in table.get("lines", [])]
    return Region(
        code=code,
        name=_text(table, "name", f"region {code}"),
        emergency=_number(_text(table, "emergency", f"region {code}"), f"the emergency of region {code}"),
        lines=tuple(line for line in lines if line.verified),
        unverified=tuple(line for line in lines if not line.verified),
        elsewhere_url=elsewhere_url,
    )


def _line(code: str, row: dict[str, Any]) -> Line:
    for name, value in row.items():
        if name not in FIELDS:
            raise ValueError(f"a line of {code} has an unknown field {name}")
        # A date with a time is a date to Python, too, and is not what is meant.
        if not isinstance(value, FIELDS[name]) or isinstance(value, dt.datetime):
            raise ValueError(f"a line of {code} has a {name} of the wrong kind")
    for name in ("key", "name", "kind"):
        _text(row, name, f"a line of {code}")
    if not all(isinstance(language, str) for language in row.get("languages", ())):
        raise ValueError(f"line {row['key']} of {code} has a language that is not a text")
    line = Line(**{**row, "languages": tuple(row.get("languages", ()))})
    if line.kind not in KINDS:
        raise ValueError(f"line {line.key} of {code} has an unknown kind {line.kind}")
    if not (line.call or line.text or line.chat_url):
        raise ValueError(f"line {line.key} of {code} has no way to reach it")
    for number in filter(None, (line.call, line.text)):
        _number(number, f"line {line.key} of {code}")
    if line.chat_url and not line.chat_url.startswith("https://"):
        raise ValueError(f"line {line.key} of {code} has a chat_url that does not begin with https://")
    return line


def _number(text: str, where: str) -> str:
    if not dialled(text):
        raise ValueError(f"{where} has a number without digits")
    return text


@cache
def regions() -> dict[str, Region]:
    return read(settings.CONTENT_DIR / "crisis-lines.toml")


def region() -> Region:
    """The region that the operator chose (`CRISIS_REGION`). Raises ImproperlyConfigured."""
    try:
        return regions()[settings.CRISIS_REGION]
    except KeyError:
        raise ImproperlyConfigured(
            f"CRISIS_REGION is not one of {', '.join(sorted(regions()))}. Choose one of these."
        ) from None


@cache
def fingerprint(shown: Region) -> str:
    """Changes whenever anything that a page could show of a region changes."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def emergency_link(shown: Region) -> SafeString:
    """What `{emergency}` stands for in a guide."""
    return format_html('<a href="tel:{}">{}</a>', dialled(shown.emergency), shown.emergency)


def crisis_link(shown: Region) -> SafeString:
    """What `{crisis}` stands for in a guide, as it reads inside a sentence."""
    line = shown.primary
    if line is None:
        return format_html('<a href="{}">{}</a>', shown.elsewhere_url, _("find a crisis line near you"))
    call = format_html('<a href="tel:{}">{}</a>', line.tel, _("call")) if line.call else ""
    if line.call and line.sms == line.tel and not line.text_word:
        return format_html(
            _('{call} or <a href="sms:{sms}">text {number}</a>'),
            call=call,
            sms=line.sms,
            number=line.call,
        )
    if line.call:
        return format_html(
            _('{call} <a href="tel:{tel}">{number}</a> ({name})'),
            call=call,
            tel=line.tel,
            number=line.call,
            name=line.name,
        )
    if line.text_word:
        return format_html(
            _('text <a href="sms:{sms}?body={body}">{word} to {number}</a> ({name})'),
            sms=line.sms,
            body=quote(line.text_word),
            word=line.text_word,
            number=line.text,
            name=line.name,
        )
    return format_html(
        _('text <a href="sms:{sms}">{number}</a> ({name})'), sms=line.sms, number=line.text, name=line.name
    )
