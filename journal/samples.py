"""A believable journal to try things out with: `content/sample-journal.toml`, dated up to today."""

import datetime as dt
import tomllib
import uuid
import zoneinfo
from pathlib import Path
from typing import Final

from django.db import transaction

from journal import sealed, writing
from journal.models import Kind, Phase, Treatment
from journal.sealed import Journal
from journal.tokens import FormToken, Place
from journal.words import VERSION, Shape, Words
from ketcare.accounts.models import User

FILE: Final = Path(__file__).resolve().parent.parent / "content" / "sample-journal.toml"
# How long before today the first session was.
BEGAN: Final = dt.timedelta(days=14)


@transaction.atomic
def write_for(owner: User, *, now: dt.datetime) -> int:
    """Adds the three sessions and what was written about them; says how many entries that are."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    journal, zone = sealed.to_write(owner), zoneinfo.ZoneInfo(owner.time_zone)
    first = now.astimezone(zone).date() - BEGAN
    columns = {"owner": owner, "zone": owner.time_zone, "time": dt.time(13), "phase": Phase.INDUCTION}
    dates = [first + dt.timedelta(days=days) for days in told["sessions"]]
    treatments = [Treatment.objects.create(date=date, **columns) for date in dates]
    written = 0
    for entry in told["written"]:
        treatment, words = treatments[entry["session"]], entry["words"]
        later = 2 if words.get("shape") == Shape.MEANING else entry["day"]
        at = dt.datetime.combine(treatment.date + dt.timedelta(days=later), dt.time(entry["hour"]), zone)
        if at <= now:
            _write(owner, journal, Place.of(entry["kind"], treatment, entry["day"]), words, at)
            written += 1
    _write(owner, journal, Place.of(Kind.PLAN), told["plan"], now - BEGAN)
    return written + 1


def _write(owner: User, journal: Journal, place: Place, words: Words, at: dt.datetime) -> None:
    token = FormToken(owner.ref, place, uuid.uuid4(), uuid.uuid4())
    writing.save(owner, journal, token, {"v": VERSION, **words}, now=at)
