"""What its owner had destroyed, by its ref alone: data keys and accounts.

A backup from before still has them. So each stands in a row and in a line of `destroyed.txt` beside the backups, and
`ketcare.site.destroying` does it again where a restored backup brought something back.
"""

import datetime as dt
import fcntl
import logging
import os
import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from django.db import models, transaction

from ketcare.site.backup_file import put_on_disk
from ketcare.site.backups import folder
from ketcare.site.models import Destroyed

log = logging.getLogger("ketcare.destroyed")

NAME: Final = "destroyed.txt"
LINE: Final = re.compile(r"(\S+) (data-key|account) ([0-9a-f-]{36})")


class What(models.TextChoices):
    DATA_KEY = "data-key"
    ACCOUNT = "account"


class Item(NamedTuple):
    at: dt.datetime
    what: str
    ref: uuid.UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')} {self.what} {self.ref}"


def path_of_list() -> Path:
    return folder() / NAME


def write_down(what: What, ref: uuid.UUID, *, at: dt.datetime) -> None:
    """Belongs to the transaction in which it is destroyed. The line follows the commit: a deed that was taken back must
    not be done again, and `tick` writes what is missing."""
    Destroyed.objects.get_or_create(ref=ref, defaults={"what": what.value, "at": at})
    transaction.on_commit(_add_lines, robust=True)


def _add_lines() -> None:
    try:
        add_lines()
    except OSError as problem:
        log.warning("The list of what was destroyed could not be written (%s); tick tries again.", problem.strerror)


def add_lines() -> None:
    """Brings the file in step with the rows. Raises OSError."""
    _add([Item(*row) for row in Destroyed.objects.order_by("pk").values_list("at", "what", "ref")])


def take_in(path: Path) -> None:
    """Adds the lines of another such file. Asks no database, which may have no tables yet. Raises OSError."""
    _add(items_of(path))


def _add(items: Sequence[Item]) -> None:
    if not items:
        return
    folder(made=True)
    path = path_of_list()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = file.read()
        known = {item.ref for item in _items(before)}
        missing = {item.ref: item for item in items if item.ref not in known}
        if not missing:
            return
        # Whoever was killed within a line left it without an end.
        file.write("\n" if before and not before.endswith("\n") else "")
        file.writelines(f"{item}\n" for item in missing.values())
        file.flush()
        os.fsync(file.fileno())
    put_on_disk(path.parent)


def items_of(path: Path) -> list[Item]:
    """The whole lines of such a file, in order; none where there is no file. Raises OSError."""
    return _items(path.read_text()) if path.exists() else []


def _items(text: str) -> list[Item]:
    found = [match.groups() for line in text.splitlines() if (match := LINE.fullmatch(line))]
    return [Item(dt.datetime.fromisoformat(at), what, uuid.UUID(ref)) for at, what, ref in found]
