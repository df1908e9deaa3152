"""Keys are rotated while people write, and killed at random points: each entry can be read at every moment.

The long form, with its figure, is `python -m bench.key_faults`.
"""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.environment import variables

KILLS, PEOPLE = 8, 40


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, Any]:
    """What a run on a SQLite file of its own showed."""
    folder = tmp_path_factory.mktemp("keys")
    environment = {**variables(str(folder)), "DATABASE_URL": f"sqlite:///{folder}/ketcare.sqlite3"}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.faults.turning_keys", str(folder), str(KILLS), str(PEOPLE), "1"],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "ketcare.settings"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def test_every_entry_can_be_read_at_every_moment(found):
    assert found["unreadable"] == []
    assert found["lost"] == []


def test_after_the_last_rotation_nothing_is_left_under_the_older_key(found):
    assert found["left_under_the_older_key"] == 0


def test_the_kills_and_the_reading_did_happen(found):
    assert found["killed"] == KILLS
    assert found["killed_half_way"] > 0
    assert found["read"] > PEOPLE
    assert found["written"] > 0
