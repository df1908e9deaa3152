"""What a page of the journal asks of the database: as much for a long one as for a short one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.models import Kind
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of

pytestmark = pytest.mark.django_db


def queries_for(client: Client, path: str, **fields: str) -> list[str]:
    with CaptureQueriesContext(connection) as said:
        response = client.post(path, fields) if fields else client.get(path)
    assert response.status_code in {200, 302}
    return [query["sql"] for query in said.captured_queries]


def entries_before(alice: User, number: int) -> None:
    for minutes in range(number):
        at = NOW - dt.timedelta(minutes=minutes)
        entry_of(alice, treatment=treatment_of(alice), written_at=at, saved_at=at)


@pytest.mark.parametrize("path", ["/journal/entries/", "/journal/sessions/", "/journal/trash/", "/journal/unsaved/"])
def test_a_page_asks_as_often_for_many_as_for_few(alice: User, alices: Client, path: str):
    entries_before(alice, 2)
    few = queries_for(alices, path)
    entries_before(alice, 30)
    many = queries_for(alices, path)
    assert len(many) == len(few) <= 6, many


def test_saving_asks_as_often_in_a_long_journal(alice: User, alices: Client):
    counts = []
    for entries in (1, 30):
        entries_before(alice, entries)
        token = FormToken.for_new(alice, Place(Kind.NOTE)).signed()
        counts.append(len(queries_for(alices, "/journal/note/", token=token, text="A line.")))
    assert counts[0] == counts[1] <= 16, counts


def test_a_page_reads_its_own_rows_by_an_index_and_counts_none(alice: User, alices: Client):
    entries_before(alice, 30)
    said = " ".join(queries_for(alices, "/journal/entries/")).upper()
    assert "COUNT(" not in said
    assert "OFFSET" not in said
    [query] = [query for query in queries_for(alices, "/journal/entries/") if '"journal_entry"' in query]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "entry_by_time" in plan
        assert "TEMP B-TREE" not in plan
