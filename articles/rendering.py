"""A guide's Markdown as HTML, made in a process of its own.

Python-Markdown and bleach can be made to work for minutes on a small text, and a thread cannot be
stopped; so `render` starts `python -m articles.renderer`, and ends it when its time is up.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from articles.markdown_parts import RenderingRefused, check_source, tree_of
from articles.sanitising import clean
from articles.serialising import serialise
from articles.structure import structure_of

__all__ = ["PIPELINE", "Rendered", "RenderingRefused", "Text", "html_of", "render", "render_all"]

# Count up when the same body gives other HTML; a new version of a library may do that too.
PIPELINE: Final = "-".join(["2", *(version(name) for name in ("markdown", "bleach", "nh3"))])

SECONDS: Final = 10.0  # by the clock, and of processor time
BODY_LIMIT: Final = 256 * 1024  # bytes
HTML_LIMIT: Final = 2 * 1024 * 1024  # characters
MEMORY_LIMIT: Final = 512 * 1024 * 1024  # bytes of address space
ANSWER_LIMIT: Final = 16 * 1024 * 1024  # bytes that the child may write

_START: Final = 2.0  # seconds for the program to start; its children end themselves in time
# How a child ends whose time is up.
_TIME_IS_UP: Final = {str(-number).encode() for number in (signal.SIGALRM, signal.SIGXCPU)}
_ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Text:
    """What is to become HTML: a body, its language, and the keys of the sources that it may cite."""

    body: str
    language: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rendered:
    """A body as HTML.

    html: cleaned; `{emergency}`, `{crisis}` and `{clinic}` stand in it, in text only.
    opening: how many characters of it end with the quick answer; 0 without one.
    contents: (id, text) of each h2; the text may hold tokens.
    cited: (key, uses) in the order of first citation: the numbers on the page, from 1.
    parts: names of the parts that are there.
    unknown_tokens: words in braces that the site does not know, without their braces.
    links: paths of this site that the text links to.
    dropped: addresses of links and pictures that are not allowed; their words stay.
    """

    html: str
    opening: int
    contents: list[tuple[str, str]]
    cited: list[tuple[str, int]]
    parts: list[str]
    unknown_tokens: list[str]
    links: list[str]
    dropped: list[str]


def html_of(body: str, language: str, sources: list[str]) -> Rendered:
    """What `render` gives, without its process: no limit on time or memory."""
    _check_size(body)
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    check_source(body)
    try:
        structure = structure_of(tree_of(body), body=body, language=language, sources=sources)
    except RecursionError:
        raise RenderingRefused("is nested too deeply") from None
    html = serialise(structure.root)
    if len(html) > HTML_LIMIT:
        raise RenderingRefused("becomes more than 2 MB of HTML")
    html = clean(html)
    # The quick answer is the first part, and a section holds no other.
    end = html.find("</section>") + len("</section>")
    return Rendered(
        html=html,
        opening=end if "quick-answer" in structure.parts else 0,
        contents=structure.contents,
        cited=structure.cited,
        parts=structure.parts,
        unknown_tokens=structure.unknown_tokens,
        links=structure.links,
        dropped=structure.dropped,
    )


def _check_size(body: str) -> None:
    if len(body.encode(errors="surrogatepass")) > BODY_LIMIT:
        raise RenderingRefused(f"is longer than {BODY_LIMIT // 1024} KB")


def render(body: str, *, language: str, sources: list[str], seconds: float = SECONDS) -> Rendered:
    """Turn a body into HTML, or raise RenderingRefused with words for its author."""
    [outcome] = render_all([Text(body, language, tuple(sources))], seconds=seconds)
    if isinstance(outcome, RenderingRefused):
        raise outcome
    return outcome


def render_all(texts: Sequence[Text], *, seconds: float = SECONDS) -> list[Rendered | RenderingRefused]:
    """What becomes of each text, in their order, from one start of the program; `seconds` are for each of them."""
    return _run_program(texts, seconds) if texts else []


def _run_program(texts: Sequence[Text], seconds: float) -> list[Rendered | RenderingRefused]:
    tasks = "".join(json.dumps({**asdict(text), "seconds": seconds}) + "\n" for text in texts)
    # A file and no pipe: the kernel then keeps each child to ANSWER_LIMIT, whatever it does.
    with tempfile.TemporaryFile() as answers:
        try:
            ended = subprocess.run(
                [sys.executable, "-m", "articles.renderer"],
                input=tasks.encode(),
                stdout=answers,
                cwd=_ROOT,
                env={"PATH": os.defpath, "PYTHONUTF8": "1"},
                timeout=_START + seconds * len(texts),
                check=False,
            )
        except subprocess.TimeoutExpired:
            untold = _too_slow(seconds)
        except OSError as problem:
            untold = _broke_off(problem.strerror or "it did not start")
        else:
            untold = _broke_off(f"exit status {ended.returncode}")
        answers.seek(0)
        *lines, _unfinished = answers.read(ANSWER_LIMIT * len(texts)).split(b"\n")
    told = [_outcome(answer, status, seconds) for answer, status in zip(lines[::2], lines[1::2], strict=False)]
    return [*told, *[untold] * len(texts)][: len(texts)]


def _outcome(answer: bytes, status: bytes, seconds: float) -> Rendered | RenderingRefused:
    """What became of a text: the line of its child, and the one that says how the child ended."""
    if status in _TIME_IS_UP:
        return _too_slow(seconds)
    if status != b"0":
        return _broke_off(f"exit status {status.decode(errors='replace')[:20]}")
    try:
        return _read_answer(answer)
    except RenderingRefused as refused:
        return refused


def _too_slow(seconds: float) -> RenderingRefused:
    return RenderingRefused(
        f"takes longer than {seconds:g} seconds to turn into HTML: "
        "look for long runs of brackets, stars or backticks, and for very large tables"
    )


def _broke_off(why: str) -> RenderingRefused:
    return RenderingRefused(f"could not be turned into HTML: the program that does it broke off ({why})")


def _read_answer(raw: bytes) -> Rendered:
    try:
        answer = json.loads(raw)
        if "refused" in answer:
            line = answer["line"]
            raise RenderingRefused(_text(answer["refused"]), None if line is None else int(line))
        found = answer["rendered"]
        return Rendered(
            html=_text(found["html"]),
            opening=int(found["opening"]),
            contents=[(_text(name), _text(words)) for name, words in found["contents"]],
            cited=[(_text(key), int(uses)) for key, uses in found["cited"]],
            parts=[_text(part) for part in found["parts"]],
            unknown_tokens=[_text(token) for token in found["unknown_tokens"]],
            links=[_text(path) for path in found["links"]],
            dropped=[_text(address) for address in found["dropped"]],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _broke_off("its answer makes no sense") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
