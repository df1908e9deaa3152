"""A guide's Markdown in blocks, each with its line: what a reader reads at a stretch.

For advice to authors only; what becomes of the text on a page, `articles.rendering` decides. Each pattern takes time
in proportion to the text, as no clock stops it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["heading", "paragraph", "item", "row"]

WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

# As long as what the page says in their place.
_TOKENS: Final = {"{emergency}": "911", "{crisis}": "call or text 988", "{clinic}": "your prescriber"}
_CITATION: Final = re.compile(r"\s?\[@[^\[\]]+\]")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_HEADING: Final = re.compile(r"#{1,6}")
_ITEM: Final = re.compile(r"[ \t]*(?:[-*+]|\d+\.)[ \t]+(.*)")
_RULE: Final = re.compile(r"[|:*_ \t-]*\Z")
_REFERENCE: Final = re.compile(r" {0,3}\[[^\]@]+\]:")
# A colon ends one, too: what it announces is read by itself. Closing marks go with what they close.
_END: Final = re.compile(r"(?<=[.!?:])[\"”’)*]*\s+")


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, an item of a list or a row of a table, as it was written but for its mark.

    `line` is where it begins, counted from the line that the whole text begins on; `level` is a heading's.
    """

    kind: Kind
    line: int
    text: str
    level: int = 0

    @property
    def is_cited(self) -> bool:
        return "[@" in self.text

    @property
    def is_prose(self) -> bool:
        return self.kind in {"paragraph", "item"}

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Each sentence in plain words, with the line that it begins on."""
        line, start = self.line, 0
        for end in [*_END.finditer(self.text), None]:
            written = self.text[start : end.start() if end else None]
            sentence = plain(written)
            if WORD.search(sentence):
                yield line, sentence
            if end:
                line += written.count("\n") + end[0].count("\n")
                start = end.end()


def plain(text: str) -> str:
    """Markdown as somebody would read it out: no marks, no citations, words for the tokens."""
    text = _LINK.sub(r"\1", _CITATION.sub("", text))
    for token, words in _TOKENS.items():
        text = text.replace(token, words)
    return re.sub(r"[*`\\]", "", text)


def words_in(text: str) -> list[str]:
    """The words of plain text; numbers are none."""
    return WORD.findall(text)


def blocks_of(body: str, first_line: int = 1) -> list[Block]:
    """The blocks in the order of the text. Rules, and the addresses that references stand for, are none."""
    found: list[tuple[Kind, int, list[str], int]] = []
    is_open = False  # whether the next line may belong to the last block
    for number, written in enumerate(body.split("\n"), first_line):
        line = written.removeprefix("> ").rstrip()
        if _RULE.match(line) or _REFERENCE.match(line):
            is_open = False
        elif mark := _HEADING.match(line):
            found.append(("heading", number, [_without_part(line[mark.end() :])], mark.end()))
            is_open = False
        elif line.lstrip().startswith("|"):
            found.append(("row", number, [line.strip()], 0))
            is_open = False
        elif item := _ITEM.match(line):
            found.append(("item", number, [item[1]], 0))
            is_open = True
        elif is_open:
            found[-1][2].append(line.strip())
        else:
            found.append(("paragraph", number, [line.strip()], 0))
            is_open = True
    return [Block(kind, line, "\n".join(lines), level) for kind, line, lines, level in found]


def _without_part(heading: str) -> str:
    """A heading's words without the ` {: .part }` at their end."""
    words = heading.strip(" \t#")
    return words[: words.rindex("{:")].rstrip() if words.endswith("}") and "{:" in words else words
