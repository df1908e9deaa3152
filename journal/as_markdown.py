"""Everything that a person wrote, as a text to read: session after session, in plain Markdown."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from journal import drafts, export, reading, steps
from journal.forms import FORMS
from journal.history import History, Sitting
from journal.models import Draft, Entry, Kind, Treatment
from journal.sealed import Journal
from journal.words import Words, fields_from, only_settles
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen

# What Markdown would take for a heading, or for the line under one.
HEADING: Final = re.compile(r"^([ \t]*)(#|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
# What stands in the heading of an entry, before its words, or says nothing to a reader.
TOLD_ELSEWHERE: Final = {"v", "intentions", "question", "chip", "card", "shape", "of"}
LINE_END: Final = re.compile(r"(?<=[^\n])\n(?=[^\n])")


def as_markdown(owner: User, journal: Journal, *, now: dt.datetime) -> Iterator[str]:
    """The whole of it, in pieces: each session with what belongs to it, what belongs to none, unsaved text, the trash,
    and what entries said before. Times are those of the active time zone. What became of a step stands with it."""
    yield f"# {_('What I wrote')}\n\n{_('As of %(moment)s.') % {'moment': _moment(now)}}\n\n"
    rows = list(Entry.objects.filter(owner=owner).order_by("written_at", "pk").defer("body"))
    of_session: dict[int | None, list[int]] = defaultdict(list)
    for row in sorted((row for row in rows if not row.trashed_at), key=_order):
        of_session[row.treatment_id].append(row.pk)
    became = steps.became(owner, journal)
    history = History.at(Treatment.objects.filter(owner=owner), now=now, zone=timezone.get_current_timezone())
    for sitting in history.sittings:
        yield _session(journal, sitting)
        yield from _entries(journal, of_session[sitting.treatment.pk], became)
    yield from _section(_("Of no one session"), _entries(journal, of_session[None], became))
    yield from _unsaved(owner, journal)
    trashed = [row.pk for row in rows if row.trashed_at]
    yield from _section(_("In the trash"), _entries(journal, trashed, became))
    changed = [row.pk for row in rows if row.version > 1]
    yield from _section(_("What entries said before they were changed"), _earlier(journal, changed))


def _order(row: Entry) -> tuple[bool, int]:
    """Intentions first, then day after day; else as it was written."""
    return (row.kind != Kind.INTENTION, row.day)


def _section(title: str, pieces: Iterable[str]) -> Iterator[str]:
    """Under its heading, where there is anything in it."""
    for number, piece in enumerate(pieces):
        yield piece if number else _heading(2, title) + piece


def _session(journal: Journal, sitting: Sitting) -> str:
    treatment = sitting.treatment
    about = {"number": sitting.number, "date": date_format(treatment.date, "F j, Y")}
    named = _("Session %(number)s, %(date)s") if sitting.number else _("A session that was called off, %(date)s")
    try:
        notes = journal.notes_of(treatment).get("text", "")
    except CannotOpen:
        return _heading(2, named % about) + _cannot_be_opened()
    return _heading(2, named % about) + (_text(notes) + "\n\n" if notes else "")


def _entries(journal: Journal, keys: list[int], became: Mapping[str, str]) -> Iterator[str]:
    for entry in export.entries_of(keys):
        shown = reading.Shown(reading.opened(journal, entry), entry, became.get(str(entry.ref), ""))
        if only_settles(shown.words or {}):
            continue
        yield _heading(3, f"{shown.label} · {_moment(entry.written_at)}") + _words(entry.kind, shown.words)
        if shown.became and shown.state:
            yield f"{_('What became of it')}: {shown.state}\n\n"


def _earlier(journal: Journal, keys: list[int]) -> Iterator[str]:
    for entry in export.entries_of(keys):
        said = [(version.at, reading.opened(journal, version)) for version in export.oldest_first(entry)]
        told = [(at, words) for at, words in said if not only_settles(words or {})]
        if told:
            yield _heading(3, f"{reading.Shown(None, entry).label} · {_moment(entry.written_at)}")
        for at, words in told:
            yield f"*{_('Until it was changed, from %(moment)s on:') % {'moment': _moment(at)}}*\n\n"
            yield _words(entry.kind, words)


def _unsaved(owner: User, journal: Journal) -> Iterator[str]:
    rows = list(Draft.objects.filter(owner=owner).order_by("at", "pk"))
    if rows:
        yield _heading(2, _("Unsaved text"))
    for row in rows:
        found = drafts.opened(journal, row)
        yield _heading(3, f"{found.place.label if found.place else '?'} · {_moment(row.at)}")
        kind = found.place.kind if found.place else ""
        yield _cannot_be_opened() if found.fields is None else _boxes(kind, found.fields)


# Words ------------------------------------------------------------------------------------------------------------


def _words(kind: str, words: Words | None) -> str:
    if words is None:
        return _cannot_be_opened()
    asked = [f"*{_text(words['question'])}*"] if words.get("question") else []
    listed = ["\n".join(f"- {_text(text)}" for text in words.get("intentions", []) if text)]
    short = [_text(words.get("chip", ""))]
    rest = {name: value for name, value in words.items() if name not in TOLD_ELSEWHERE}
    return _paragraphs([*asked, *listed, *short]) + _boxes(kind, fields_from(rest) if kind in FORMS else rest)


def _boxes(kind: str, said: Mapping[str, Any]) -> str:
    """What stands in the boxes of a form: their names and texts, in its order."""
    form = FORMS[kind]().fields if kind in FORMS else {name: forms.CharField(label=name) for name in said}
    return _paragraphs(_box(name, field, said[name]) for name, field in form.items() if said.get(name))


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"{text}\n\n" for text in texts if text)


def _box(name: str, field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return f"*{field.label}*"
    if isinstance(field, forms.ChoiceField):
        value = dict(cast(Any, field.choices)).get(value, value)
    if name == "text" or field.widget.is_hidden:
        return _text(str(value))
    label = str(field.label or name)
    goes_on = label.startswith("…") or label.endswith("…")
    return f"{label}{'' if goes_on else ':'} {_text(str(value))}"


def _text(text: str) -> str:
    """As it was typed, line by line; a line of it never becomes a heading of this file."""
    return LINE_END.sub("  \n", HEADING.sub(r"\1\\\2", text))


def _heading(level: int, words: str) -> str:
    return f"{'#' * level} {words}\n\n"


def _cannot_be_opened() -> str:
    return f"*{_('This cannot be opened: its row in the database is damaged, or belongs elsewhere.')}*\n\n"


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "F j, Y, H:i")
