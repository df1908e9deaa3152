"""The privacy page says exactly what of a journal stands in clear."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import BinaryField, Model
from django.test import Client

from journal import capture
from journal.in_clear import IN_CLEAR, SEALED
from ketcare.accounts.models import User
from ketcare.site import retention
from ketcare.site.models import Destroyed, Outbox
from tests.journal.conftest import entry_of
from tests.journal.pages import token_in
from tests.reading import read


def columns_of(*models: type[Model]) -> dict[str, Any]:
    return {f"{model.__name__}.{field.name}": field for model in models for field in model._meta.concrete_fields}


COLUMNS = columns_of(*apps.get_app_config("journal").get_models())
# Tables of the site that tell of a journal: mails that somebody asked for, and what was deleted.
OF_THE_SITE = columns_of(Outbox, Destroyed)


def named() -> set[str]:
    found = {column for _words, columns in IN_CLEAR for column in columns}
    everywhere = {name.removeprefix("*.") for name in found if name.startswith("*.")}
    return {name for name in found if not name.startswith("*.")} | {
        column for column in {**COLUMNS, **OF_THE_SITE} if column.partition(".")[2] in everywhere
    }


def test_every_column_is_sealed_or_named_on_the_privacy_page():
    assert named() | set(SEALED) == {*COLUMNS, *OF_THE_SITE} - {"Outbox.sealed"}
    assert named() & set(SEALED) == set()


def test_what_is_sealed_is_bytes_and_nothing_else_is():
    assert {name for name, field in COLUMNS.items() if isinstance(field, BinaryField)} == set(SEALED)


def test_the_page_has_every_line(client: Client):
    page = read(client.get("/privacy/").content).one("main").text
    for words, _columns in IN_CLEAR:
        assert str(words) in page
    for never in ("end-to-end", "zero-knowledge", "only you can read"):
        assert never not in page.lower()


def test_what_stays_of_a_mail_goes_when_the_page_says(client: Client):
    assert f"until {retention.MAILS.days} days afterwards" in read(client.get("/privacy/").content).one("main").text


def test_the_page_says_what_the_cookie_of_the_hours_after_opens(alice: User, alices: Client):
    alices.post("/journal/prepare/")
    phone = Client()
    phone.cookies[capture.COOKIE] = alices.cookies[capture.COOKIE].value
    fields = {"token": token_in(phone.get("/journal/capture/")), "noticed": "The rain."}
    phone.post("/journal/capture/", {**fields, "at": "2"})
    assert "The rain." in phone.get("/journal/capture/").content.decode()
    phone.post("/journal/capture/", {**fields, "token": token_in(phone.get("/journal/capture/")), "at": "done"})
    assert "The rain." not in phone.get("/journal/capture/").content.decode()
    page = read(phone.get("/privacy/").content).one("main").text
    assert f"lasts until {capture.LIFE // dt.timedelta(hours=1)} hours after the session" in page
    assert (
        "can add words to your journal, and read those that were written on that page since it was last ended" in page
    )


def test_nothing_of_a_journal_is_on_the_desk():
    assert [model for model in admin.site._registry if model._meta.app_label == "journal"] == []


def test_a_row_says_nothing_of_what_it_holds(alice):
    entry = entry_of(alice, "canary")
    for row in (entry, alice.data_key):
        assert "canary" not in f"{row} {row!r} {vars(row)}"
        assert str(row) in {str(entry.ref), str(alice.data_key.pk)}
