"""Mail is neither lost nor doubled: two that deliver at once, a server that fails one time in five, one of the two
killed at random. The long form, with its figure, is `python -m bench.outbox_faults`."""

from typing import Any

import pytest

from tests.faults.mailing import Line, judge
from tests.faults.programs import found_by

ROUNDS, MAILS = 25, 100


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, Any]:
    """What a run on a SQLite file of its own showed."""
    found: dict[str, Any] = found_by("tests.faults.mailing", tmp_path_factory.mktemp("mail"), ROUNDS, MAILS, 4)
    return found


def test_no_mail_is_missed(found):
    assert found["missed"] == []
    assert (found["handed"], found["refused"]) == (96, 4)
    assert (found["sent"], found["given_up"]) == (96, 4)


def test_no_mail_is_claimed_by_two_at_the_same_time(found):
    assert found["begun_twice_in_a_round"] == []


def test_a_mail_goes_twice_only_where_a_process_was_killed_before_it_could_write_that_down(found):
    assert found["unexplained"] == []
    assert len(found["doubles"]) <= found["killed_in_a_mail"]


def test_what_is_given_up_is_told_of_once(found):
    assert found["told_of"] == found["given_up"]


def test_nothing_of_a_mail_is_left_once_it_is_over(found):
    assert found["with_words_left"] == 0


def test_the_faults_did_happen(found):
    assert found["killed"] >= 3
    assert found["busy"] >= 5


# The judge itself -------------------------------------------------------------------------------------------------

ONCE = [Line("begun", "a", 0, 1), Line("handed", "a", 0, 1)]


def test_the_judge_sees_a_missed_mail():
    assert judge(ONCE, {"a", "b"}, set())["missed"] == ["b"]


def test_the_judge_sees_two_claims():
    assert judge([*ONCE, Line("begun", "a", 0, 2)], {"a"}, set())["begun_twice_in_a_round"] == ["a"]


def test_the_judge_sees_a_double_that_no_kill_explains():
    again = [Line("begun", "a", 1, 2), Line("handed", "a", 1, 2)]
    assert judge(ONCE + again, {"a"}, set())["unexplained"] == ["a, round 0, process 1"]
    assert judge(ONCE + again, {"a"}, {1})["doubles"] == ["a, round 0, process 1"]
    went_on = [Line("begun", "b", 0, 1)]
    assert judge(ONCE + went_on + again, {"a"}, {1})["unexplained"] == ["a, round 0, process 1"]
