"""The headings of a guide as an outline. What no page may have at all (an h1, an empty heading), rendering refuses."""

from collections.abc import Iterator
from itertools import pairwise

from articles.blocks import Block, plain
from articles.lint.finding import Finding


def bad_headings(blocks: list[Block]) -> Iterator[Finding]:
    headings = [block for block in blocks if block.kind == "heading"]
    yield from _jumps(headings)
    yield from _repeats(headings)
    for block, following in pairwise([*blocks, None]):
        if block is not None and block.kind == "heading" and _ends_at(following, block):
            yield Finding(block.line, f"nothing stands under the heading “{block.text}”")


def _jumps(headings: list[Block]) -> Iterator[Finding]:
    level = 1  # the title's
    for heading in headings:
        if heading.level > level + 1:
            message = f"the heading “{heading.text}” jumps to {'#' * heading.level}; here it needs {'#' * (level + 1)}"
            yield Finding(heading.line, message)
        level = heading.level


def _repeats(headings: list[Block]) -> Iterator[Finding]:
    """A list of headings is how some readers find their way: two that read the same lead to one of two places."""
    first: dict[str, Block] = {}
    for heading in headings:
        same = first.setdefault(" ".join(plain(heading.text).casefold().split()), heading)
        if same is not heading:
            message = f"the heading “{heading.text}” stands on line {same.line} already; name the difference"
            yield Finding(heading.line, message)


def _ends_at(following: Block | None, heading: Block) -> bool:
    return following is None or (following.kind == "heading" and following.level <= heading.level)
