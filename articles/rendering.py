"""A guide's Markdown as HTML, made in a process of its own.

Python-Markdown and bleach can be made to work for minutes on a small text, and a thread cannot be
stopped; so `render` starts `python -m articles.rendering`, which limits itself, and ends it when
its time is up.
"""

import json
import math
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from articles.markdown_parts import RenderingRefused, check_source, tree_of
from articles.sanitising import clean
from articles.serialising import serialise
from articles.structure import structure_of

__all__ = ["PIPELINE", "Rendered", "RenderingRefused", "html_of", "render"]

# Count up when the same body gives other HTML; a new version of a library may do that too.
PIPELINE: Final = "-".join(["2", *(version(name) for name in ("markdown", "bleach", "nh3"))])

SECONDS: Final = 10.0  # by the clock, and of processor time
BODY_LIMIT: Final = 256 * 1024  # bytes
HTML_LIMIT: Final = 2 * 1024 * 1024  # characters
MEMORY_LIMIT: Final = 512 * 1024 * 1024  # bytes of address space
ANSWER_LIMIT: Final = 16 * 1024 * 1024  # bytes that the child may write

_ROOT: Final = Path(__file__).resolve().parent.parent


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
    _check_size(body)
    task = json.dumps({"body": body, "language": language, "sources": sources, "seconds": seconds})
    try:
        # A file and no pipe: the kernel then keeps the child to ANSWER_LIMIT, whatever it does.
        with tempfile.TemporaryFile() as answer:
            child = subprocess.run(
                [sys.executable, "-m", "articles.rendering"],
                input=task.encode(),
                stdout=answer,
                cwd=_ROOT,
                env={"PATH": os.defpath, "PYTHONUTF8": "1"},
                timeout=seconds,
                check=False,
            )
            answer.seek(0)
            raw = answer.read(ANSWER_LIMIT)
    except subprocess.TimeoutExpired:
        raise _too_slow(seconds) from None
    except OSError as problem:
        raise _broke_off(problem.strerror or "it did not start") from None
    if child.returncode == -signal.SIGXCPU:
        raise _too_slow(seconds)
    if child.returncode != 0:
        raise _broke_off(f"exit status {child.returncode}")
    return _read_answer(raw)


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


def _limit(kind: int, value: int, *, spare: int = 0) -> None:
    _, highest = resource.getrlimit(kind)
    if highest == resource.RLIM_INFINITY:
        highest = value + spare
    resource.setrlimit(kind, (min(value, highest), min(value + spare, highest)))


def _limit_self(seconds: float) -> None:
    # At the first limit comes SIGXCPU, by which the parent knows what happened; at the second SIGKILL.
    _limit(resource.RLIMIT_CPU, math.ceil(seconds), spare=1)
    _limit(resource.RLIMIT_FSIZE, ANSWER_LIMIT)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform != "darwin":  # which knows this limit and refuses every value
        _limit(resource.RLIMIT_AS, MEMORY_LIMIT)


def main() -> None:
    """The child: one task on stdin, one answer on stdout; a traceback goes to the log (stderr)."""
    task = json.load(sys.stdin)
    _limit_self(task["seconds"])
    answer: dict[str, object]
    try:
        rendered = html_of(task["body"], task["language"], task["sources"])
        answer = {"rendered": asdict(rendered)}
    except RenderingRefused as refused:
        answer = {"refused": refused.reason, "line": refused.line}
    except MemoryError:
        answer = {"refused": "needs too much memory to turn into HTML: look for very large tables", "line": None}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
