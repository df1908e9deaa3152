"""When the help beside the box is larger: after a save whose words are heavy, where those before it were not.

So it grows once for an entry, and nothing has to be remembered for that. It runs when the words are saved.
"""

import logging
from collections.abc import Callable

from django.db import DatabaseError

from journal.choices import choices_of
from journal.heavy import sounds_heavy
from journal.words import Words, texts_in
from ketcare.accounts.models import User

log = logging.getLogger("journal")


def grows(owner: User, words: Words, before: Callable[[], Words]) -> bool:
    """Whether the answer to a save of these words shows the larger help; `before` gives what stood there.

    Never raises: the words are saved by now.
    """
    try:
        return (
            sounds_heavy(*texts_in(words)) and choices_of(owner).larger_help and not sounds_heavy(*texts_in(before()))
        )
    except DatabaseError as problem:
        log.error("The database did not answer after a save: %s", type(problem).__name__)
        return False
