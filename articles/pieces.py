"""The pieces of a guide's HTML: its parts, its questions, its plain text.

Reads sealed HTML only, in which sections and folds hold no further ones and every `<` and `>` belongs to a tag: the
renderer writes it in one form, so patterns are enough.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

PART = re.compile(
    r'<section class="part part-(?P<name>[a-z-]+)" aria-labelledby="(?P<id>[a-z0-9-]+)">\n(?P<inside>.*?)</section>',
    re.DOTALL,
)
QUESTION = re.compile(
    r'<details class="fold">\n<summary>(?P<ask>.*?)</summary>\n'
    r'<div class="fold-body" id="(?P<id>[a-z0-9-]+)">\n(?P<answer>.*?)</div>\n</details>',
    re.DOTALL,
)
CITATION = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)
# A heading or a list line is not the beginning of the sentence after it.
UNFINISHED = re.compile(r"(?<![.!?:])</(?:h[2-4]|summary|li|th|td)>")
TAG = re.compile(r"<[^>]*>")
ADDRESS = re.compile(r'( (?:id|aria-labelledby)="| href="#)')


@dataclass(frozen=True)
class Part:
    """A part of the page: its name, the id of its heading, and the HTML inside its section, heading included."""

    name: str
    id: str
    html: str


@dataclass(frozen=True)
class Question:
    """A question with its answer, both as HTML, and the fold that holds them; `id` stands on the answer."""

    id: str
    ask: str
    answer: str
    fold: str


def parts_of(sealed: str) -> Iterator[Part]:
    """The parts in the order of the page."""
    for found in PART.finditer(sealed):
        yield Part(found["name"], found["id"], found["inside"])


def questions_of(sealed: str) -> Iterator[Question]:
    """The questions in the order of the page."""
    for found in QUESTION.finditer(sealed):
        yield Question(found["id"], found["ask"], found["answer"], found[0])


def text_of(sealed: str) -> str:
    """What a reader reads, on one line: no tags, no citation numbers, a dot between lines; tokens stay."""
    lines = UNFINISHED.sub(" · ", CITATION.sub("", sealed))
    # A tag in the middle of a sentence has no space of its own around it.
    words = " ".join(html.unescape(TAG.sub("", lines)).split())
    return words.removesuffix(" ·")


def on_another_page(sealed: str, *, prefix: str, home: str) -> str:
    """The same HTML for a page that is not the guide's own.

    Ids get the prefix, so that two guides may stand on one page; an address within the guide gets the guide's own.
    """

    def moved(tag: re.Match[str]) -> str:
        return ADDRESS.sub(lambda found: f' href="{home}#' if "href" in found[1] else found[1] + prefix, tag[0])

    return TAG.sub(moved, sealed)
