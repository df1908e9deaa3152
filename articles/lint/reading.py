"""What makes a text hard to read: long sentences, long paragraphs, a high reading grade.

Guides aim at grade 6 to 8, sentences of 20 words on average and paragraphs of 3 sentences at most. A single sentence
or paragraph may go beyond an average: each limit stands where good text stops, and no shipped guide comes near.
"""

from collections.abc import Iterator
from typing import Final

from articles.blocks import Block, words_in
from articles.lint.finding import Finding
from articles.readability import grade
from articles.source import GuideFile

MOST_IN_SENTENCE: Final = 30  # words: half as many again as the average may have
MOST_IN_PARAGRAPH: Final = 90  # words: three sentences that are each as long as one may be
HIGHEST_GRADE: Final = 8.0


def hard_to_read(file: GuideFile, blocks: list[Block], language: str) -> Iterator[Finding]:
    """Items of a list count as paragraphs. The grade is a formula for English."""
    for block in blocks:
        if not block.is_prose:
            continue
        sentences = [(line, len(words_in(sentence))) for line, sentence in block.sentences()]
        for line, words in sentences:
            if words > MOST_IN_SENTENCE:
                yield Finding(line, f"a sentence of {words} words; make two of it ({MOST_IN_SENTENCE} at most)")
        total = sum(words for _line, words in sentences)
        if total > MOST_IN_PARAGRAPH:
            yield Finding(
                block.line, f"a paragraph of {total} words; divide it or make a list ({MOST_IN_PARAGRAPH} at most)"
            )
    reached = grade(file.body) if language == "en" else None
    if reached is not None and reached > HIGHEST_GRADE:
        yield Finding(
            None, f"reads at grade {reached:.1f}; plainer words and shorter sentences bring it to {HIGHEST_GRADE:g}"
        )
