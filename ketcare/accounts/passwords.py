"""What a password may not be, and a phrase to suggest instead."""

import secrets
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ketcare.site import clinic

# Words of this site and of its readers' lives: with them a guesser begins.
CONTEXT = ["ketamine", "ketcare", "esketamine", "spravato", "integration", "depression", "journal", "password"]
WORDS_OF_A_PHRASE = 6


class NotMadeOfContext:
    """Refuses a password that is little more than words of this site, the clinic's name or the person's address."""

    def validate(self, password: str, user: Any = None) -> None:
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < 8:
            raise ValidationError(
                _("That is made of words that a guesser would try first. Use words that nobody links with you."),
                code="password_of_context",
            )

    def get_help_text(self) -> str:
        return _("15 characters or more. A few words that do not belong together are good, spaces included.")

    def _words(self, user: Any) -> set[str]:
        details = clinic.details()
        words = {*CONTEXT, settings.DISCREET_NAME.casefold()}
        words |= {word.casefold() for word in (details.name if details else "").split()}
        local, _at, domain = str(getattr(user, "email", "") or "").casefold().partition("@")
        words |= {local, domain, domain.partition(".")[0]}
        return {word for word in words if len(word) >= 4}


@cache
def _phrase_words() -> list[str]:
    return (settings.CONTENT_DIR / "phrase-words.txt").read_text(encoding="utf-8").split()


def suggested_phrase() -> str:
    """Six words drawn at random, none of them twice, such as nobody has to think up: 59.98 bits, of 1,024 words."""
    return " ".join(secrets.SystemRandom().sample(_phrase_words(), WORDS_OF_A_PHRASE))
