"""The cast. Ed edits guides; Dr Rao reviews and signs them; Dr Lee is a second reviewer; Morgan is only a sample.
The clinic's day is November 2, 2026."""

import datetime as dt
import gc
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import rendering, review, shelf
from articles.models import Guide, Reviewer, Revision, Source
from articles.models.revision import Change
from articles.rendering import Rendered, RenderingRefused, Text, html_of
from ketcare import outbox
from ketcare.accounts.models import User
from tests import databases

NOW = dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC)
NEXT_YEAR = dt.date(2027, 11, 2)

BODY = """\
## Quick answer {: .quick-answer }

Rest comes first. {words}

## Call {emergency} now if {: .safety }

- you have chest pain
- thoughts of suicide are stronger: please {crisis} now, or call {clinic}

## Who should talk to a clinician first {: .talk-first }

Anyone with heart disease.

## What is known

One trial looked at this [@trial-2020].

## What is not known {: .unknown }

How long it lasts.

## Questions people ask {: .faq }

### Is rest enough?

For today, yes.

## What to ask your clinician {: .ask }

- Whom do I call at night?
"""


BLOCKER = pytest.StashKey[Any]()
EMPTIED = pytest.StashKey[bool]()


def commits(item: pytest.Item) -> bool:
    """Whether that test commits what it writes, and so ends with every table empty."""
    marker = item.get_closest_marker("django_db")
    marked = marker is not None and marker.kwargs.get("transaction")
    return bool(marked or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """What is there by now stays until the end: the garbage collector need not go through it again and again, which
    took an eighth of the time."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    item.config.stash[EMPTIED] = item.config.stash.get(EMPTIED, False) or commits(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """After a test that emptied the tables, the next one that works within a transaction finds them as migrated.

    As a rule those that commit come last; but a process that has nothing left to do takes over tests of another.
    """
    if item.config.stash.get(EMPTIED, False) and item.get_closest_marker("database") and not commits(item):
        with item.config.stash[BLOCKER].unblock():
            databases.settle()
        item.config.stash[EMPTIED] = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what asks the database: the rest is the same on every one, and runs on the first only."""
    asking = {"db", "transactional_db", "django_db_setup", "live_server"}
    for item in items:
        if item.get_closest_marker("django_db") or asking & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """It is there before Django would make it, and goes with the folder or the server that it lies in."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any, pytestconfig: pytest.Config
) -> None:
    """By now each process knows the name of its own database."""
    here = connection.settings_dict
    databases.put_migrated(here["TEST"]["NAME"] or f"test_{here['NAME']}")
    pytestconfig.stash[BLOCKER] = django_db_blocker


def body_with(words: str) -> str:
    """A whole guide's text in which these words stand."""
    return BODY.replace("{words}", words)


@pytest.fixture(autouse=True)
def empty_shelf() -> None:
    """Each test starts like a new worker."""
    shelf.clear()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs a real site 50 ms and 100 MB, on purpose; hundreds of tests would spend a minute on that."""
    for cost in ("time_cost", "memory_cost", "parallelism"):
        monkeypatch.setattr(Argon2PasswordHasher, cost, {"memory_cost": 8}.get(cost, 1))


@cache
def html_here(text: Text) -> Rendered | RenderingRefused:
    """What becomes of a text, made in this process, once."""
    try:
        return html_of(text.body, text.language, list(text.sources))
    except RenderingRefused as refused:
        return refused


@pytest.fixture(autouse=True)
def texts_become_html_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same HTML without the program that makes it within limits: test_rendering.py tests that, and starts of the
    site run it."""
    make_html_here(monkeypatch)


def make_html_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_run_program", lambda texts, seconds: [html_here(text) for text in texts])


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Pages link static files where they lie: nothing is collected for a test, so there are no hashed names."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def no_thread_for_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a commit its mail goes out at once, where it was put: a thread of its own would outlive its test."""
    monkeypatch.setattr(outbox, "deliver_soon", lambda: outbox.deliver(timezone.now()))


@pytest.fixture
def reader(client: Client) -> Client:
    """Someone who reads, without an account."""
    return client


@pytest.fixture
def ed(db: None) -> User:
    return User.objects.create_user("ed@example.org", is_staff=True)


def clinician(name: str, slug: str) -> Reviewer:
    return Reviewer.objects.create(
        user=User.objects.create_user(f"{slug}@example.org", is_staff=True),
        slug=slug,
        name=name,
        credential="MD",
        licence_state="New York",
        licence_no="000001",
        verified_on=dt.date(2026, 1, 1),
        expires_on=dt.date(2028, 1, 1),
        conflict="None.",
        biography="Treats people with depression.",
    )


@pytest.fixture
def dr_rao(db: None) -> Reviewer:
    return clinician("Asha Rao", "asha-rao")


@pytest.fixture
def dr_lee(db: None) -> Reviewer:
    return clinician("Min Lee", "min-lee")


@pytest.fixture
def morgan(db: None) -> Reviewer:
    """The sample reviewer: not a real person."""
    return Reviewer.objects.create(
        slug="morgan-example",
        name="Morgan Example",
        credential="PMHNP-BC",
        verified_on=dt.date(2026, 1, 1),
        expires_on=dt.date(2028, 1, 1),
        sample=True,
    )


@pytest.fixture
def trial(db: None) -> Source:
    return Source.objects.create(
        key="trial-2020",
        record={"authors": "Doe J et al.", "title": "A trial", "year": 2020, "pmid": "1234567"},
        kind="trial",
        checked_on=dt.date(2026, 10, 1),
    )


@pytest.fixture
def guide(db: None) -> Guide:
    """An address without words yet."""
    return Guide.objects.create(section="integration", slug="rest-first", changed_at=NOW)


Submit = Callable[..., Revision]


@pytest.fixture
def submit(ed: User, trial: Source) -> Submit:
    """`submit(guide, "Some words.")`: words that Ed wrote and handed in for review."""

    def submitted(guide: Guide, words: str = "Take it slowly.", **columns: Any) -> Revision:
        body = columns.pop("body", body_with(words))
        revision = review.write(
            guide,
            title=columns.pop("title", "Rest first"),
            summary="What to do on the day after.",
            body=body,
            also_known_as=["After a session"],
            sources=["trial-2020"],
            by=columns.pop("by", ed),
            now=NOW,
            **columns,
        )
        # In this process: the limits of a process of its own have tests of their own.
        return review.submit(revision, now=NOW, rendered=html_of(body, "en", ["trial-2020"]))

    return submitted


@pytest.fixture
def submitted(guide: Guide, submit: Submit) -> Revision:
    return submit(guide)


@pytest.fixture
def signed(submitted: Revision, dr_rao: Reviewer) -> Guide:
    """A live guide that Dr Rao signed today."""
    review.sign(submitted, by=dr_rao, digest=submitted.digest, now=NOW, next_due=NEXT_YEAR)
    return submitted.guide


@pytest.fixture
def sample(submitted: Revision, morgan: Reviewer) -> Guide:
    """A live guide with a sample signature."""
    review.sign(submitted, by=morgan, digest=submitted.digest, now=NOW, next_due=NEXT_YEAR)
    return submitted.guide


@pytest.fixture
def urgent(guide: Guide, submit: Submit, dr_rao: Reviewer) -> Guide:
    """A live guide that Dr Rao changed urgently before anyone signed it."""
    revision = submit(guide, by=dr_rao.user, change=Change.URGENT, reason="A new warning came out.")
    review.publish_urgently(revision, by=dr_rao, digest=revision.digest, now=NOW)
    return guide
