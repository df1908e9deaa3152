"""Programs of this folder that run in a process of their own and print what they found."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.environment import variables

PATIENCE = 280  # seconds


def found_by(module: str, folder: Path, *arguments: object) -> Any:
    """What `python -m module FOLDER ARGUMENT ...` prints as JSON, on a new SQLite file in that folder."""
    environment = {**variables(str(folder)), "DATABASE_URL": f"sqlite:///{folder}/ketcare.sqlite3"}
    ended = subprocess.run(
        [sys.executable, "-m", module, str(folder), *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "ketcare.settings"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
