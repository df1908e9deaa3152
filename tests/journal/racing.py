"""Posts that meet: the same one many times, or two that start from the same version. `bench/journal_races.py` repeats
them against a real server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

BURST = 20


class Poster(Protocol):
    """Somebody's browser: posts a form, and says what it was answered (status, and where it was sent on to)."""

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str]: ...


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Does all of them at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def burst(poster: Poster, path: str, fields: dict[str, str]) -> set[tuple[int, str]]:
    """The different answers to the same post, sent many times at once."""
    return set(at_once([lambda: poster.send(path, fields)] * BURST))


def race(poster: Poster, path: str, one: dict[str, str], other: dict[str, str]) -> list[int]:
    """The statuses of two posts to one entry from one version."""
    answers = at_once([lambda: poster.send(path, one), lambda: poster.send(path, other)])
    return [status for status, _to in answers]
