"""Keys rotated and killed at random while people write, at length. Exits with 1 where an entry could not be read at any
moment, was lost, or a data key was left under the older key.

    python -m bench.key_faults [--kills 200] [--people 100] [--seed 1]

With `python -m tests.postgresql` before it, on PostgreSQL.
"""

import argparse
import sys

from bench.machine import machine
from bench.server import found_by


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--people", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(machine(), flush=True)
    found = found_by("tests.faults.turning_keys", asked.kills, asked.people, asked.seed)
    print(f"{found['killed']} rotations of {found['journals']} journals killed, {found['killed_half_way']} half-way")
    print(f"meanwhile {found['written']} entries were written, and entries were read {found['read']} times")
    print(f"could not be read: {len(found['unreadable'])} {found['unreadable'][:3]}")
    print(f"lost: {len(found['lost'])}")
    print(f"left under the older key: {found['left_under_the_older_key']}")
    return 1 if found["unreadable"] or found["lost"] or found["left_under_the_older_key"] else 0


if __name__ == "__main__":
    sys.exit(main())
