"""What the site acknowledged is there, once and whole, whatever happens in the middle of a save.

The long form, with its figures, is `python -m bench.save_faults`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.saving import PRELOADED, kill_workers
from tests.faults.serving import served
from tests.faults.writers import judge, verdict, writing

KILLS = 8


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with served(tmp_path_factory.mktemp("killed"), **PRELOADED) as site:
        with writing(site, 4) as writers:
            kills = kill_workers(site, writers, KILLS)
        yield {**kills, **verdict(site, writers), "log": site.log}


def test_workers_that_are_killed_lose_tear_and_double_nothing(killed: dict[str, Any]):
    assert killed["with_a_save_in_flight"] == KILLS
    assert killed["saves"] > KILLS
    assert (killed["lost"], killed["torn"], killed["doubled"]) == ([], [], [])
    assert killed["unsaved"] == 0
    assert "Traceback" not in killed["log"]


# The judge itself -------------------------------------------------------------------------------------------------


def test_the_judge_sees_what_is_lost_torn_or_doubled():
    sent = {"a", "b", "c"}
    assert judge(["a", "b"], sent, {"1": ["a", "b"], "2": ["c"]}) == {"lost": [], "torn": [], "doubled": []}
    assert judge(["a", "b"], sent, {"1": ["a"]})["lost"] == ["b"]
    assert judge([], sent, {"1": ["a", None]})["torn"] == ["1 does not open"]
    assert judge([], sent, {"1": ["half of a"]})["torn"] == ["half of a was never sent"]
    assert judge([], sent, {"1": ["a"], "2": ["a"]})["doubled"] == ["a"]
