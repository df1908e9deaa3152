"""Keys that are rotated while people write and read: two processes rotate at once, and one is killed at random.

`python -m tests.faults.turning_keys FOLDER ROUNDS PEOPLE SEED` prints what it found as JSON. The database is that of
the settings, and empty. In each round the other of two keys is the newest, so that every data key has to be wrapped
again. All the while one process writes entries and one reads them; FOLDER takes what they saw.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from tests.faults.forking import child

KEYS = {name: bytes([number]) * 32 for number, name in enumerate(("one", "two"), 1)}


def ring(newest: str) -> Any:
    from ketcare.keys import Ring

    return Ring({newest: KEYS[newest], **KEYS})


def ended(pid: int) -> int:
    """Waits for it; the signal that killed it, or 0."""
    _pid, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    if os.WEXITSTATUS(status):
        raise RuntimeError(f"A process ended with {os.WEXITSTATUS(status)}.")
    return 0


def write_entry(owner: Any, text: str) -> None:
    from django.utils import timezone

    from journal import sealed, writing
    from journal.models import Kind
    from journal.tokens import FormToken, Place

    token = FormToken.for_new(owner, Place.of(Kind.NOTE))
    writing.save(owner, sealed.to_write(owner), token, {"v": 1, "text": text}, now=timezone.now())


def write_on(folder: Path, people: int, seed: int) -> None:
    """Writes entries, each with its own text, until it is told to end."""
    from ketcare.accounts.models import User

    owners = list(User.objects.order_by("pk"))
    chance, number = random.Random(seed), 0  # noqa: S311 (nothing to guess)
    while not (folder / "enough").exists():
        write_entry(owners[chance.randrange(people)], f"written {number}")
        number += 1
        (folder / "written").write_text(str(number))


def read_on(folder: Path) -> None:
    """Reads what everybody wrote last, again and again: how many entries it read, and which it could not."""
    from journal import sealed
    from journal.models import Entry
    from ketcare.accounts.models import User
    from ketcare.sealing import CannotOpen

    read, unreadable = 0, list[str]()
    while not (folder / "enough").exists():
        for owner in User.objects.all():
            try:
                journal = sealed.to_read(owner)
                for entry in Entry.objects.filter(owner=owner).order_by("-pk")[:3]:
                    if not journal.words_of(entry)["text"].startswith("written "):
                        unreadable.append(f"{entry.ref} says something else")
                    read += 1
            except CannotOpen as problem:
                unreadable.append(f"{owner.ref}: {problem}")
    (folder / "read").write_text(json.dumps({"read": read, "unreadable": unreadable}))


def rotate_under(newest: str) -> None:
    from django.conf import settings

    from ketcare.site import rotating

    settings.KETCARE_KEYS = ring(newest)
    for _kind, done in rotating.rotate():
        if done[rotating.CLOSED]:
            raise RuntimeError("A row cannot be opened.")


def run(rounds: int, people: int, seed: int, folder: Path) -> dict[str, Any]:
    from django.conf import settings

    from journal import sealed
    from journal.models import DataKey, Entry
    from ketcare.accounts.models import User
    from ketcare.site.keyed import counted

    chance = random.Random(seed)  # noqa: S311
    settings.KETCARE_KEYS = ring("one")
    for number in range(people):
        write_entry(User.objects.create_user(f"{number}@example.org"), "written at first")
    others = [child(lambda: write_on(folder, people, seed)), child(lambda: read_on(folder))]
    killed, half_way, usual, names = 0, 0, 0.2, ["two", "one"]
    while killed < rounds or not half_way:
        newest = names[killed % 2]
        began = time.monotonic()
        rotators = [child(lambda: rotate_under(newest)) for _ in range(2)]  # noqa: B023
        time.sleep(chance.uniform(0, usual))
        half_way += 0 < DataKey.objects.filter(master_key_id=newest).count() < people
        os.kill(chance.choice(rotators), signal.SIGKILL)
        if signal.SIGKILL in [ended(pid) for pid in rotators]:
            killed += 1
        usual = 0.7 * usual + 0.3 * (time.monotonic() - began)
        ended(child(lambda: rotate_under(newest)))  # noqa: B023 (run again after the kill: it finishes)
    (folder / "enough").touch()
    for pid in others:
        ended(pid)
    last = names[(killed - 1) % 2]
    settings.KETCARE_KEYS = ring(last)
    under = counted()["journals"]
    read = json.loads((folder / "read").read_text())
    texts = [
        sealed.to_read(owner).words_of(entry)["text"]
        for owner in User.objects.all()
        for entry in Entry.objects.filter(owner=owner)
    ]
    written = int((folder / "written").read_text())
    return {
        "killed": killed,
        "killed_half_way": half_way,
        "journals": people,
        "written": written,
        "read": read["read"],
        "unreadable": read["unreadable"],
        "lost": sorted({f"written {number}" for number in range(written)} - set(texts)),
        "left_under_the_older_key": sum(rows for key_id, rows in under.items() if key_id != last),
    }


def main(folder: str, rounds: str, people: str, seed: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(run(int(rounds), int(people), int(seed), Path(folder))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
