"""Keys rotated and killed at random while people write, at length. Exits with 1 where an entry could not be read at any
moment, was lost, or a data key was left under the older key.

    python -m bench.key_faults [--kills 200] [--people 100] [--seed 1]

On the database that DATABASE_URL names, which has to be empty, or on a new SQLite file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.machine import machine

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--people", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "KETCARE_VAR": folder,
            "KETCARE_ENV_FILE": f"{folder}/.env",
            "SECRET_KEY": "bench-" * 10,
            "KETCARE_KEYS": f"bench:{'A' * 43}",
            "SITE_URL": "http://localhost:8000",
            "SIGNUP": "open",
            "DJANGO_SETTINGS_MODULE": "ketcare.settings",
        }
        numbers = [str(asked.kills), str(asked.people), str(asked.seed)]
        command = [sys.executable, "-m", "tests.faults.turning_keys", *numbers, folder]
        ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    found = json.loads(ended.stdout)
    print(f"{found['killed']} rotations of {found['journals']} journals killed, {found['killed_half_way']} half-way")
    print(f"meanwhile {found['written']} entries were written, and entries were read {found['read']} times")
    print(f"could not be read: {len(found['unreadable'])} {found['unreadable'][:3]}")
    print(f"lost: {len(found['lost'])}")
    print(f"left under the older key: {found['left_under_the_older_key']}")
    return 1 if found["unreadable"] or found["lost"] or found["left_under_the_older_key"] else 0


if __name__ == "__main__":
    sys.exit(main())
