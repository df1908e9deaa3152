"""What costs much and is the same for all processes of a run: made by whoever needs it first, and then only copied."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

# The folder of the process that was started first. xdist's workers have theirs in it.
_OWN = Path(os.environ["KETCARE_VAR"])
_SHARED = _OWN.parent if "PYTEST_XDIST_WORKER" in os.environ else _OWN


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, which `make` filled for all processes of this run. Copy it: nobody may change it."""
    folder, made = _SHARED / "once" / name, _SHARED / "once" / f"{name}.made"
    folder.parent.mkdir(exist_ok=True)
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what somebody left whose `make` failed
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
