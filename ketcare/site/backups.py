"""Copies of the SQLite file that are whole even while somebody writes."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

KEPT = 5


def copy_of_sqlite() -> Path | None:
    """Copies the SQLite file through SQLite's backup interface and says where to; None on PostgreSQL.

    The newest copies stay, as many as `KEPT` says. PostgreSQL is the operator's to back up (pg_dump).
    """
    if connection.vendor != "sqlite":
        return None
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    folder = settings.VAR_DIR / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"before-migration-{timezone.now():%Y%m%d-%H%M%S}.sqlite3"
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    with source, target:
        source.backup(target)
    source.close()
    target.close()
    copy.chmod(0o600)
    for old in sorted(folder.glob("before-migration-*.sqlite3"))[:-KEPT]:
        old.unlink()
    return copy
