"""Ketcare as a program: started in an environment that holds nothing but what a test gives it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.once import made_once

KEY = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
# A whole environment, in which everything starts; files go to a folder that each test names.
GOOD = {
    "SECRET_KEY": "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "KETCARE_KEYS": KEY,
    "SITE_URL": "http://localhost:8000",
    "SIGNUP": "invite",
}


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """These variables, the few that a program needs anywhere, and files of the running site in `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "KETCARE_ENV_FILE": str(folder / ".env"),
        "KETCARE_VAR": str(folder / "var"),
        **variables,
    }


def python(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in the project's folder, in that environment, and waits for its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment(folder, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def manage(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `manage.py` with these arguments."""
    return python("manage.py", *arguments, folder=folder, **variables)


@dataclass(frozen=True)
class FirstStart:
    """A folder in which `up` ran once, with its `.env` and `var`, and what it said.

    `url` is the DATABASE_URL that it was given, empty for SQLite's default.
    """

    folder: Path
    url: str
    ended: subprocess.CompletedProcess[str]


def first_start(empty_database: Callable[[], str] | None = None) -> FirstStart:
    """One for all processes of this run: copy it, and use the copy. On SQLite, or on what `empty_database` makes."""

    def make(folder: Path) -> None:
        (folder / "site").mkdir()
        url = empty_database() if empty_database else ""
        ended = manage("up", "--no-serve", folder=folder / "site", **({"DATABASE_URL": url} if url else {}))
        (folder / "said").write_text(json.dumps([url, ended.args, ended.returncode, ended.stdout, ended.stderr]))

    folder = made_once("started on the server" if empty_database else "started", make)
    url, *said = json.loads((folder / "said").read_text())
    return FirstStart(folder / "site", url, subprocess.CompletedProcess(*said))


def asked(code: str, *, folder: Path, **variables: str) -> Any:
    """What a line of Python prints once Django is set up: `asked("print(settings.HTTPS)", folder=…)`."""
    preamble = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'ketcare.settings'; django.setup()\n"
    ended = python("-c", f"{preamble}from django.conf import settings\n{code}", folder=folder, **variables)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()
