"""Children of a program that runs on a database. It brings no settings of its own: those are the program's."""

import os
import sys
import traceback
from collections.abc import Callable


def child(deed: Callable[[], object]) -> int:
    """A process that does this and ends; gives its id."""
    from django.db import connections

    connections.close_all()  # a connection must not be taken into a child
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        deed()
        connections.close_all()
        code = 0
    finally:
        if code:
            traceback.print_exc()
            sys.stderr.flush()
        os._exit(code)
