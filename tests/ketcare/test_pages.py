"""The home page: a door for each moment in which somebody comes."""

import pytest
from django.conf import settings
from django.test import Client

from articles import review
from articles.models import Guide, Reviewer
from ketcare.pages import DOORS
from tests.conftest import NEXT_YEAR, NOW, Submit


@pytest.fixture
def hours_after(submit: Submit, dr_rao: Reviewer) -> Guide:
    """The one guide of its section, signed."""
    guide = Guide.objects.create(section="what-to-expect", slug="the-hours-after", changed_at=NOW)
    words = submit(guide, title="The hours after")
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    return guide


def home(reader: Client) -> str:
    return reader.get("/").content.decode()


@pytest.mark.parametrize(("section", "slug"), [door[1:] for door in DOORS])
def test_each_door_has_its_guide_among_those_that_ship(section: str, slug: str):
    assert (settings.CONTENT_DIR / "guides" / "en" / section / f"{slug}.md").is_file()


def test_a_door_leads_to_its_guide(reader: Client, hours_after: Guide):
    assert '<a class="door" href="/guides/what-to-expect/the-hours-after/"><strong>I had a session today' in home(
        reader
    )


def test_a_door_whose_guide_is_not_public_leads_to_its_section(reader: Client, hours_after: Guide):
    assert '<a class="door" href="/guides/what-to-expect/"><strong>A session is coming up' in home(reader)


def test_a_door_with_nothing_behind_it_is_not_there(reader: Client, hours_after: Guide):
    assert "Something feels wrong now" not in home(reader)


def test_the_door_to_crisis_help_is_always_there(reader: Client, db: None):
    assert '<a class="door fill" href="/crisis/">' in home(reader)
