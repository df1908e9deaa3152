"""The tables of content files beside the guides: which fields each kind has, and what is wrong with one."""

import datetime as dt
import re
from typing import Any

from articles.markdown_parts import forbidden_character
from articles.models.source import Evidence

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
RECORD = ("authors", "title", "published_in", "year", "pmid", "pmcid", "doi", "url", "says")
SOURCE_FIELDS: dict[str, type] = {
    **dict.fromkeys(RECORD, str),
    "year": int,
    "kind": str,
    "checked_on": dt.date,
    "retracted_on": dt.date,
}
REVIEWER_FIELDS: dict[str, type] = {
    "name": str,
    "credential": str,
    "licence_state": str,
    "licence_no": str,
    "verified_on": dt.date,
    "expires_on": dt.date,
    "conflict": str,
    "biography": str,
    "sample": bool,
}
TERM_FIELDS: dict[str, type] = {"term": str, "also": list, "meaning": str, "mark": bool, "guides": list}
PROMPT_FIELDS: dict[str, type] = {
    **dict.fromkeys(("heading", "question", "hint", "note"), str),
    **dict.fromkeys(("swaps", "chips", "no_better"), list),
}
# As long as the columns that take them in.
LONGEST_KEY = 60
LONGEST = {"name": 120, "credential": 60, "licence_state": 60, "licence_no": 60, "term": 80, "meaning": 320}
LONGEST |= {"heading": 80, "question": 200, "hint": 200, "note": 320}


def wrong_with(key: str, table: Any, fields: dict[str, type], needed: tuple[str, ...]) -> str:
    """What is wrong with that table, in words that follow its name; empty where nothing is."""
    if not SLUG.match(key) or len(key) > LONGEST_KEY or not isinstance(table, dict):
        return f"is not a table named with small letters, digits and dashes, {LONGEST_KEY} at most"
    for name in needed:
        if name not in table:
            return f"lacks {name}"
    for name, value in table.items():
        if name not in fields:
            return f"has an unknown field {name}"
        if wrong := wrong_value(name, value, fields[name]):
            return wrong
    return _wrong_together(table)


def _wrong_together(table: dict[str, Any]) -> str:
    if "kind" in table and table["kind"] not in Evidence.values:
        return f"has an unknown kind {table['kind']!r}; it is one of {', '.join(Evidence.values)}"
    if "url" in table and not table["url"].startswith("https://"):
        return "has a url that does not begin with https://"
    if not set(table.get("no_better", [])) <= set(table.get("chips", [])):
        return "has an answer under no_better that is not among its chips"
    if "expires_on" in table and table["expires_on"] <= table["verified_on"]:
        return "expires before it was verified"
    return ""


def wrong_value(name: str, value: Any, kind: type) -> str:
    """What is wrong with the value of a field of that kind; nothing where all is well."""
    if not isinstance(value, kind) or isinstance(value, dt.datetime):
        return f"has a {name} of the wrong kind"
    if isinstance(value, list) and not all(isinstance(text, str) and text.strip() for text in value):
        return f"has a {name} that is not a list of texts"
    if isinstance(value, str) and (forbidden_character(value) or len(value) > LONGEST.get(name, len(value))):
        return f"has a {name} that is too long or holds an invisible character"
    return ""
