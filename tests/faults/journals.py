"""The journals of a running site, behind its back: a program of its own, on the database of its settings.

`python -m tests.faults.journals prepare NUMBER GROUP` makes so many accounts and prints the cookie of each;
`… read GROUP` prints what their journals say, opened.
"""

import hashlib
import json
import sys
from typing import Any


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(number: int, group: str) -> list[str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from ketcare.accounts.models import User
    from ketcare.accounts.private import ACTIVE_AT
    from ketcare.accounts.sessions import SessionStore

    cookies = []
    for place in range(number):
        user = User.objects.create_user(f"{place}@{group}.example.org")
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[ACTIVE_AT] = timezone.now().timestamp()
        session.create()
        cookies.append(str(session.session_key))
    return cookies


def read(group: str) -> dict[str, Any]:
    from journal import sealed
    from journal.models import DataKey, Draft, Entry, EntryVersion
    from ketcare.sealing import CannotOpen

    held: dict[str, list[str | None]] = {}
    their_own = {"owner__email__endswith": f"@{group}.example.org"}
    for key in DataKey.objects.filter(**their_own).select_related("owner"):
        journal = sealed.to_read(key.owner)
        rows: list[Entry | EntryVersion] = [
            *Entry.objects.filter(owner=key.owner),
            *EntryVersion.objects.filter(entry__owner=key.owner).select_related("entry"),
        ]
        for row in rows:
            entry = row if isinstance(row, Entry) else row.entry
            try:
                digest: str | None = digest_of(journal.words_of(row)["text"])
            except (CannotOpen, KeyError):
                digest = None
            held.setdefault(str(entry.ref), []).append(digest)
    return {"held": held, "unsaved": Draft.objects.filter(**their_own).count()}


def main(deed: str, *arguments: str) -> None:
    import django

    django.setup()
    found = prepare(int(arguments[0]), arguments[1]) if deed == "prepare" else read(arguments[0])
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
