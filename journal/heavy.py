"""Whether a text holds words of intent, by `content/heavy-words.toml`: then the help beside the box is larger.

Pure: asking changes, keeps and tells nothing. It never raises, because it runs in the answer to a save.
"""

import logging
import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

log = logging.getLogger("journal.heavy")

LIST = Path(__file__).resolve().parent.parent / "content" / "heavy-words.toml"
# Characters that are looked at: more than a long evening's writing, and read within a few milliseconds.
LONGEST = 100_000
APOSTROPHES = re.compile("['’‘`\u00b4]")
NOT_HEARD = re.compile("[\u0300-\u036f\u200b-\u200d\u00ad]")


def plain(text: str) -> str:
    """The words of a text as they are compared, a space around each: " i cant go on "."""
    joined = APOSTROPHES.sub("", text[:LONGEST])
    # Letters of mathematics are small only once they are letters, and some small letters fall apart once more.
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", joined).casefold())
    bare = NOT_HEARD.sub("", small)
    return f" {' '.join(re.findall(r'[^\W_]+', bare))} "


def _any_of(phrases: list[str]) -> re.Pattern[str]:
    """Matches each of these phrases, the longest first. A space may end one and begin the next."""
    words = sorted({plain(phrase).strip() for phrase in phrases}, key=len, reverse=True)
    return re.compile(rf" (?:{'|'.join(map(re.escape, words))})(?= )")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """What to look for, and what to take out first: in every language, since people write in their own."""
    try:
        languages = tomllib.loads(LIST.read_text(encoding="utf-8")).values()
        phrases, exceptions = ([phrase for table in languages for phrase in table[name]] for name in ("phrases", "not"))
        return _any_of(phrases), _any_of(exceptions)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as problem:
        log.error("content/heavy-words.toml cannot be used: %s", type(problem).__name__)
        return None


def sounds_heavy(*texts: str) -> bool:
    """Whether one of the texts holds words of intent. False where the list cannot be read."""
    patterns = _patterns()
    if patterns is None:
        return False
    wanted, exceptions = patterns
    return any(wanted.search(exceptions.sub(" ", plain(text))) for text in texts)
