"""Troubles in the middle of saves: workers that are killed, a database that is stopped at once."""

import os
import random
import signal
import time
from dataclasses import replace
from typing import Any

from tests.faults.cutting import Cut, Wire
from tests.faults.serving import Site, wait_until
from tests.faults.writers import NOTE, Writer, verdict, writing

# The workers come from a master that has the site loaded already: a new one is there at once, not after seconds.
PRELOADED = {"GUNICORN_CMD_ARGS": "--preload"}


def kill_workers(site: Site, writers: list[Writer], wanted: int, *, seed: int = 1) -> dict[str, int]:
    """Kills workers with -9, one at a time, until that many had a save in flight: a post that was on its way at that
    moment, and to which no answer came."""
    chance = random.Random(seed)  # noqa: S311 (nothing to guess)
    workers = len(site.workers())
    kills, counted = 0, 0
    while counted < wanted:
        assert kills < 20 * wanted + 20, "Hardly a kill meets a save."
        writer = chance.choice(writers)
        assert not writer.problem, writer.problem
        writer.began.clear()
        if not writer.began.wait(60):
            continue
        time.sleep(chance.uniform(0, 0.03))
        attempts = [each.attempt for each in writers if each.attempt and not each.attempt.outcome]
        os.kill(chance.choice(site.workers()), signal.SIGKILL)
        kills += 1
        for attempt in attempts:
            attempt.over.wait(60)
        counted += any(attempt.outcome == "cut off" for attempt in attempts)
        wait_until(lambda: len(site.workers()) == workers, within=60, what="another worker comes")
    return {"kills": kills, "with_a_save_in_flight": counted}


def in_flight(writers: list[Writer]) -> list[Any]:
    return [writer.attempt for writer in writers if writer.attempt and not writer.attempt.outcome]


def cut_the_wire(site: Site, wire: Wire, cut: Cut, trials: int) -> dict[str, Any]:
    """Notes of 20 kB, each cut off at its first post: the verdict on them alone."""
    with writing(replace(site, port=wire.port), 1, at_once=False) as [writer]:
        for trial in range(trials):
            wire.cut = cut
            writer.write(NOTE, f"{trial} {writer.some_text()} {'twenty thousand bytes, é and 🌊\n' * 600}end")
        return verdict(site, [writer])
