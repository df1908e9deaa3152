"""The site's processes: what is killed comes back, and what is ended ends whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.conf import settings

from tests.faults.serving import SECRETS, STARTS_WITHIN, Away, Site, alive, start, wait_until


@contextmanager
def reading(site: Site) -> Iterator[list[int | str]]:
    """Three readers ask for pages all the while. Gives what they got: statuses, or what went wrong."""
    enough, got = Event(), list[int | str]()

    def reader(path: str) -> None:
        while not enough.is_set():
            try:
                got.append(site.ask(path).status)
            except Away as problem:
                got.append(str(problem))

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(reader, path) for path in ("/", "/crisis/", "/guides/safety/")]
        try:
            yield got
        finally:
            enough.set()
    for each in readers:
        each.result()


def test_a_reload_loses_no_request(site: Site):
    old = set(site.workers())
    with reading(site) as got:
        os.kill(site.process.pid, signal.SIGHUP)
        wait_until(lambda: old.isdisjoint(site.workers()), what="the workers are replaced")
        wait_until(lambda: len(got) > 30, what="readers read on")
    assert set(got) == {200}
    assert len(site.workers()) == len(old)


def test_when_a_worker_is_killed_the_site_goes_on_answering(site: Site):
    old = site.workers()
    with reading(site) as got:
        for pid in old:
            asked = len(got)
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not alive(pid), what="the worker is gone")  # noqa: B023
            wait_until(lambda: len(site.workers()) == len(old), what="another worker comes")
            wait_until(lambda: len(got) > asked + 10, what="readers read on")  # noqa: B023
    # Whom the killed worker was just answering is cut off: three readers, each at most once for each worker.
    cut_off = [answer for answer in got if answer != 200]
    assert len(cut_off) <= 3 * len(old), cut_off
    assert [site.ask("/").status for _ in range(10)] == [200] * 10


def test_a_tick_runs_beside_the_site(site: Site):
    (tick,) = site.ticks()
    # It is told whose end to wait for: by the time it asks, that may have come.
    assert site.children()[tick].endswith(f" tick --every 60 --parent {site.process.pid} ")


# Ends --------------------------------------------------------------------------------------------------------------


def terminate(site: Site) -> None:
    """As a service manager does."""
    os.kill(site.process.pid, signal.SIGTERM)


def press_ctrl_c(site: Site) -> None:
    """As a terminal does: every process of the group is told."""
    os.killpg(site.process.pid, signal.SIGINT)


def kill(site: Site) -> None:
    """As the system does when memory runs out: nothing can be put in order."""
    os.kill(site.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("end", [terminate, press_ctrl_c, kill], ids=lambda end: end.__name__)
def test_when_the_site_ends_no_process_stays(site: Site, end: Callable[[Site], None]):
    # In the folder of a site that is prepared: it starts sooner.
    other = start(site.folder, **{name: site.environment[name] for name in SECRETS})
    try:
        wait_until(lambda: other.answers() and other.ticks(), within=STARTS_WITHIN, what="the second site starts")
        processes = [other.process.pid, *other.children()]
        assert len(processes) == 4
        told = len(site.log)
        end(other)
        other.process.wait(timeout=60)
        wait_until(lambda: not any(map(alive, processes)), what="no process stays")
        assert "Traceback" not in site.log[told:]
        if end is terminate:
            assert other.process.returncode == 0
    finally:
        other.end()


def test_a_tick_whose_parent_has_ended_before_it_began_ends_too(site: Site):
    ended = subprocess.Popen(["true"])
    ended.wait()
    command = [sys.executable, "manage.py", "tick", "--every", "60", "--parent", str(ended.pid)]
    subprocess.run(command, cwd=settings.BASE_DIR, env=site.environment, timeout=120, check=True)
