"""The privacy page says exactly what of a journal stands in clear."""

from django.apps import apps
from django.contrib import admin
from django.db.models import BinaryField
from django.test import Client

from journal.in_clear import IN_CLEAR, SEALED
from tests.journal.conftest import entry_of
from tests.reading import read

COLUMNS = {
    f"{model.__name__}.{field.name}": field
    for model in apps.get_app_config("journal").get_models()
    for field in model._meta.concrete_fields
}


def named() -> set[str]:
    found = {column for _words, columns in IN_CLEAR for column in columns}
    everywhere = {name.removeprefix("*.") for name in found if name.startswith("*.")}
    return {name for name in found if not name.startswith("*.")} | {
        column for column in COLUMNS if column.partition(".")[2] in everywhere
    }


def test_every_column_is_sealed_or_named_on_the_privacy_page():
    assert named() | set(SEALED) == set(COLUMNS)
    assert named() & set(SEALED) == set()


def test_what_is_sealed_is_bytes_and_nothing_else_is():
    assert {name for name, field in COLUMNS.items() if isinstance(field, BinaryField)} == set(SEALED)


def test_the_page_has_every_line(client: Client):
    page = read(client.get("/privacy/").content).one("main").text
    for words, _columns in IN_CLEAR:
        assert str(words) in page
    for never in ("end-to-end", "zero-knowledge", "only you can read"):
        assert never not in page.lower()


def test_nothing_of_a_journal_is_on_the_desk():
    assert [model for model in admin.site._registry if model._meta.app_label == "journal"] == []


def test_a_row_says_nothing_of_what_it_holds(alice):
    entry = entry_of(alice, "canary")
    for row in (entry, alice.data_key):
        assert "canary" not in f"{row} {row!r} {vars(row)}"
        assert str(row) in {str(entry.ref), str(alice.data_key.pk)}
