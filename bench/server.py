"""A site of its own for a measurement, in a folder that is gone afterwards.

Its database is a new SQLite file, or the private server of `python -m tests.postgresql` where that runs the command.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVER = [sys.executable, "-m", "gunicorn", "--config", "python:ketcare.gunicorn", "--max-requests", "0"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, port: int, environment: dict[str, str], workers: int = 1) -> Iterator[int]:
    """A gunicorn with so many workers; gives its process id."""
    command = [*SERVER, "--bind", f"127.0.0.1:{port}", "--workers", str(workers), application]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}) as process:
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()
            process.wait(20)


def environment_in(folder: str) -> dict[str, str]:
    """Of a site that lives in that folder."""
    return {
        "KETCARE_VAR": folder,
        "KETCARE_ENV_FILE": f"{folder}/env",
        "DATABASE_URL": os.environ.get("KETCARE_TEST_DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3",
        "SECRET_KEY": "bench-" * 10,
        "KETCARE_KEYS": f"bench:{'A' * 43}",
        "SITE_URL": "http://localhost:8000",
        "SIGNUP": "open",
        "DJANGO_SETTINGS_MODULE": "ketcare.settings",
    }


@contextmanager
def site() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment of a site that lives in it with the shipped guides."""
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder)
        up = [sys.executable, "manage.py", "up", "--no-serve"]
        subprocess.run(up, cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
        yield Path(folder), environment


def found_by(module: str, *arguments: object, **more: str) -> Any:
    """What `python -m module FOLDER ARGUMENT ...` prints as JSON, for an empty site; `more` are variables."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", module, folder, *map(str, arguments)]
        environment = {**os.environ, **environment_in(folder), **more}
        ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(ended.stdout)
