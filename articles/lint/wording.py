"""Words that promise, blame or harm; numbers of one country; words in braces that stand for nothing."""

import re
from collections.abc import Iterator

from articles.lint.finding import Finding, line_of
from articles.rendering import Rendered
from articles.source import GuideFile

# What to look for, and what to write instead. Only words that hardly any good sentence needs: "you are not lazy" and
# 'leave out "try harder"' comfort, so neither stands here.
_AVOID = {
    r"commit(?:s|ted|ting)? suicide|completed suicide": "write “died by suicide”",
    r"(?:successful|failed|unsuccessful) (?:suicide )?attempts?": "write “attempt” or “died by suicide”",
    r"suicid(?:e|al) (?:gesture|threat|bid|epidemic|victim)s?": "write “attempt”, “thoughts of suicide” or “death”",
    r"magic pill|miracle|game.?changer|honeymoon|breakthrough|revolutionary|silver bullet|wonder drug|life.changing": (
        "say plainly what happens"
    ),
    r"cure[sd]?\b|guarantee[sd]?|risk.?free|(?:safe and effective)|(?:completely|perfectly|totally) safe|always works"
    r"|works for everyone|100 ?(?:%|percent)": "promise nothing beyond the source",
    r"better than (?:ECT|electroconvulsive)": "the trials point different ways; say what each of them found",
    r"end-to-end|zero-knowledge|only you can read|no one (?:else )?can (?:ever )?read"
    r"|(?:completely|fully|totally) (?:private|anonymous|confidential)": (
        "the site holds the keys, so this is not true"
    ),
    r"treatment failures?|failed treatments?|non-?complian(?:t|ce)|non-?adheren(?:t|ce)|in denial": (
        "blames the patient; say what happened"
    ),
    r"addicts?\b|junkies?\b|alcoholics?\b|(?:drug|substance|alcohol) abuse(?:rs?)?|schizophrenics?\b"
    r"|the mentally ill|lunatics?\b|attention.seeking|cry for help": (
        "shames; name the person first, or say what happens: “a problem with alcohol or drugs”"
    ),
    r"press 3\b": "this way to reach the lifeline ended in July 2025",
}
_MAKE_PLAIN = {
    r"contraindicat\w+": "write “talk to a clinician first”, and why",
    r"(?:(?:col|behavi|fav|hon|lab|rum|tum|neighb)our|anaesth|haem|oestr|paed|diarrhoea"
    r"|(?:recogn|real|organ|minim|hospital|stabil|normal)is(?:e|ing|ation)"
    r"|(?:cent|lit)res?\b|programmes?\b|whilst\b|judgement|counsell)\w*": "spell it as in the United States",
}


def _compiled(advice: dict[str, str]) -> dict[re.Pattern[str], str]:
    return {re.compile(rf"\b(?:{words})", re.IGNORECASE): what for words, what in advice.items()}


WORDS_TO_AVOID = _compiled(_AVOID)
WORDS_TO_MAKE_PLAIN = _compiled(_MAKE_PLAIN)
EMERGENCY_NUMBER = re.compile(r"(?<![\d-])(?:911|988|999|112)(?![\d-])")


def bad_words(file: GuideFile, language: str) -> Iterator[Finding]:
    """Searches the title, the summary, the text and the other names, which stand on the page, too.

    Other names are the words that people search with: they may be hard, or spelled in another way.
    """
    every = {**WORDS_TO_AVOID, **(WORDS_TO_MAKE_PLAIN if language == "en" else {})}
    for name in file.also_known_as:
        yield from _said(WORDS_TO_AVOID, None, name, "also_known_as: ")
    for field in ("title", "summary"):
        yield from _said(every, None, getattr(file, field), f"{field}: ")
    for number, line in enumerate(file.body.split("\n"), file.body_line):
        yield from _said(every, number, line)
        if found := EMERGENCY_NUMBER.search(line):
            yield Finding(number, f"“{found[0]}” is a number of one country; write {{emergency}} or {{crisis}}")


def unknown_tokens(file: GuideFile, rendered: Rendered) -> Iterator[Finding]:
    for token in rendered.unknown_tokens:
        message = f"{{{token}}} stands for nothing; write {{emergency}}, {{crisis}} or {{clinic}}"
        yield Finding(line_of(file, "{" + token + "}"), message)


def _said(advice: dict[re.Pattern[str], str], line: int | None, text: str, where: str = "") -> Iterator[Finding]:
    for words, what in advice.items():
        if found := words.search(text):
            yield Finding(line, f"{where}“{found[0]}”: {what}")
