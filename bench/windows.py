"""Every window that a clock change falls into: each IANA zone, ten years of changes, days 0 to 7, hour by hour.

    python -m bench.windows

Prints how many windows were looked at; stops at the first in which a day is skipped or doubled.
"""

import sys

from bench.machine import machine
from tests.journal.test_window import FIRST_YEAR, YEARS, ZONES, check_zone

if __name__ == "__main__":
    print(machine())
    windows = 0
    for number, name in enumerate(ZONES, 1):
        windows += check_zone(name, every=1)
        print(f"\r{number} of {len(ZONES)} zones", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{FIRST_YEAR}–{FIRST_YEAR + YEARS - 1}: {windows} sessions in {len(ZONES)} zones, with and without a time,")
    print("every hour from the day before to the day after: no day skipped, none doubled.")
