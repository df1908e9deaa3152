"""What ships in `content/`. That it comes out of the database byte for byte stands in test_exporting.py."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings

from articles import content
from articles.rendering import html_of
from articles.sanitising import PARTS
from articles.source import to_text
from tests.articles.folder import newest_day
from tests.commands import run

# Past every date that stands in the files; whether they are still fresh is for `lint_guides` to say, on any day.
READ = content.read(settings.CONTENT_DIR, dt.date.max)
GUIDES = {str(guide.path.relative_to(settings.CONTENT_DIR)): guide for guide in READ.guides}


@pytest.fixture
def day_of_the_newest_date():
    with time_machine.travel(newest_day(settings.CONTENT_DIR), tick=False):
        yield


def parts_of(name: str) -> list[str]:
    guide = GUIDES[name]
    return html_of(guide.file.body, guide.language, guide.file.sources).parts


def test_guides_ship():
    assert len(GUIDES) >= 3
    assert READ.problems == []


def test_nothing_is_to_mend(day_of_the_newest_date):
    outcome = run("import_guides", "--check")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


@pytest.mark.django_db
def test_nothing_could_be_better(day_of_the_newest_date):
    outcome = run("lint_guides")
    assert (outcome.code, outcome.err) == (0, "")


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_has_the_parts_that_keep_a_reader_safe(name):
    assert {"quick-answer", "safety", "talk-first", "unknown"} <= set(parts_of(name))


def test_the_guides_together_have_every_part():
    assert {part for name in GUIDES for part in parts_of(name)} == set(PARTS)


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_is_written_in_the_one_canonical_way(name):
    guide = GUIDES[name]
    assert to_text(guide.file).encode() == guide.path.read_bytes()


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_ships_under_a_sample_reviewer(name):
    assert READ.reviewers[GUIDES[name].file.reviewer]["sample"]
