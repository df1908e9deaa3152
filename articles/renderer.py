"""The program that `articles.rendering` starts: Markdown in, HTML out, within limits.

It loads the libraries once and forks for each text a child that limits itself, in time, memory and what it writes. A
text that dies takes no other with it.
"""

import json
import math
import os
import resource
import signal
import sys
import traceback
from dataclasses import asdict
from typing import Any

from articles.rendering import ANSWER_LIMIT, MEMORY_LIMIT, RenderingRefused, html_of


def _limit(kind: int, value: int, *, spare: int = 0) -> None:
    _, highest = resource.getrlimit(kind)
    if highest == resource.RLIM_INFINITY:
        highest = value + spare
    resource.setrlimit(kind, (min(value, highest), min(value + spare, highest)))


def _limit_self(seconds: float) -> None:
    # By the clock comes SIGALRM; at the first limit of processor time SIGXCPU, at the second SIGKILL.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    _limit(resource.RLIMIT_CPU, math.ceil(seconds), spare=1)
    _limit(resource.RLIMIT_FSIZE, os.fstat(sys.stdout.fileno()).st_size + ANSWER_LIMIT)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform != "darwin":  # which knows this limit and refuses every value
        _limit(resource.RLIMIT_AS, MEMORY_LIMIT)


def _answer(task: Any) -> None:
    """One text in a process that ends with it; a traceback goes to the log (stderr)."""
    _limit_self(task["seconds"])
    answer: dict[str, object]
    try:
        rendered = html_of(task["body"], task["language"], task["sources"])
        answer = {"rendered": asdict(rendered)}
    except RenderingRefused as refused:
        answer = {"refused": refused.reason, "line": refused.line}
    except MemoryError:
        answer = {"refused": "needs too much memory to turn into HTML: look for very large tables", "line": None}
    json.dump(answer, sys.stdout)
    sys.stdout.flush()


def main() -> None:
    """Tasks on stdin, a line each. For each two lines on stdout: the answer of its child, and how that ended."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            status = 1
            try:
                _answer(json.loads(line))
                status = 0
            except Exception:  # noqa: BLE001 (the child ends here, and its parent goes on)
                traceback.print_exc()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        print(f"\n{os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201 (stdout is the answer)


if __name__ == "__main__":
    main()
