"""Mail under faults: a program that has two processes deliver at once, kills one of them at random, and counts.

`python -m tests.faults.mailing FOLDER ROUNDS MAILS SEED` prints what it found as JSON. The database is that of the
settings, and empty; FOLDER takes the ledger, in which each process writes a line at each step.
Each round has a time of its own, ten minutes after the one before: claims of the killed are over by then, and within a
round no mail may be begun twice, whatever the machine is busy with.
"""

import datetime as dt
import json
import os
import random
import signal
import smtplib
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tests.faults.forking import child

START = dt.datetime(2026, 11, 2, 15, 30, tzinfo=dt.UTC)
ROUND = dt.timedelta(minutes=10)
Step = Literal["begun", "handed", "refused", "busy"]


@dataclass(frozen=True)
class Line:
    """A step of a mail: which process of which round did it."""

    step: str
    mail: str
    round: int
    pid: int


class Ledger:
    """Lines that stay, whatever happens to who wrote them: one write each, at the end of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, step: Step, mail: str, number: int) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, f"{step} {mail} {number} {os.getpid()}\n".encode())
        os.close(descriptor)

    def lines(self) -> list[Line]:
        found = [line.split() for line in self.path.read_text().splitlines()]
        return [Line(step, mail, int(number), int(pid)) for step, mail, number, pid in found]


class Server(BaseEmailBackend):
    """Takes four of five mails; the fifth may come again. A mail to refused@ is refused for good."""

    ledger: Ledger
    number = 0
    chance = random.Random()  # noqa: S311 (nothing to guess)

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            self.take(message)
        return len(messages)

    def take(self, message: EmailMessage) -> None:
        mail = str(message.subject)
        self.ledger.write("begun", mail, self.number)
        time.sleep(self.chance.uniform(0, 0.002))
        if message.to[0].startswith("refused@"):
            self.ledger.write("refused", mail, self.number)
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"5.1.1 no such user")})
        if self.chance.random() < 0.2:
            self.ledger.write("busy", mail, self.number)
            raise smtplib.SMTPDataError(451, b"4.3.0 try later")
        self.ledger.write("handed", mail, self.number)
        time.sleep(self.chance.uniform(0, 0.002))  # in which a process may be killed before it could write that down


def deliver(number: int, seed: int) -> None:
    """What one process does in a round."""
    from ketcare import outbox

    Server.number, Server.chance = number, random.Random(seed)  # noqa: S311
    outbox.deliver(START + number * ROUND)


def kill_one(pids: list[int], chance: random.Random, usual: float) -> int | None:
    """Kills one of them somewhere in the time that a round takes; its id, if it was still at work then."""
    time.sleep(chance.uniform(0, usual))
    victim = chance.choice(pids)
    os.kill(victim, signal.SIGKILL)
    killed = None
    for pid in pids:
        _pid, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            killed = pid
        elif os.WEXITSTATUS(status):
            raise RuntimeError(f"A process that delivered ended with {os.WEXITSTATUS(status)}.")
    return killed


def run(rounds: int, mails: int, seed: int, ledger: Ledger) -> dict[str, Any]:
    """Puts that many mails over the rounds, then goes on without killing until none waits."""

    from ketcare import outbox
    from ketcare.site.models import Event, Outbox

    chance = random.Random(seed)  # noqa: S311
    keys = [f"mail{number}" for number in range(mails)]
    waiting = list(keys)
    killed: list[int] = []
    number, usual = 0, 0.05
    while waiting or number < rounds or Outbox.objects.filter(outbox.WAITING).exists():
        for key in [waiting.pop() for _ in range(min(len(waiting), -(-mails // rounds)))]:
            to = "refused@example.org" if int(key[4:]) % 25 == 7 else "alice@example.org"
            now = START + number * ROUND
            made = [outbox.put(key=key, kind="test", to=to, subject=key, body="Words.", now=now) for _ in range(2)]
            if made != [True, False]:
                raise RuntimeError("One key made two mails.")
        began = time.monotonic()
        pids = [child(partial(deliver, number, chance.getrandbits(32))) for _ in range(2)]
        if number < rounds:
            victim = kill_one(pids, chance, usual)
            killed += [victim] if victim else []
        else:
            for pid in pids:
                os.waitpid(pid, 0)
        usual = 0.7 * usual + 0.3 * (time.monotonic() - began)
        # The newest mails have the shortest waits; those that failed often are due in hours.
        number += 1 if number < rounds else 150
    return {
        **judge(ledger.lines(), set(keys), set(killed)),
        "sent": Outbox.objects.filter(sent_at__isnull=False).count(),
        "given_up": Outbox.objects.filter(given_up_at__isnull=False).count(),
        "told_of": Event.objects.filter(verb="mail given up").count(),
        "with_words_left": Outbox.objects.exclude(sealed=b"").count(),
    }


def judge(lines: list[Line], mails: set[str], killed: set[int]) -> dict[str, Any]:
    """What the ledger shows. `doubles` names who was killed between handing over and writing that down."""
    begun = Counter((line.mail, line.round) for line in lines if line.step == "begun")
    last = {line.pid: line for line in lines}
    handed: dict[str, list[Line]] = {}
    for line in lines:
        if line.step == "handed":
            handed.setdefault(line.mail, []).append(line)
    doubles: list[str] = []
    unexplained: list[str] = []
    for mail, times in handed.items():
        # Each but the last has to be the last thing that a killed process did.
        for line in times[:-1]:
            fine = line.pid in killed and last[line.pid] == line
            (doubles if fine else unexplained).append(f"{mail}, round {line.round}, process {line.pid}")
    refused = {line.mail for line in lines if line.step == "refused"}
    tries = Counter(line.mail for line in lines if line.step == "busy")
    return {
        "killed": len(killed),
        "killed_in_a_mail": sum(last[pid].step in {"begun", "handed"} for pid in killed if pid in last),
        "busy": sum(tries.values()),
        "handed": len(handed),
        "refused": len(refused),
        "missed": sorted(mail for mail in mails - handed.keys() - refused if tries[mail] < 8),
        "begun_twice_in_a_round": sorted(mail for (mail, _round), times in begun.items() if times > 1),
        "doubles": doubles,
        "unexplained": unexplained,
    }


def main(folder: str, rounds: str, mails: str, seed: str) -> None:
    import logging

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from ketcare import outbox

    logging.disable(logging.WARNING)
    outbox.deliver_soon = lambda: None  # its thread would know nothing of rounds, and must not be forked
    call_command("migrate", verbosity=0)
    Server.ledger = Ledger(Path(folder) / "ledger")
    Server.ledger.path.touch()
    settings.MAILERS = {"default": {"BACKEND": "tests.faults.mailing.Server"}}
    print(json.dumps(run(int(rounds), int(mails), int(seed), Server.ledger)))  # noqa: T201


if __name__ == "__main__":
    # Under its own name, which the settings of mail find, too.
    from tests.faults import mailing

    mailing.main(*sys.argv[1:])
