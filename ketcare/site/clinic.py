"""The clinic's details as pages see them: from a small file, so that errors have them while the database is away.

`publish` writes the file from the row; `up` and `tick` do so too, which brings a further machine in step.
"""

import json
import os
import re
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ketcare.crisis import dialled
from ketcare.site.models import Clinic

NUMBER = re.compile(r"[+\d][\d\s().–-]*")


@dataclass(frozen=True)
class Details:
    """What pages show of the clinic; an empty field is one that nobody filled in."""

    name: str = ""
    phone: str = ""
    hours: str = ""
    after_hours_phone: str = ""
    email: str = ""
    booking_url: str = ""
    session_day_note: str = ""

    @property
    def tel(self) -> str:
        return _to_dial(self.phone)

    @property
    def after_hours_tel(self) -> str:
        return _to_dial(self.after_hours_phone)


def _to_dial(phone: str) -> str:
    """What a phone is told to call: the longest number of the field, and no extension or second number with it."""
    return max(map(dialled, NUMBER.findall(phone)), key=len, default="")


def _file() -> Path:
    return settings.VAR_DIR / "clinic.json"


def details() -> Details | None:
    """The clinic's details, or None where nobody entered any. Never raises: pages must stand without it."""
    try:
        path = _file()
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_ino)
    except (OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=1)
def _read(path: Path, changed: int, inode: int) -> Details | None:
    # The clock of files ticks every few milliseconds: of two that were written at once, the inode tells the newer.
    found = Details(**json.loads(path.read_text(encoding="utf-8")))
    return found if found.name or found.phone else None


def publish(clinic: Clinic) -> bool:
    """Writes the row's details to the file that pages read; says whether anything changed."""
    written = json.dumps(asdict(Details(**{field.name: getattr(clinic, field.name) for field in fields(Details)})))
    path = _file()
    if path.exists() and path.read_text(encoding="utf-8") == written:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(written, encoding="utf-8")
    fresh.replace(path)
    return True


def publish_current() -> bool:
    """Brings the file in step with the row, which is made from the environment the first time."""
    clinic, _made = Clinic.objects.get_or_create(
        pk=1,
        defaults={
            "name": settings.CLINIC_NAME,
            "phone": settings.CLINIC_PHONE,
            "booking_url": settings.CLINIC_BOOKING_URL,
        },
    )
    return publish(clinic)


def clinic_link(clinic: Details | None) -> SafeString:
    """What `{clinic}` stands for in a guide, as it reads after "call" or "tell"."""
    if clinic is None:
        return format_html("{}", _("your prescriber"))
    name = clinic.name or _("your clinic")
    if not clinic.phone:
        return format_html("{}", name)
    return format_html(_('{name} at <a href="tel:{tel}">{phone}</a>'), name=name, tel=clinic.tel, phone=clinic.phone)
