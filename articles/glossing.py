"""Words of the glossary in a guide: marked where the page first uses them, explained in place without JavaScript.

The explanation is a popover, which a browser opens by itself from its button. A browser that knows none shows it in
brackets after the word. What is added stands outside what is signed, and says that it is from the glossary.
"""

import re
from collections.abc import Iterable

from django.template.loader import render_to_string

from ketcare.site.models import GlossaryTerm

TAG = re.compile(r"(<[^>]*>)")
# Where a button may not stand, or would be in the way of somebody in a hurry.
LEFT_ALONE = {"h2", "h3", "h4", "summary", "a", "code", "pre", "sup"}
IN_A_HURRY = '<section class="part part-safety"'
# One in each guide would teach readers to look past them.
MOST = 8


class Glossing:
    """Marks words in one page: each once, at most `MOST` in all."""

    def __init__(self, terms: Iterable[GlossaryTerm]) -> None:
        self.term_of = {form.casefold(): term for term in terms if term.mark for form in term.forms()}
        # The longest first: "high blood pressure" is not "blood pressure".
        forms = sorted(self.term_of, key=len, reverse=True)
        self.pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)
        self.seen: set[str] = set()

    def marked(self, sealed: str) -> str:
        """The HTML with the words marked that this page has not yet marked."""
        if not self.term_of:
            return sealed
        pieces = []
        closed_by: list[str] = []
        for piece in TAG.split(sealed):
            if piece.startswith("<"):
                self._step(piece, closed_by)
            elif not closed_by:
                piece = self.pattern.sub(self._explained, piece)
            pieces.append(piece)
        return "".join(pieces)

    def _step(self, tag: str, closed_by: list[str]) -> None:
        """Keeps the end tags for which we wait before words may be marked again."""
        name = tag[1:-1].split(" ", 1)[0]
        if closed_by and tag == closed_by[-1]:
            closed_by.pop()
        elif name in LEFT_ALONE or tag.startswith(IN_A_HURRY):
            closed_by.append(f"</{name}>")

    def _explained(self, found: re.Match[str]) -> str:
        term = self.term_of[found[0].casefold()]
        if term.key in self.seen or len(self.seen) == MOST:
            return found[0]
        self.seen.add(term.key)
        return render_to_string("articles/word.html", {"word": found[0], "term": term}).strip()
