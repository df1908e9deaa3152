"""Guides and moments, paired: each side leads to the other, and only to what is there."""

import datetime as dt
import zoneinfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from articles import shelf
from articles.models import Guide
from ketcare.site.pairs import PAIRS, TO_TRY, guides_for, moment_for
from tests.conftest import NOW
from tests.journal.conftest import alice, alices, treatment_of
from tests.reading import read

__all__ = ["alice", "alices"]  # fixtures of another folder


def test_every_pair_names_a_shipped_guide():
    guides = {
        str(path.relative_to(settings.CONTENT_DIR / "guides/en"))[:-3] for path in settings.CONTENT_DIR.rglob("*.md")
    }
    assert {place for places in PAIRS.values() for place in places} - guides == set()


@pytest.mark.parametrize(
    ("place", "moment"),
    [
        ("integration/small-changes", "day-4"),
        ("integration/intentions", "before"),
        ("what-to-expect/the-hours-after", "session-day"),
        ("safety/when-to-get-help", ""),
        ("integration/if-you-dont-feel-better", ""),
    ],
)
def test_a_guide_leads_to_the_moment_it_is_about(place: str, moment: str):
    assert moment_for(place) == moment


@pytest.fixture
def small_changes(signed: Guide) -> Guide:
    Guide.objects.filter(pk=signed.pk).update(section="integration", slug="small-changes")
    shelf.clear()
    signed.refresh_from_db()
    return signed


def test_a_moment_names_the_guides_that_may_be_read(small_changes: Guide):
    assert guides_for("day-4", now=NOW) == [("Rest first", "/guides/integration/small-changes/")]
    assert guides_for("day-5", now=NOW) == []
    assert guides_for("", now=NOW) == []


def test_the_guide_says_what_to_try_to_everybody_alike(small_changes: Guide, reader: Client):
    page = read(reader.get("/guides/integration/small-changes/").content)
    assert str(TO_TRY["day-4"]) in page.one("main").text
    assert "/journal/try/day-4/" in page.links()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "moment", "to"),
    [
        (-3, "day-4", "/journal/sessions/{ref}/day/3/?card=4"),
        (-3, "keeping", "/journal/since/"),
        (3, "before", "/journal/sessions/{ref}/intentions/"),
        (-30, "before", "/journal/start/coming/"),
        (-30, "day-4", "/journal/"),
        (0, "session-day", "/journal/"),
    ],
)
def test_try_it_opens_the_box_that_goes_with_it(alice, alices: Client, days: int, moment: str, to: str):
    today = timezone.localdate(timezone=zoneinfo.ZoneInfo(alice.time_zone))
    treatment = treatment_of(alice, today + dt.timedelta(days=days))
    answer = alices.get(f"/journal/try/{moment}/")
    assert answer.headers["Location"] == to.format(ref=treatment.ref)
