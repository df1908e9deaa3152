"""docs/data.md names every table of the site and every secret in it (ASVS 14.1.1, 14.1.2)."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField

from journal.in_clear import SEALED

ROW = re.compile(r"\| (\w+\.\w+) \| (P[0-3]) \| (.*?) ?\|")
TABLES = {
    table: (its_class, dict(re.findall(r"(\w+) \((\w+)", columns)))
    for table, its_class, columns in ROW.findall((settings.BASE_DIR / "docs" / "data.md").read_text())
}
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
# Columns by whose name one sees what they are for.
SECRET = re.compile(r"password|secret|token|hash|sealed|wrapped|seed")


def test_every_table_has_a_class_and_there_is_no_other():
    assert TABLES.keys() == MODELS.keys()


@pytest.mark.parametrize("table", TABLES)
def test_every_secret_is_named_and_is_there(table: str):
    columns = {field.name: field for field in MODELS[table]._meta.concrete_fields}
    named = TABLES[table][1]
    assert named.keys() <= columns.keys()
    assert {name for name, field in columns.items() if isinstance(field, BinaryField) or SECRET.search(name)} <= {
        *named
    }
    assert set(named.values()) <= {"sealed", "hashed", "unused"}


def test_what_is_sealed_of_a_journal_is_what_its_privacy_page_rests_on():
    of_journal = {
        f"{table.removeprefix('journal.')}.{name}"
        for table, (_class, columns) in TABLES.items()
        if table.startswith("journal.")
        for name in columns
    }
    assert of_journal == set(SEALED)
