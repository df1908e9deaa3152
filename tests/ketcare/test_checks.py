"""What `manage.py check` finds besides Django's own."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from articles import review
from articles.models import Guide, Rendering
from articles.models.review import Review
from ketcare import checks
from tests.conftest import NEXT_YEAR, NOW
from tests.starting import GOOD, asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_is_settled(settings: Any) -> None:
    """pytest-django keeps mails in memory, which is no way to send them."""
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "mail.E001"]


def errors(*arguments: str) -> str:
    """What stops a deployment."""
    try:
        call_command("check", *arguments, stdout=StringIO(), stderr=StringIO())
    except SystemCheckError as problem:
        return str(problem)
    return ""


def test_a_public_sample_stops_a_deployment(sample):
    found = errors("--deploy")
    assert "(ketcare.E002) 1 sample guides are public, such as /guides/integration/rest-first/." in found
    assert "HINT: Have a clinician sign them, or withdraw them." in found


def test_a_sample_does_not_stop_ones_own_machine(sample):
    assert errors() == ""


def test_a_sample_that_was_withdrawn_stops_nothing(sample):
    review.withdraw(sample, why="It was a sample.", now=NOW)
    assert errors("--deploy") == ""


def test_a_sample_that_a_clinician_signed_stops_nothing(sample, dr_rao):
    words = Guide.objects.get().live
    assert words is not None
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    assert errors("--deploy") == ""


def test_a_sample_that_is_not_shown_stops_nothing(sample):
    Rendering.objects.update(seal="0" * 64)
    assert errors("--deploy") == ""


@pytest.mark.parametrize("world", ["signed", "urgent", "submitted", "db"])
def test_without_a_sample_nothing_stops_a_deployment(request, world):
    request.getfixturevalue(world)
    assert errors("--deploy") == ""


def test_every_sample_is_counted(sample, submit, morgan):
    other = submit(Guide.objects.create(section="safety", slug="eat-first", changed_at=NOW))
    review.sign(other, by=morgan, digest=other.digest, now=NOW, next_due=NOW.date() + dt.timedelta(1))
    assert Review.objects.filter(sample=True).count() == 2
    assert "2 sample guides are public" in errors("--deploy")


def test_a_site_behind_a_proxy_that_counts_all_readers_as_one_is_told_so_v4_1_3(settings: Any):
    settings.HTTPS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 0
    [found] = checks.tries_are_counted_by_reader(None)
    assert found.id == "ketcare.W001"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert checks.tries_are_counted_by_reader(None) == []


def test_before_the_first_migration_nothing_is_public(tmp_path):
    (tmp_path / "var").mkdir()
    code = "from ketcare import checks; print(checks.no_sample_is_public(None))"
    assert asked(code, folder=tmp_path, **GOOD) == "[]"


@pytest.mark.parametrize(("options", "found"), [("", []), ("options['init_command'] = ''", ["ketcare.E001"])])
def test_sqlite_that_does_not_wait_for_the_disk_is_an_error(tmp_path, options, found):
    (tmp_path / "var").mkdir()
    code = f"""
from django.core.checks import run_checks
options = settings.DATABASES["default"]["OPTIONS"]
{options}
print([problem.id for problem in run_checks()])
"""
    assert asked(code, folder=tmp_path, **GOOD) == str(found)
