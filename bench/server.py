"""A site of its own for a measurement: the shipped guides in a new SQLite file, behind a gunicorn with one worker."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def site() -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment of a site that lives in it with the shipped guides; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "KETCARE_VAR": folder,
            "KETCARE_ENV_FILE": f"{folder}/env",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SECRET_KEY": "bench-" * 10,
            "KETCARE_KEYS": f"bench:{'A' * 43}",
            "SITE_URL": "http://localhost:8000",
            "SIGNUP": "open",
        }
        up = [sys.executable, "manage.py", "up", "--no-serve"]
        subprocess.run(up, cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
        yield Path(folder), environment
