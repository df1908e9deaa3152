import datetime as dt
from typing import Any

import pytest

from articles import review
from tests.articles.plain_sql import overwrite
from tests.articles.views.pages import DAY
from tests.conftest import NEXT_YEAR, NOW


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    """It is the clinic's day, until a test moves it."""
    time_machine.move_to(NOW)
    return time_machine


@pytest.fixture(autouse=True)
def no_clinic(settings, tmp_path) -> None:
    """Nobody entered details of a clinic yet."""
    settings.VAR_DIR = tmp_path


@pytest.fixture
def overdue(signed, clock):
    """A guide whose next review was due yesterday."""
    clock.move_to(dt.datetime.combine(NEXT_YEAR + DAY, dt.time(9), dt.UTC))
    return signed


@pytest.fixture
def withdrawn(signed):
    review.withdraw(signed, why="A dose on it was <wrong> & old.", now=NOW)
    return signed


@pytest.fixture
def checking(signed):
    """A guide whose words somebody changed in the database."""
    overwrite(signed.live, body="Other words, by nobody.\n")
    return signed
