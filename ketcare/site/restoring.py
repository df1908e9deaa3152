"""A backup put into an empty database, and proved there: every table's rows and their digest are compared."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ketcare.accounts import deletion
from ketcare.accounts.models import User
from ketcare.site import backup_file, tables
from ketcare.site.backup_file import ALIAS, Manifest
from ketcare.site.tables import Count, NewerSchema, Table

# What preparing a database writes by itself.
WRITTEN_BY_MIGRATIONS: Final = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
}
EMPTY_ONE: Final = (
    "A backup goes into an empty one: stop the site, move the SQLite file away or name a new database in DATABASE_URL, "
    "and run this again before the first start."
)


class Refused(Exception):
    """Nothing was restored. The message is for whoever runs the command."""


@dataclass(frozen=True)
class Compared:
    """A table: how many rows the manifest names, and whether manifest, file and database agree on it."""

    name: str
    rows: int
    digest: str
    agrees: bool


def restore(path: Path, *, now: dt.datetime) -> tuple[Manifest, list[Compared]]:
    """Puts what that file has into the site's database, or nothing at all. Accounts that were to be deleted get time:
    their owners may have taken that back since.

    Raises BadFile for a file that is no whole backup, and Refused where the database has rows, where a newer version of
    the site made the backup, or where what arrived is not what the manifest says.
    """
    backup_file.check(path)
    with backup_file.opened(path, read_only=True):
        manifest = Manifest.read()
        models = _tables_of(manifest)
        _see_that_it_is_empty(manifest)
        # Each migration is a step of its own: where one is cut off, the database still has no rows.
        _make_tables_of(manifest)
        with transaction.atomic(durable=True):
            tables.empty(models, "default")
            read = {model._meta.db_table: tables.carry_over(model, source=ALIAS, target="default") for model in models}
            tables.count_on(models, "default")
            compared = list(_compare(manifest, read, tables.counts_of(models, "default")))
            if not all(table.agrees for table in compared):
                different = ", ".join(table.name for table in compared if not table.agrees)
                raise Refused(f"{path} is not as it was made: {different}. Nothing was restored. Take another backup.")
            for model in models:
                if model._meta.db_table == User._meta.db_table:
                    _give_time(model, now)
    return manifest, compared


def _tables_of(manifest: Manifest) -> list[Table]:
    try:
        return tables.tables_at(manifest.migrations)
    except NewerSchema as unknown:
        raise Refused(
            f"A newer version of the site made this backup ({unknown} is not known here). Restore it with that version."
        ) from None


def _see_that_it_is_empty(manifest: Manifest) -> None:
    """Raises Refused where something stands in it, or where its tables are of a newer version than the backup."""
    cache = {caches["default"]._table} if isinstance(caches["default"], DatabaseCache) else set()  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - WRITTEN_BY_MIGRATIONS - cache):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 (a table's name)
            if cursor.fetchone():
                raise Refused(f"The site's database has rows, in {table} to begin with. {EMPTY_ONE}")
    if set(tables.migrations_of("default")) - set(manifest.migrations):
        raise Refused(f"The site's database has tables of a newer version than the backup. {EMPTY_ONE}")


def _make_tables_of(manifest: Manifest) -> None:
    """Brings the empty database to the migrations of the backup, and no further."""
    executor = MigrationExecutor(connection)
    wanted = set(manifest.migrations) - executor.loader.applied_migrations.keys()
    in_order = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    executor.migrate(None, plan=[step for step in in_order if (step[0].app_label, step[0].name) in wanted])


def _give_time(users: Table, now: dt.datetime) -> None:
    if any(column.name == "delete_at" for column in tables.columns_of(users)):
        again = now + deletion.WAIT
        users._base_manager.filter(delete_at__lt=again).update(delete_at=again)


def _compare(manifest: Manifest, read: dict[str, Count], written: dict[str, Count]) -> Iterator[Compared]:
    for name, (rows, digest) in manifest.tables.items():
        same = (rows, digest) == (read[name].rows, read[name].digest) and read[name] == written[name]
        yield Compared(name, rows, digest, same)
