"""A deed in a thread of its own: one at a time, and no process ends in the middle of it."""

import subprocess
import sys
import threading

import pytest
from django.conf import settings

from ketcare import soon


def test_it_is_one_thread_that_looks_again():
    """Asked ten times while it works, it works once more and ends."""
    done: list[str] = []
    go_on, begun = threading.Event(), threading.Event()

    def deed() -> None:
        done.append(threading.current_thread().name)
        begun.set()
        go_on.wait(60)

    deeds = soon.Soon(deed, name="outbox")
    first = deeds.ask()
    assert begun.wait(60)
    assert {deeds.ask() for _ in range(10)} == {first}
    go_on.set()
    first.join(60)
    assert not first.is_alive()
    assert done == ["outbox", "outbox"]
    deeds.ask().join(60)
    assert len(done) == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_replaced():
    done: list[bool] = []

    def deed() -> None:
        done.append(True)
        if len(done) == 1:
            raise RuntimeError("broken")

    deeds = soon.Soon(deed, name="outbox")
    deeds.ask().join(60)
    deeds.ask().join(60)
    assert done == [True, True]


def test_it_comes_back_before_the_deed_is_done():
    go_on = threading.Event()
    thread = soon.Soon(lambda: go_on.wait(60), name="outbox").ask()
    assert thread.is_alive()
    assert not thread.daemon
    go_on.set()
    thread.join(60)


def test_a_process_that_ends_waits_for_the_step_at_hand_and_begins_no_other():
    """The main thread is over as soon as the deed has a step begun; the deed looks before the next."""
    program = """
import threading
from ketcare import soon

def deed():
    for step in range(1000):
        if soon.ending():
            return
        begun.set()
        threading.main_thread().join()
        print(step, flush=True)

begun = threading.Event()
soon.Soon(deed, name="outbox").ask()
begun.wait()
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "0\n", "")


def test_a_program_that_was_told_to_end_knows_it(monkeypatch):
    monkeypatch.setattr(soon, "_told_to_end", threading.Event())
    assert not soon.ending()
    soon.end()
    assert soon.ending()
