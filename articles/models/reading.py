"""A driver's values as values of model fields, as the ORM turns them; one that makes no sense breaks nothing else.

SQLite keeps whatever plain SQL puts into a column: a date of the thirteenth month is a text to it. The ORM would end
the whole request there, and with it the pages of every other guide.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection, models

type Converter = Callable[..., Any]
type Fields = tuple[models.Field[Any, Any], ...]


@cache
def _converters(vendor: str, fields: Fields) -> list[list[Converter]]:
    columns = [field.get_col(field.model._meta.db_table) for field in fields]
    return [[*connection.ops.get_db_converters(column), *column.get_db_converters(connection)] for column in columns]


def values_of(fields: Fields, row: tuple[Any, ...]) -> tuple[list[Any], bool]:
    """The row's values for these fields, and whether all made sense; one that does not comes back as None."""
    values, sound = [], True
    for value, converters in zip(row, _converters(connection.vendor, fields), strict=True):
        try:
            for convert in converters:
                value = convert(value, None, connection)
        except (ValueError, TypeError, AttributeError, OverflowError):
            value, sound = None, False
        values.append(value)
    return values, sound
