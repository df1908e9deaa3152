"""Changes past every guard in Python: what somebody could do who has the database, and not the keys."""

from typing import Any

from django.db import connection, models


def overwrite(row: models.Model, **columns: Any) -> None:
    """Sets columns (by their attribute, such as `revision_id`) of a stored row; `row` itself keeps what it had."""
    fields = [_field(row, name) for name in columns]
    assignments = ", ".join(f"{_quoted(str(field.column))} = %s" for field in fields)
    statement = f"UPDATE {_quoted(row._meta.db_table)} SET {assignments} WHERE {_key(row)} = %s"  # noqa: S608, names of ours
    _run(statement, [*(_stored(field, value) for field, value in zip(fields, columns.values(), strict=True)), _pk(row)])


def remove(row: models.Model) -> None:
    """Deletes a stored row."""
    _run(f"DELETE FROM {_quoted(row._meta.db_table)} WHERE {_key(row)} = %s", [_pk(row)])  # noqa: S608, names of ours


def insert(row: models.Model) -> None:
    """Stores a row exactly as it is: nothing is computed for it, but a key that the database itself counts."""
    fields = [field for field in row._meta.concrete_fields if not (field.primary_key and row.pk is None)]
    columns = ", ".join(_quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(row._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608, names of ours
    _run(statement, [_stored(field, getattr(row, field.attname)) for field in fields])


def _run(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount == 1, "no row, or more than one, was changed"


def _field(row: models.Model, attribute: str) -> "models.Field[Any, Any]":
    return next(field for field in row._meta.concrete_fields if field.attname == attribute)


def _stored(field: "models.Field[Any, Any]", value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _pk(row: models.Model) -> Any:
    return _stored(row._meta.pk, row.pk)


def _key(row: models.Model) -> str:
    return _quoted(str(row._meta.pk.column))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
