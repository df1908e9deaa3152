"""Keys are rotated while people write, and killed at random points: each entry can be read at every moment.

The long form, with its figure, is `python -m bench.key_faults`.
"""

from typing import Any

import pytest

from tests.faults.programs import found_by

KILLS, PEOPLE = 8, 40


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, Any]:
    """What a run on a SQLite file of its own showed."""
    found: dict[str, Any] = found_by("tests.faults.turning_keys", tmp_path_factory.mktemp("keys"), KILLS, PEOPLE, 1)
    return found


def test_every_entry_can_be_read_at_every_moment(found):
    assert found["unreadable"] == []
    assert found["lost"] == []


def test_after_the_last_rotation_nothing_is_left_under_the_older_key(found):
    assert found["left_under_the_older_key"] == 0


def test_the_kills_and_the_reading_did_happen(found):
    assert found["killed"] >= KILLS
    assert found["killed_half_way"] > 0
    assert found["read"] > PEOPLE
    assert found["written"] > 0
