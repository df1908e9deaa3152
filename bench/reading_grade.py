"""The reading grade of each shipped guide: Flesch–Kincaid over its paragraphs and list lines.

    .venv/bin/python -m bench.reading_grade

0.39 · words per sentence + 11.8 · syllables per word - 15.59 (Kincaid et al. 1975). Syllables are groups of vowels,
without a silent e at the end. Headings and tables do not count. A hint for editors, not a gate.
"""

import re

from articles.source import parse
from bench.server import ROOT

TOKENS = {"{emergency}": "911", "{crisis}": "call or text 988", "{clinic}": "your prescriber"}


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - 1 if silent and groups > 1 else groups)


def spoken(body: str) -> str:
    """The text as somebody would read it out: without marks, citations, headings and tables."""
    lines = []
    for block in re.split(r"\n\s*\n", body):
        if not block.startswith(("#", "|")):
            lines += [re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", line).rstrip() for line in re.split(r"\n(?=[-0-9])", block)]
    text = " ".join(line if line.endswith((".", "!", "?", ":")) else f"{line}." for line in lines)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", re.sub(r"\s?\[@[^\]]+\]", "", text))
    for token, words in TOKENS.items():
        text = text.replace(token, words)
    return text.replace("*", "")


def grade(text: str) -> float:
    sentences = [part for part in re.split(r"(?<=[.!?:])\s+", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def main() -> None:
    for path in sorted((ROOT / "content" / "guides" / "en").glob("*/*.md")):
        body = parse(path.read_text(encoding="utf-8"), path).body
        print(f"{grade(spoken(body)):4.1f} {path.parent.name}/{path.stem}")


if __name__ == "__main__":
    main()
