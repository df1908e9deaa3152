"""Mail under faults, at length: two processes deliver at once, the mail server fails one time in five, and one of the
two is killed at random in each round. Exits with 1 where a mail was missed, or doubled without a kill that explains it.

    python -m bench.outbox_faults [--kills 200] [--mails 2000] [--seed 1]

With `python -m tests.postgresql` before it, on PostgreSQL.
"""

import argparse
import sys

from bench.server import found_by


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200, help="rounds; in almost each of them a process is killed")
    options.add_argument("--mails", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    found = found_by("tests.faults.mailing", asked.kills, asked.mails, asked.seed)
    print(f"{asked.mails} mails, {found['killed']} processes killed, {found['killed_in_a_mail']} of them within a mail")
    print(f"the server failed {found['busy']} times; {found['refused']} mails were refused for good")
    print(f"missed: {len(found['missed'])}")
    print(f"begun by two at the same time: {len(found['begun_twice_in_a_round'])}")
    print(f"sent twice, since a process was killed before it could write that down: {len(found['doubles'])}")
    for line in found["doubles"]:
        print(f"    {line}")
    print(f"sent twice without that: {len(found['unexplained'])}")
    return 1 if found["missed"] or found["begun_twice_in_a_round"] or found["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())
