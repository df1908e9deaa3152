"""Whether the time that a refused sign-in takes tells if an address has an account.

    .venv/bin/python -m bench.signin_timing [--pairs 200]

A known and an unknown address are tried in turns, in one process, with a password that is wrong for both; each try
comes from an address of its own, so that no limit cuts it short. What is counted is processor time, so that whatever
else the machine does touches it little. The difference is told as a share of one password hash.
"""

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable
from functools import partial

from bench.machine import machine
from bench.server import site

KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"
PASSWORD = "violet kettle anchors slowly"  # noqa: S105, of an account that lives for a minute


def cpu(deed: Callable[[], object]) -> float:
    """Seconds of processor time, all threads together."""
    before = time.process_time()
    deed()
    return time.process_time() - before


def measure(pairs: int) -> tuple[list[float], list[float]]:
    """Differences (known minus unknown) in seconds, and how long one hash takes."""
    import django

    django.setup()
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.test import Client

    from ketcare.accounts.models import User

    user = User.objects.create_user(KNOWN, PASSWORD)
    EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)

    def refused(email: str, number: int) -> None:
        reader = Client(SERVER_NAME="localhost", REMOTE_ADDR=f"10.0.{number // 250}.{number % 250}")
        answer = reader.post("/accounts/login/", {"login": email, "password": f"{PASSWORD} {number}"})
        if answer.status_code != 200:
            raise SystemExit(f"A wrong password was answered {answer.status_code}")

    for number in range(6):  # what a process does only once
        refused((KNOWN, UNKNOWN)[number % 2], 60_000 + number)
    differences, hashes = [], []
    for pair in range(pairs):
        # Whoever comes first changes from pair to pair.
        order = (KNOWN, UNKNOWN) if pair % 2 else (UNKNOWN, KNOWN)
        took = {email: cpu(partial(refused, email, 2 * pair + place)) for place, email in enumerate(order)}
        differences.append(took[KNOWN] - took[UNKNOWN])
        if pair % 5 == 0:
            hashes.append(cpu(lambda: make_password(PASSWORD)))
    return differences, hashes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=200)
    pairs = parser.parse_args().pairs
    with site() as (_folder, environment):
        os.environ.update(environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "ketcare.settings"
        os.environ["LOG_LEVEL"] = "ERROR"
        differences, hashes = measure(pairs)
    one_hash = statistics.median(hashes)
    mean = statistics.fmean(differences)
    half = 1.96 * statistics.stdev(differences) / math.sqrt(len(differences))
    low, high = (100 * (mean + side * half) / one_hash for side in (-1, 1))
    print(machine())
    print(f"one hash: {1000 * one_hash:.1f} ms of processor time (median of {len(hashes)})")
    print(f"known minus unknown: {100 * mean / one_hash:+.1f} % of a hash, 95 %: {low:+.1f} % to {high:+.1f} %")
    print(f"median of the differences: {100 * statistics.median(differences) / one_hash:+.1f} %, {pairs} pairs")


if __name__ == "__main__":
    main()
