"""A deed that is done soon, and not by who asks for it: in one thread of this process. Knows no model."""

import threading
from collections.abc import Callable


class Soon:
    """Does the deed in a thread, at most one at a time, and once more where it was asked for meanwhile.

    The thread is no daemon: a process that ends waits for it. A long deed looks at `ending()` between its steps.
    """

    def __init__(self, deed: Callable[[], object], *, name: str) -> None:
        self._deed, self._name = deed, name
        self._lock = threading.Lock()
        self._asked = False
        self._thread: threading.Thread | None = None

    def ask(self) -> threading.Thread:
        """Comes back at once; the thread is for who wants to wait. Raises RuntimeError where none can be had."""
        with self._lock:
            self._asked = True
            # One that died of its deed is no help, nor is one of the process that this was forked from.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name=self._name)
                self._thread.start()
            return self._thread

    def _work(self) -> None:
        while self._is_asked():
            self._deed()

    def _is_asked(self) -> bool:
        with self._lock:
            asked, self._asked = self._asked, False
            if not asked:
                self._thread = None
            return asked


_told_to_end = threading.Event()


def end() -> None:
    """For a program that was asked to end: `ending` is true from now on."""
    _told_to_end.set()


def ending() -> bool:
    """Whether this process was told to end, or only waits for its threads any more."""
    return _told_to_end.is_set() or not threading.main_thread().is_alive()
