"""How hard an English text is to read: the Flesch–Kincaid grade over its paragraphs and list items.

0.39 · words per sentence + 11.8 · syllables per word - 15.59 (Kincaid et al. 1975). Syllables are groups of vowels,
without a silent e at the end. Headings and tables do not count.
"""

import re

from articles.blocks import blocks_of, words_in


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee"))
    return max(1, groups - 1 if silent and groups > 1 else groups)


def grade(body: str) -> float | None:
    """The school grade, in the United States, whose pupils read such Markdown with ease. None without a sentence."""
    sentences = [sentence for block in blocks_of(body) if block.is_prose for _line, sentence in block.sentences()]
    words = [word for sentence in sentences for word in words_in(sentence)]
    if not words:
        return None
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
