"""Reminders over a simulated year in 40 zones with their clock changes, two ticks in a row now and then, and a mail
server that fails one time in five. Exits with 1 where one was missed, doubled, unasked for, outside its hour, or said a
word about medicine.

    python -m bench.reminders [--days 365] [--minutes 10]
"""

import argparse
import sys

from bench.server import found_by

WRONG = ("missed", "doubled", "unasked", "outside", "medical")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--minutes", type=int, default=10, help="between two ticks")
    asked = options.parse_args()
    found = found_by("tests.journal.year", asked.days, asked.minutes, LOG_LEVEL="ERROR")
    print(f"{found['wanted']} reminders wanted in {found['zones']} zones over {asked.days} days, {found['sent']} sent")
    print(f"the mail server failed {found['failures']} times")
    for name in WRONG:
        print(f"{name}: {len(found[name])}")
        for line in found[name][:10]:
            print(f"    {line}")
    return 1 if any(found[name] for name in WRONG) else 0


if __name__ == "__main__":
    sys.exit(main())
