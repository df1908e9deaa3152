"""Search over what may be shown: guides, the answers in them, and the glossary.

The index is SQLite's full-text one, in memory, for either database: one in each worker, made again when a guide, a
word or the clinic changed. What is asked is written down nowhere.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from threading import Lock
from typing import Any
from weakref import finalize

from django.utils import timezone

from articles import shelf
from articles.models import Guide, Section
from articles.people_words import empty_words, plain_words, same_words
from articles.pieces import PART, questions_of, text_of
from articles.presenting import Fillings
from ketcare.site import clinic
from ketcare.site.models import GlossaryTerm

LONGEST_QUERY = 200  # characters; the rest is not looked at
MOST_WORDS = 24
MOST_GUIDES = 10
MOST_ANSWERS = 2  # of one guide
HIT, HIT_ENDS = "\ue000", "\ue001"  # around each found word; no text of ours holds these

TABLE = """
CREATE VIRTUAL TABLE found USING fts5(title, names, summary, headings, body, tokenize="porter unicode61");
"""
FIND = """
SELECT rowid, -bm25(found, 20.0, 20.0, 8.0, 5.0, 1.0) FROM found WHERE found MATCH ?
"""
SHOW = """
SELECT highlight(found, 0, char(57344), char(57345)), snippet(found, 4, char(57344), char(57345), '…', 26)
FROM found WHERE found MATCH ? AND rowid = ?
"""
# A list of warning signs stands in each guide; only in a safety guide is it what the guide is about.
IN_EVERY_GUIDE = {"safety", "talk-first", "unknown"}
SAME_WORD = 0.8  # what another word for the same thing counts, beside the one that was typed
SIDE_BY_SIDE = 0.5  # what two words count in addition where they stand next to each other
SHARE_OF_ANSWER = 0.15  # a guide is also about what its best answer is about
SHARE_OF_QUESTIONS = 0.9  # a page of questions sends its readers on to the guide; that one comes first


@dataclass(frozen=True)
class Marked:
    """A text in pieces, each with whether it was searched for."""

    pieces: list[tuple[str, bool]]

    @classmethod
    def of(cls, text: str) -> "Marked":
        pieces = []
        for number, piece in enumerate(text.split(HIT)):
            hit, _, rest = piece.partition(HIT_ENDS) if number else ("", "", piece)
            pieces += [(words, is_hit) for words, is_hit in ((hit, True), (rest, False)) if words]
        return cls(pieces)


@dataclass
class Answer:
    """A question of a guide whose answer fits, and the address that opens it."""

    url: str
    title: Marked
    excerpt: Marked


@dataclass
class Hit:
    """A guide that fits, with the answers in it that fit best."""

    guide: Guide
    title: Marked
    excerpt: Marked
    answers: list[Answer] = field(default_factory=list)
    score: float = 0.0


@dataclass(frozen=True)
class Results:
    """What was found. `corrected`: words that were read as others, as they were typed and as they were read."""

    hits: list[Hit]
    terms: list[GlossaryTerm]
    corrected: list[tuple[str, str]]


@dataclass(frozen=True)
class _Document:
    guide: Guide
    url: str = ""  # of an answer; empty for the guide itself


class Index:
    """The guides and words as they were when it was made. Safe to ask from several threads."""

    def __init__(self, guides: Iterable[Guide], terms: Iterable[GlossaryTerm]) -> None:
        self.guides = list(guides)
        self._lock = Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        # An old index is closed when the last search in it is over.
        finalize(self, self._connection.close)
        self._connection.executescript(TABLE)
        self._documents: list[_Document] = []
        self._vocabulary: set[str] = set()
        self._terms = list(terms)
        self._term_of = {
            " ".join(plain_words(name)): term for term in self._terms for name in (term.term, *term.also, *term.forms())
        }
        fillings = Fillings.of_site()
        for guide in self.guides:
            self._take(guide, fillings)
        for name in self._term_of:
            self._vocabulary.update(name.split())

    def _take(self, guide: Guide, fillings: Fillings) -> None:
        words, sealed = guide.words, guide.html.html
        headings = " · ".join(fillings.in_text(text) for _id, text in guide.html.contents["headings"])
        names = " · ".join(words.also_known_as)
        body = fillings.in_text(text_of(_about_this(guide, sealed)))
        self._add(_Document(guide), words.title, names, words.summary, headings, body)
        for question in questions_of(sealed):
            url = f"{guide.get_absolute_url()}#{question.id}"
            ask, answer = (fillings.in_text(text_of(piece)) for piece in (question.ask, question.answer))
            self._add(_Document(guide, url), ask, "", "", "", answer)

    def _add(self, document: _Document, *columns: str) -> None:
        self._documents.append(document)
        # The row's number is the document's place, from 1.
        self._connection.execute("INSERT INTO found VALUES (?, ?, ?, ?, ?)", columns)
        for text in columns:
            self._vocabulary.update(plain_words(text))

    def guide(self, section: str, slug: str) -> Guide | None:
        """The guide at that place, where it may be shown."""
        return next((guide for guide in self.guides if (guide.section, guide.slug) == (section, slug)), None)

    def find(self, query: str) -> Results:
        """What fits, best first. Any text may be asked; one without words finds nothing."""
        typed = plain_words(query[:LONGEST_QUERY])[:MOST_WORDS]
        asked = list(dict.fromkeys(typed))
        read = {word: self._read(word) for word in asked}
        terms = self._terms_in([read[word] for word in asked])
        meant = [word for word in asked if word not in empty_words()] or asked
        ways = [self._ways(word, read[word], terms) for word in meant]
        corrected = [(typed, word) for typed, word in read.items() if typed != word]
        pairs = [f"{one} {other}" for one, other in pairwise(typed) if {one, other} - empty_words()]
        return Results(self._hits(ways, pairs), terms, corrected)

    def _read(self, word: str) -> str:
        """The word, or the one of the site's own words for which it is a slip of the finger."""
        if len(word) < 5 or word in self._vocabulary or self._scores(word):
            return word
        # The first letter is seldom the wrong one.
        alike = get_close_matches(word, [own for own in self._vocabulary if own[0] == word[0]], n=1, cutoff=0.82)
        return alike[0] if alike else word

    def _terms_in(self, words: list[str]) -> list[GlossaryTerm]:
        """The words of the glossary that were asked for, in this or another spelling."""
        found = {}
        for size in (4, 3, 2, 1):
            for start in range(len(words) - size + 1):
                term = self._term_of.get(" ".join(words[start : start + size]))
                if term is not None:
                    found[term.key] = term
        return list(found.values())

    def _ways(self, typed: str, read: str, terms: list[GlossaryTerm]) -> dict[str, float]:
        """The words by which one that was typed is looked for, and what each counts."""
        ways = dict.fromkeys(same_words().get(read, ()), SAME_WORD)
        for term in terms:
            if any(read in plain_words(name) for name in (term.term, *term.also)):
                ways.update(dict.fromkeys((word for word in plain_words(term.term)), SAME_WORD))
        return {**ways, typed: 1.0, read: 1.0}

    def _scores(self, word: str) -> dict[int, float]:
        with self._lock:
            return dict(self._connection.execute(FIND, (f'"{word}"',)).fetchall())

    def _hits(self, ways: list[dict[str, float]], pairs: list[str]) -> list[Hit]:
        """The guides that fit, best first."""
        scores: dict[int, float] = {}
        found: dict[int, int] = {}
        for way in ways:
            best: dict[int, float] = {}
            for word, weight in way.items():
                for row, score in self._scores(word).items():
                    best[row] = max(best.get(row, 0.0), score * weight)
            for row, score in best.items():
                scores[row] = scores.get(row, 0.0) + score
                found[row] = found.get(row, 0) + 1
        for pair in pairs:
            for row, score in self._scores(pair).items():
                scores[row] = scores.get(row, 0.0) + score * SIDE_BY_SIDE
        # A page with each word beats one that has a single word often.
        ranked = sorted(((score * found.get(row, 0) / len(ways), row) for row, score in scores.items()), reverse=True)
        match = " OR ".join(f'"{word}"' for way in ways for word in way)
        hits: dict[int, Hit] = {}
        for score, row in ranked:
            self._put(hits, row, score, match)
        return sorted(hits.values(), key=lambda hit: -hit.score)[:MOST_GUIDES]

    def _put(self, hits: dict[int, Hit], row: int, score: float, match: str) -> None:
        document = self._documents[row - 1]
        guide = document.guide
        hit = hits.setdefault(guide.pk, Hit(guide, Marked.of(guide.words.title), Marked.of(guide.words.summary)))
        share = SHARE_OF_QUESTIONS if guide.section == Section.FAQ else 1.0
        if not document.url:
            hit.score += score * share
            title, excerpt = self._shown(row, match)
            hit.title = Marked.of(title)
            if HIT in excerpt:
                hit.excerpt = Marked.of(excerpt)
        elif len(hit.answers) < MOST_ANSWERS:
            if not hit.answers:
                hit.score += score * share * SHARE_OF_ANSWER
            title, excerpt = self._shown(row, match)
            hit.answers.append(Answer(document.url, Marked.of(title), Marked.of(excerpt)))

    def _shown(self, row: int, match: str) -> tuple[str, str]:
        with self._lock:
            title, excerpt = self._connection.execute(SHOW, (match, row)).fetchone()
        return title, excerpt


def _about_this(guide: Guide, sealed: str) -> str:
    """The HTML without the parts that stand in every guide, and so say nothing of what this one is about."""
    if guide.section == Section.SAFETY:
        return sealed
    return PART.sub(lambda found: "" if found["name"] in IN_EVERY_GUIDE else found[0], sealed)


_indexes: dict[str, tuple[Any, Index]] = {}
_making = Lock()


def index_of(language: str) -> Index:
    """This worker's index for that language, made anew where a guide, a word, the clinic or the calendar moved."""
    version = shelf.version()
    now = timezone.now()
    shown = (version, clinic.details(), now.date())
    with _making:
        held = _indexes.get(language)
        if held is None or held[0] != shown:
            guides = (guide for guide in shelf.listing(language, version) if guide.public_state(now).shows_words)
            held = _indexes[language] = (shown, Index(guides, shelf.terms(version)))
    return held[1]
