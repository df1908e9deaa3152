"""Everything that a person wrote, as JSON whose form is published and stays (`content/journal-1.schema.json`).

What does not open is named and left without words. Made piece by piece while it is sent: no file, and never the whole
of a journal in memory.
"""

import datetime as dt
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from journal import drafts, reading
from journal.models import Draft, Entry, EntryVersion, Treatment
from journal.sealed import Journal, Words
from ketcare.accounts.models import User
from ketcare.sealing import CannotOpen

FORMAT: Final = "ketcare-journal"
VERSION: Final = 1
BATCH: Final = 100

Record = dict[str, Any]


@cache
def schema() -> str:
    """The published JSON Schema of version 1, as its file has it."""
    path: Path = settings.CONTENT_DIR / f"journal-{VERSION}.schema.json"
    return path.read_text()


def as_json(owner: User, journal: Journal, *, now: dt.datetime) -> Iterator[str]:
    """The whole export, in pieces."""
    about = {"format": FORMAT, "version": VERSION, "exported_at": _at(now), "time_zone": owner.time_zone}
    yield json.dumps(about, indent=1)[:-2]
    treatments = Treatment.objects.filter(owner=owner).order_by("date", "time", "pk")
    for name, records in (
        ("sessions", (session(journal, treatment) for treatment in treatments)),
        ("entries", (entry(journal, row) for row in entries_of(keys_of(owner)))),
        ("unsaved", (unsaved(journal, draft) for draft in Draft.objects.filter(owner=owner).order_by("at", "pk"))),
    ):
        yield f',\n "{name}": ['
        for number, record in enumerate(records):
            yield f"{',' if number else ''}\n{json.dumps(record, ensure_ascii=False)}"
        yield "\n ]"
    yield "\n}\n"


def keys_of(owner: User) -> list[int]:
    """The rows of all that is written, in the order of writing, what lies in the trash among them."""
    return list(Entry.objects.filter(owner=owner).order_by("written_at", "pk").values_list("pk", flat=True))


def entries_of(keys: list[int]) -> Iterator[Entry]:
    """Those rows in that order, with their sessions and earlier versions, some at a time."""
    rows = Entry.objects.select_related("treatment").prefetch_related("versions__entry")
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        found = rows.in_bulk(some)
        yield from (found[key] for key in some if key in found)


def session(journal: Journal, treatment: Treatment) -> Record:
    try:
        notes: Words | None = journal.notes_of(treatment)
    except CannotOpen:
        notes = None
    return {
        "ref": str(treatment.ref),
        "date": treatment.date.isoformat(),
        "time": treatment.time.isoformat("minutes") if treatment.time else None,
        "time_zone": treatment.zone,
        "phase": treatment.phase,
        "number": treatment.number,
        "called_off_at": _at(treatment.cancelled_at),
        "version": treatment.version,
        "notes": notes,
    }


def entry(journal: Journal, row: Entry) -> Record:
    return {
        "ref": str(row.ref),
        "kind": row.kind,
        "session": str(row.treatment.ref) if row.treatment else None,
        "day": row.day,
        "written_at": _at(row.written_at),
        "trashed_at": _at(row.trashed_at),
        **_said(journal, row, row.saved_at),
        "earlier": [_said(journal, version, version.at) for version in oldest_first(row)],
    }


def _said(journal: Journal, row: Entry | EntryVersion, at: dt.datetime) -> Record:
    return {"version": row.version, "saved_at": _at(at), "words": reading.opened(journal, row)}


def oldest_first(row: Entry) -> list[EntryVersion]:
    """What it said before, in the order of the changes."""
    return sorted(row.versions.all(), key=lambda version: version.version)


def unsaved(journal: Journal, draft: Draft) -> Record:
    found = drafts.opened(journal, draft)
    place = found.place
    return {
        "ref": str(draft.ref),
        "kept_at": _at(draft.at),
        "of_version": draft.base_version,
        "kind": place.kind if place else None,
        "session": str(place.treatment) if place and place.treatment else None,
        "day": place.day if place else None,
        "fields": found.fields,
    }


def _at(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds") if moment else None
