"""What differs between two texts, as pieces to read. Knows no model and no HTML; the same texts give the same pieces.

The work is limited: where it would take too long, words give way to whole lines, and lines to whole texts. Nothing is
left out by that: "same" and "gone" together are the older text, "same" and "new" the newer one, always.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import pairwise
from typing import Final, Literal

from articles.digest import normal_text

Kind = Literal["same", "gone", "new"]
Piece = tuple[Kind, str]

MOST_STEPS: Final = 3_000_000  # comparisons: about a second on a slow machine
LEAST_ALIKE: Final = 0.35  # below that, words that happen to be the same only tear two sentences to shreds

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
# A citation, a token and a number with its point are one word each.
_WORD: Final = re.compile(r"\[@[^\[\]\n]+\]|\{[^{}\n]+\}|\w+(?:[.,'’-]\w+)*|\s+|[^\w\s]")
_HEADING: Final = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*(?:\{:[^{}]*\})?[ \t]*\Z")
# What a source has to hold for: a sentence that cites one, and a number (but not that of an item in a list).
CLAIM: Final = re.compile(r"\[@[^\[\]\n]+\]|\d")
_ITEM_NUMBER: Final = re.compile(r"^[ \t]*\d+[.)][ \t]", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """Lines that differ, between lines that do not.

    line: the line of the newer text on which it begins; under: the heading there, "" above the first; is_claim:
    whether a citation or a number stands on these lines, before or after.
    """

    line: int
    under: str
    pieces: tuple[Piece, ...]
    is_claim: bool

    @property
    def is_spacing(self) -> bool:
        """Whether only spaces and line ends differ, which nobody sees in what went and came."""
        return not any(text.strip() for kind, text in self.pieces if kind != "same")

    @property
    def shown(self) -> list[Piece]:
        """The pieces without the empty lines around them."""
        found = list(self.pieces)
        found[0] = (found[0][0], found[0][1].lstrip("\n"))
        found[-1] = (found[-1][0], found[-1][1].rstrip("\n"))
        return [piece for piece in found if piece[1]]


class _Steps:
    """How much may still be compared."""

    def __init__(self, most: int) -> None:
        self.left = most


class _Matcher(SequenceMatcher[str]):
    """difflib's, which finds nothing alike any more once its steps are used up."""

    def __init__(self, before: Sequence[str], after: Sequence[str], steps: _Steps) -> None:
        super().__init__(None, before, after)
        self.before, self.steps = before, steps

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        places: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]
        for item in self.before[alo:ahi]:
            self.steps.left -= 1 + len(places.get(item, ()))
        if self.steps.left < 0:
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def pieces(before: str, after: str, *, most_steps: int = MOST_STEPS) -> list[Piece]:
    """Both texts as one: what stayed, what went, what came, in the order of reading."""
    return _joined(piece for block, _line in _blocks(before, after, most_steps) for piece in block)


def changes(before: str, after: str, *, most_steps: int = MOST_STEPS) -> list[Change]:
    """Each place where the texts differ, in the order of reading."""
    found: list[Change] = []
    under = ""
    for block, line in _blocks(before, after, most_steps):
        if all(kind == "same" for kind, _text in block):
            under = _last_heading(block, under)
            continue
        touched = _ITEM_NUMBER.sub("", "".join(text for _kind, text in block))
        found.append(Change(line, under, tuple(block), CLAIM.search(touched) is not None))
        under = _last_heading([piece for piece in block if piece[0] != "gone"], under)
    return found


def claims_first(found: Iterable[Change]) -> list[Change]:
    """Changes that touch what a source has to hold for, then the others; each group in the order of reading."""
    return sorted(found, key=lambda change: not change.is_claim)


def _blocks(before: str, after: str, most_steps: int) -> Iterable[tuple[list[Piece], int]]:
    """The texts in runs of lines that are the same and that differ, each with its line in the newer text."""
    steps = _Steps(most_steps)
    old, new = _LINE.findall(normal_text(before)), _LINE.findall(normal_text(after))
    for kind, old_from, old_to, new_from, new_to in _Matcher(old, new, steps).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        yield ([("same", gone)] if kind == "equal" else _words(gone, come, steps)), new_from + 1


def _words(gone: str, come: str, steps: _Steps) -> list[Piece]:
    """What differs between two runs of lines, word by word where that reads well."""
    whole = [(kind, text) for kind, text in (("gone", gone), ("new", come)) if text]
    if len(whole) < 2:
        return _joined(whole)  # type: ignore[arg-type]
    old, new = _WORD.findall(gone), _WORD.findall(come)
    found: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in _Matcher(old, new, steps).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[old_from:old_to])))
        else:
            found += [("gone", "".join(old[old_from:old_to])), ("new", "".join(new[new_from:new_to]))]
    kept = sum(len(text) for kind, text in found if kind == "same" and not text.isspace())
    return _joined(found if kept >= LEAST_ALIKE * max(len(gone), len(come)) else whole)  # type: ignore[arg-type]


def _joined(found: Iterable[Piece]) -> list[Piece]:
    """Neighbors as one piece: within a run of differences, all that went stands before all that came.

    A space that stayed between two of them is part of both: "one two" that became "three four" is one change.
    """
    result: list[Piece] = []
    gone = come = ""
    every: list[Piece] = [*found, ("same", "")]
    for (kind, text), (following, _text) in pairwise(every):
        if kind == "gone":
            gone += text
        elif kind == "new":
            come += text
        elif (gone or come) and not text.strip(" ") and following != "same":
            gone, come = gone + text, come + text
        elif text:
            result += _went_and_came(gone, come)
            gone = come = ""
            if result and result[-1][0] == "same":
                result[-1] = ("same", result[-1][1] + text)
            else:
                result.append(("same", text))
    return result + _went_and_came(gone, come)


def _went_and_came(gone: str, come: str) -> list[Piece]:
    both: list[Piece] = [("gone", gone), ("new", come)]
    return [piece for piece in both if piece[1]]


def _last_heading(block: Iterable[Piece], before: str) -> str:
    """The words of the last heading in these lines; `before` where there is none."""
    for line in reversed("".join(text for _kind, text in block).split("\n")):
        if found := _HEADING.match(line):
            return found[1]
    return before


@dataclass(frozen=True)
class TwoTexts:
    """A field in which two texts differ: the saved one, the one in the form, and what leads from that to this."""

    name: str
    label: str
    saved: str
    typed: str
    changes: tuple[Change, ...]


def two_texts(saved: Mapping[str, str], typed: Mapping[str, str], labels: Mapping[str, str]) -> list[TwoTexts]:
    """The fields of `labels` in which the texts differ, in that order."""
    found = []
    for name, label in labels.items():
        one, other = normal_text(saved.get(name, "")), normal_text(typed.get(name, ""))
        if one != other:
            found.append(TwoTexts(name, label, one, other, tuple(changes(one, other))))
    return found
