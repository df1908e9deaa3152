"""Backups: made while the site serves, and kept for a while beside it.

Each is the site at one moment. Writers are not held up, and nothing that was acknowledged before it began is missing.
"""

import datetime as dt
import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import Error, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from ketcare.accounts.models import User
from ketcare.site import tables
from ketcare.site.backup_file import ALIAS, Manifest, new_file, opened
from ketcare.site.keyed import keys_in_use

NIGHTLY: Final = "nightly"
BEFORE_MIGRATION: Final = "before-migration"
KEPT: Final = {NIGHTLY: 14, BEFORE_MIGRATION: 5}
# What a person deleted is gone from the copies then.
LONGEST: Final = dt.timedelta(days=30)
NIGHT: Final = 8  # o'clock UTC: three or four in the morning on the east coast of the US, midnight or one on the west


def folder(*, made: bool = False) -> Path:
    """Where the site keeps its own, for their owner only. `made`: it has to be there."""
    place: Path = settings.VAR_DIR / "backups"
    if made:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


class NotMade(Exception):
    """There is no backup, and nothing of it was kept. The message says why, to whoever runs the site."""


def write(path: Path, *, now: dt.datetime) -> Manifest:
    """Makes that file. Raises NotMade."""
    try:
        if path.exists() and (not path.is_file() or path.stat().st_size):
            raise NotMade(f"{path} is there already, and nothing is written over it. Name another file.")
        with new_file(path) as fresh:
            return _copy_sqlite(fresh, now) if connection.vendor == "sqlite" else _copy_rows(fresh, now)
    except tables.NewerSchema as unknown:
        raise NotMade(
            f"A newer version of the site has changed the database ({unknown} is not known here). Use that version."
        ) from None
    except OSError as problem:
        raise NotMade(f"{path} cannot be written: {problem.strerror}.") from None
    except (sqlite3.Error, Error) as problem:
        raise NotMade(f"The database could not be copied: {str(problem).strip()}.") from None


def _copy_sqlite(fresh: Path, now: dt.datetime) -> Manifest:
    """Page by page, through SQLite's own interface for that: a file copied with `cp` would miss its WAL."""
    live = Path(str(connection.settings_dict["NAME"])).resolve().as_uri()
    with closing(sqlite3.connect(f"{live}?mode=rw", uri=True)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
    with opened(fresh):
        migrations = tables.migrations_of(ALIAS)
        models = tables.tables_at(migrations)
        tables.empty((model for model in models if model._meta.db_table in tables.LEFT_OUT), ALIAS)
        _forget_counters()
        return _finish(migrations, tables.counts_of(models, ALIAS), now)


def _copy_rows(fresh: Path, now: dt.datetime) -> Manifest:
    """Row by row, all of them as they stand at one moment; then reads the file again to see that it has the same."""
    with opened(fresh), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        migrations = tables.migrations_of("default")
        models = tables.tables_at(migrations)
        tables.make_tables(models, ALIAS)
        with transaction.atomic(using=ALIAS):
            read = {model._meta.db_table: tables.carry_over(model, source="default", target=ALIAS) for model in models}
        recorder = MigrationRecorder(connections[ALIAS])
        recorder.ensure_schema()
        for app, name in migrations:
            recorder.record_applied(app, name)
        written = tables.counts_of(models, ALIAS)
        if written != read:
            raise NotMade("The copy is not as the database was read. Try again.")
        return _finish(migrations, written, now)


def _finish(migrations: tables.Migrations, counts: dict[str, tables.Count], now: dt.datetime) -> Manifest:
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=migrations,
        keys=sorted(keys_in_use(ALIAS)),
        tables={name: (count.rows, count.digest) for name, count in counts.items()},
    )
    manifest.write()
    return manifest


def _forget_counters() -> None:
    """The counters of rate limits: their names hold readers' addresses. `up` makes their table where there is none."""
    cache = caches["default"]
    if isinstance(cache, DatabaseCache):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(cache._table)}")  # type: ignore[attr-defined]


# Copies that the site makes by itself ------------------------------------------------------------------------------


def before_migration(now: dt.datetime) -> Path:
    """Copies the database before its tables change, and says where to. Raises NotMade."""
    with only_one():
        return _keep(BEFORE_MIGRATION, now)


def nightly(now: dt.datetime) -> Path | None:
    """Makes the copy of the night, where it is due and nobody else is at it, and says where it lies. Raises NotMade.

    A site on which nobody has an account holds nothing but what it was shipped with.
    """
    if not _is_due(now) or not User.objects.exists():
        return None
    try:
        with only_one(wait=False):
            return _keep(NIGHTLY, now) if _is_due(now) else None
    except BlockingIOError:
        return None


def _is_due(now: dt.datetime) -> bool:
    night = now.astimezone(dt.UTC).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    if night > now:
        night -= dt.timedelta(days=1)
    return not any(copy >= _path(NIGHTLY, night) for copy in copies(NIGHTLY))


def throw_away(now: dt.datetime) -> None:
    """Whatever became of newer ones: no copy stays longer than people are told. Raises OSError."""
    if not folder().exists():
        return
    try:
        with only_one(wait=False):
            _throw_away(now)
    except BlockingIOError:
        return  # who makes one does this, too


def _keep(kind: str, now: dt.datetime) -> Path:
    _throw_away(now)  # first: it makes room
    write(path := _path(kind, now), now=now)
    _throw_away(now)
    return path


def _throw_away(now: dt.datetime) -> None:
    for kind, kept in KEPT.items():
        for left_over in folder().glob(f".{kind}-*.part"):
            left_over.unlink()  # its maker was killed
        found = copies(kind)
        for copy in found:
            if copy in found[:-kept] or copy < _path(kind, now - LONGEST):
                copy.unlink()


def _path(kind: str, at: dt.datetime) -> Path:
    """In order of time by their names."""
    return folder() / f"{kind}-{at.astimezone(dt.UTC):%Y%m%d-%H%M%S}.sqlite3"


def copies(kind: str) -> list[Path]:
    """Those that the site made, the oldest first. What else lies in the folder is somebody's own."""
    return sorted(folder().glob(f"{kind}-{'[0-9]' * 8}-{'[0-9]' * 6}.sqlite3"))


@contextmanager
def only_one(*, wait: bool = True) -> Iterator[None]:
    """Of several processes one at a time. Raises BlockingIOError where another is at it and nobody is to wait."""
    with (folder(made=True) / ".lock").open("w") as lock:  # let go of when the process ends, however it ends
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
