"""The tables of a database as its migrations made them, and their rows: read, told apart and carried over.

Works on the models that the migrations give, not on today's: a backup may be older than the code, and a database that
is about to be migrated is. Values pass as Python has them, so a row is the same on SQLite and on PostgreSQL.
"""

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any, Final

from django.core.management.color import no_style
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

# Whose rows no backup keeps: they would bring back browsers that were signed out since.
LEFT_OUT: Final = {"accounts_websession"}
BATCH: Final = 500

Table = type[Model]
Migrations = list[tuple[str, str]]
Row = tuple[Any, ...]


class NewerSchema(Exception):
    """A newer version of the site made those tables. The message names a migration that this one does not have."""


def migrations_of(alias: str) -> Migrations:
    """The migrations that were applied there, in order of their names; empty for a database without tables."""
    return sorted(MigrationRecorder(connections[alias]).applied_migrations())


def tables_at(migrations: Migrations) -> list[Table]:
    """The tables as they are after those migrations, those between two models among them. Raises NewerSchema."""
    loader = MigrationLoader(None, replace_migrations=False)
    unknown = sorted(set(migrations) - loader.disk_migrations.keys())
    if unknown:
        raise NewerSchema(".".join(unknown[0]))
    models = loader.project_state(migrations).apps.get_models(include_auto_created=True)
    return sorted((model for model in models if _is_table(model)), key=lambda model: model._meta.db_table)


def _is_table(model: Table) -> bool:
    return model._meta.managed and not model._meta.proxy


def rows_of(table: Table, alias: str) -> Iterator[Row]:
    """Every row that a backup keeps, in no order, its columns in the order of `columns_of`."""
    if table._meta.db_table in LEFT_OUT:
        return
    names = [field.attname for field in columns_of(table)]
    yield from table._base_manager.using(alias).order_by().values_list(*names).iterator(chunk_size=2000)


def columns_of(table: Table) -> list[Any]:
    return [field for field in table._meta.concrete_fields if not field.generated]


class Count:
    """How many rows, and a digest of them in whatever order they come: the sum of each one's SHA-256."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows, self._sum = 0, 0
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        self.rows += 1
        words = json.dumps(row, default=_plain, sort_keys=True, separators=(",", ":")).encode()
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(words).digest())) % (1 << 256)

    @property
    def digest(self) -> str:
        return f"{self._sum:064x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Count) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]  # it grows


def _plain(value: object) -> str:
    """A value that JSON has no form for, in one that is the same on both databases."""
    match value:
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case dt.date() | dt.time() | dt.timedelta() | uuid.UUID():
            return str(value)
    raise TypeError(f"No form is known for {type(value).__name__}.")


def counts_of(tables: Iterable[Table], alias: str) -> dict[str, Count]:
    """The rows of each table, by its name."""
    return {table._meta.db_table: Count(rows_of(table, alias)) for table in tables}


def carry_over(table: Table, *, source: str, target: str) -> Count:
    """Puts the rows of one database's table into the other's, as they are; says which it read."""
    columns, connection, read = columns_of(table), connections[target], Count()
    name = connection.ops.quote_name
    names = ", ".join(name(column.column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {name(table._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 (our own names)
    with connection.cursor() as cursor:
        for rows in batched(rows_of(table, source), BATCH):
            values = []
            for row in rows:
                read.add(row)
                pairs = zip(columns, row, strict=True)
                values.append([column.get_db_prep_save(value, connection) for column, value in pairs])
            cursor.executemany(statement, values)
    return read


def make_tables(tables: Iterable[Table], alias: str) -> None:
    """Makes those tables in an empty database. Runs no migration: some write rows, and into the site's own database."""
    with connections[alias].schema_editor() as editor:
        for table in tables:
            if not table._meta.auto_created:
                editor.create_model(table)


def empty(tables: Iterable[Table], alias: str) -> None:
    """Takes every row out of them."""
    with connections[alias].cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connections[alias].ops.quote_name(table._meta.db_table)}")  # noqa: S608


def count_on(tables: Iterable[Table], alias: str) -> None:
    """Lets the numbers of new rows go on after those that were carried over."""
    with connections[alias].cursor() as cursor:
        for statement in connections[alias].ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
