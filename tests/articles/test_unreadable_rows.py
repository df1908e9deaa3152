"""A value that makes no sense in its column closes its own page and no other. (SQLite takes any; PostgreSQL none.)"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Q
from django.test import Client

from articles import daily_mail, review
from articles.models import Guide, Reviewer
from tests.conftest import NEXT_YEAR, NOW, Submit
from tests.ketcare.at_work import colleague, sit_down

ADDRESS = "/guides/integration/rest-first/"
NONSENSE = [
    ("articles_review", "reviewed_on", "2026-13-45"),
    ("articles_review", "at", "yesterday"),
    ("articles_review", "id", "no uuid"),
    ("articles_review", "checklist", '{"half": '),
    ("articles_revision", "meta", '{"half": '),
    ("articles_revision", "submitted_at", "2026-13-45 10:00:00"),
    ("articles_rendering", "contents", '{"half": '),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(submit: Submit, dr_rao: Reviewer) -> Guide:
    """A second guide, signed as well, of whose rows nothing is touched."""
    guide = Guide.objects.create(section="safety", slug="other", changed_at=NOW)
    words = submit(guide, title="Another page")
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    return guide


@pytest.fixture(params=NONSENSE, ids=lambda what: f"{what[0]}.{what[1]}")
def unreadable(request: pytest.FixtureRequest, signed: Guide, other: Guide) -> Guide:
    """The signed guide, in one column of whose rows stands something that makes no sense there."""
    table, column, value = request.param
    of_its_own = Q(pk=signed.live_id) if table == "articles_revision" else Q(revision=signed.live_id)
    model = apps.get_model(*table.split("_"))
    key = model.objects.filter(of_its_own).values_list("pk", flat=True).get()
    stored = key.hex if isinstance(key, uuid.UUID) else key
    with connection.cursor() as cursor, no_checks(cursor):
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, stored])  # noqa: S608, names of ours
        assert cursor.rowcount == 1
    return signed


@contextmanager
def no_checks(cursor: CursorWrapper) -> Iterator[None]:
    """SQLite without the CHECK that each JSON column has: whoever has the file has that switch, too."""
    cursor.execute("PRAGMA ignore_check_constraints = ON")
    yield
    cursor.execute("PRAGMA ignore_check_constraints = OFF")


if connection.vendor == "sqlite":

    def test_its_page_is_being_checked(reader: Client, unreadable: Guide):
        assert reader.get(ADDRESS).status_code == 503

    def test_every_other_page_goes_on(reader: Client, unreadable: Guide):
        for path in ("/", "/guides/", "/guides/safety/other/", "/sources/", "/sitemap.xml"):
            assert reader.get(path).status_code == 200, path
        assert "Rest first" not in reader.get("/guides/").content.decode()

    def test_readyz_names_it(reader: Client, unreadable: Guide):
        assert ADDRESS in reader.get("/readyz").json()["being_checked"]

    def test_verify_reviews_names_it(unreadable: Guide, capsys: pytest.CaptureFixture[str]):
        with pytest.raises(CommandError):
            call_command("verify_reviews")
        assert ADDRESS in capsys.readouterr().err

    def test_the_desk_stays_open_and_names_the_page_or_the_command(unreadable: Guide):
        rita = colleague("rita@example.org", "reviewer", "manager")
        page = sit_down(rita).get("/admin/").content.decode()
        assert "Pages that readers cannot see" in page or "manage.py verify_reviews" in page

    def test_what_tick_tells_stops_nothing_else(unreadable: Guide):
        colleague("rita@example.org", "reviewer", "manager")
        assert daily_mail.send(NOW) in {0, 1}
