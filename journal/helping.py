"""When the help beside the box is larger: after a save whose words are heavy, where those before it were not.

So it grows once for an entry, and nothing has to be remembered for that. It runs when the words are saved.
"""

import logging
from typing import Any

from django.db import DatabaseError

from journal.choices import choices_of
from journal.heavy import sounds_heavy
from journal.models import Entry, EntryVersion
from journal.reading import opened
from journal.sealed import Journal
from journal.tokens import FormToken
from journal.words import Words, texts_in
from ketcare.accounts.models import User

log = logging.getLogger("journal")


def grows(owner: User, journal: Journal, token: FormToken, words: Words) -> bool:
    """Whether the answer to that save shows the larger help. Never raises: the words are saved by now."""
    try:
        return (
            sounds_heavy(*texts_in(words))
            and choices_of(owner).larger_help
            and not sounds_heavy(*texts_in(_before(owner, journal, token)))
        )
    except DatabaseError as problem:
        log.error("The database did not answer after a save: %s", type(problem).__name__)
        return False


def _before(owner: User, journal: Journal, token: FormToken) -> dict[str, Any]:
    """What the entry said when the form was opened."""
    place = {"owner": owner, "ref": token.ref}
    held: Entry | EntryVersion | None = Entry.objects.filter(**place, version=token.base).first()
    if held is None:
        versions = EntryVersion.objects.filter(entry__owner=owner, entry__ref=token.ref, version=token.base)
        held = versions.select_related("entry").first()
    return (opened(journal, held) if held else None) or {}
