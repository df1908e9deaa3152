"""The desk in tests: Ed edits, Dr Rao and Dr Lee review, each in a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client

from articles.models import Guide, Reviewer, Source
from ketcare.accounts.models import User
from tests.conftest import NOW, body_with
from tests.ketcare.at_work import colleague, sit_down


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[time_machine.Traveller]:
    """It is the clinic's day, and time goes on."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def give_roles(user: User, *roles: str) -> User:
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


@pytest.fixture
def editor(ed: User) -> Client:
    """Ed's browser."""
    return sit_down(give_roles(ed, "editor"))


@pytest.fixture
def second_editor(db: None) -> Client:
    return sit_down(colleague("eve@example.org", "editor"))


@pytest.fixture
def rao(dr_rao: Reviewer) -> Client:
    """Dr Rao's browser."""
    assert dr_rao.user is not None
    return sit_down(give_roles(dr_rao.user, "reviewer"))


@pytest.fixture
def lee(dr_lee: Reviewer) -> Client:
    assert dr_lee.user is not None
    return sit_down(give_roles(dr_lee.user, "reviewer"))


@pytest.fixture
def manager(db: None) -> Client:
    return sit_down(colleague("mo@example.org", "manager"))


Typed = Callable[..., dict[str, Any]]


@pytest.fixture
def typed(trial: Source) -> Typed:
    """What an editor types into the form: a whole guide, with other words where the test says so."""

    def form(words: str = "Take it slowly.", **fields: Any) -> dict[str, Any]:
        return {
            "title": "Rest first",
            "summary": "What to do on the day after.",
            "body": body_with(words),
            "also_known_as": "After a session",
            "sources": "trial-2020",
            "change": "content",
            "reason": "",
            "base": "0",
            **fields,
        }

    return form


def write(client: Client, guide: Guide, form: dict[str, Any], button: str = "_continue") -> Any:
    """Saves the form as a browser would that had opened it just now (or with the `base` that the form names)."""
    address = f"/admin/articles/guide/{guide.pk}/change/"
    if form["base"] == "0":
        form = {**form, "base": client.get(address).context["adminform"].form["base"].value()}
    return client.post(address, {**form, button: "x"})
