"""Rows as they are on either database, and the tables that migrations made."""

import datetime as dt
import uuid

import pytest
from django.apps import apps

from ketcare.site.tables import Count, NewerSchema, columns_of, tables_at

ROWS = [(1, "a"), (2, "b"), (3, None)]


def test_a_digest_is_the_same_in_whatever_order_the_rows_come():
    assert Count(ROWS) == Count(reversed(ROWS))
    assert Count(ROWS).digest == Count(reversed(ROWS)).digest


@pytest.mark.parametrize(
    "others",
    [ROWS[:2], [*ROWS, (3, None)], [(1, "a"), (2, "b"), (3, "")], [(1, "b"), (2, "a"), (3, None)], [(1,), (2,), (3,)]],
)
def test_a_digest_tells_every_change(others):
    assert Count(others).digest != Count(ROWS).digest


def test_a_value_is_the_same_in_the_forms_of_both_databases():
    ref, noon = uuid.UUID(int=7), dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    new_york = noon.astimezone(dt.timezone(dt.timedelta(hours=-5)))
    one = (ref, noon, b"sealed", {"a": 1, "b": [True, None]}, noon.date(), noon.time())
    other = (ref, new_york, memoryview(b"sealed"), {"b": [True, None], "a": 1}, noon.date(), noon.time())
    assert Count([one]) == Count([other])


def test_a_value_of_no_known_form_is_not_counted_by_guess():
    with pytest.raises(TypeError):
        Count([(object(),)])


# Each the same on both databases, as Python has it. A decimal is not: one of them may write 1.5 for 1.50.
KNOWN = {"AutoField", "BigAutoField", "BinaryField", "BooleanField", "CharField", "DateField", "DateTimeField"} | {
    *("ForeignKey", "IntegerField", "JSONField", "OneToOneField", "PositiveIntegerField", "PositiveSmallIntegerField"),
    *("SlugField", "SmallIntegerField", "TextField", "TimeField", "URLField", "UUIDField", "EmailField"),
}


def test_every_column_of_the_site_is_of_a_kind_that_a_backup_knows():
    unknown = {
        f"{model._meta.label}.{field.name} is a {field.get_internal_type()}"
        for model in apps.get_models(include_auto_created=True)
        for field in columns_of(model)
        if field.get_internal_type() not in KNOWN
    }
    assert unknown == set()


def test_tables_are_those_of_the_migrations_and_not_of_todays_models():
    first = [("contenttypes", "0001_initial"), ("auth", "0001_initial"), ("accounts", "0001_initial")]
    tables = {table._meta.db_table: table for table in tables_at(first)}
    assert {"accounts_user", "accounts_user_groups", "auth_group"} <= tables.keys()
    assert "accounts_websession" not in tables
    assert "theme" not in {field.name for field in tables["accounts_user"]._meta.fields}


def test_migrations_of_a_newer_version_are_named():
    with pytest.raises(NewerSchema, match=r"site\.9999_later"):
        tables_at([("site", "0001_initial"), ("site", "9999_later")])
