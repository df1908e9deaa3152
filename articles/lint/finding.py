"""What every check of a text gives."""

import re
from dataclasses import dataclass

from articles.source import GuideFile


@dataclass(frozen=True)
class Finding:
    """One remark on a text. `line` is a line of the file; `stops` says whether a submission waits for it."""

    line: int | None
    message: str
    stops: bool = False


def line_of(file: GuideFile, text: str) -> int | None:
    """The first line of the file whose Markdown holds the text."""
    return _line_at(file, file.body.find(text))


def line_of_address(file: GuideFile, address: str) -> int | None:
    """The first line that holds the whole address, and not only one that begins with it."""
    found = re.search(rf"{re.escape(address)}(?![\w/#?&=.-])", file.body)
    return _line_at(file, found.start() if found else -1)


def _line_at(file: GuideFile, place: int) -> int | None:
    return None if place < 0 else file.body_line + file.body.count("\n", 0, place)
