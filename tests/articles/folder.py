"""A small content folder on disk, and every way to spoil a file of it."""

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomli_w

from articles.content import Content, ReadGuide, read
from articles.source import GuideFile, parse, to_text
from tests.conftest import NOW, body_with

TODAY = NOW.date()
CHECKED = dt.date(2026, 10, 20)
DIGEST_LINE = 14  # lines of the front matter, as `ContentFolder.text` writes it
BODY_LINE = 17

SOURCES: dict[str, dict[str, Any]] = {
    "trial-2020": {
        "authors": "Doe J et al.",
        "title": "A trial",
        "year": 2020,
        "kind": "trial",
        "pmid": "1234567",
        "checked_on": dt.date(2026, 10, 1),
    }
}


def profile(name: str, **columns: Any) -> dict[str, Any]:
    """A table of reviewers.toml."""
    return {
        "name": name,
        "credential": "MD",
        "licence_state": "New York",
        "licence_no": "000001",
        "verified_on": dt.date(2026, 1, 1),
        "expires_on": dt.date(2028, 1, 1),
        "conflict": "None.",
        "biography": "Treats people with depression.",
        "sample": False,
        **columns,
    }


REVIEWERS = {"asha-rao": profile("Asha Rao"), "morgan-example": profile("Morgan Example", sample=True)}


class ContentFolder:
    """Files as `content/` has them: one source, Dr Rao and the sample reviewer, and the guides that a test adds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("sources.toml", tomli_w.dumps(SOURCES))
        self.write("reviewers.toml", tomli_w.dumps(REVIEWERS))
        (root / "guides").mkdir()

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def text(self, **fields: Any) -> str:
        """The text of a guide file in which all is well: its digest is that of its words and sources."""
        given = {
            "title": "Rest first",
            "summary": "What to do on the day after.",
            "section": "integration",
            "also_known_as": ["After a session"],
            "sources": ["trial-2020"],
            "reviewer": "morgan-example",
            "last_reviewed": CHECKED,
            "next_review": dt.date(2027, 10, 20),
            "body": body_with("Take it slowly."),
            **fields,
        }
        file = GuideFile(**{"reviewed_digest": "0" * 64, **given})
        if "reviewed_digest" in given:
            return to_text(file)
        tables = tomllib.loads((self.root / "sources.toml").read_text())
        digest = Content(self.root, sources=tables).digest(ReadGuide(self.root, "en", "x", file))
        return to_text(replace(file, reviewed_digest=digest))

    def add(self, slug: str = "rest-first", **fields: Any) -> Path:
        """Writes a guide file in which all is well."""
        section = fields.get("section", "integration")
        return self.write(f"guides/en/{section}/{slug}.md", self.text(**fields))

    def read(self, today: dt.date = TODAY) -> Content:
        return read(self.root, today)


def parsed(path: Path) -> GuideFile:
    return parse(path.read_text(encoding="utf-8"), path)


def newest_day(root: Path) -> dt.datetime:
    """A moment at which every date of a content folder has come."""
    content = read(root, dt.date.max)
    days = [guide.file.last_reviewed for guide in content.guides]
    days += [table["checked_on"] for table in content.sources.values() if "checked_on" in table]
    return dt.datetime.combine(max(days), dt.time(23), dt.UTC)


@dataclass(frozen=True)
class Bad:
    """A bad file: what stands in it, the line that is to blame and words of the reason."""

    make: Callable[[ContentFolder], str | bytes]
    line: int | None
    reason: str
    place: str = "en/integration/{}.md"


def spoiled(old: str, new: str) -> Callable[[ContentFolder], str]:
    """A good file in which these words stand in the place of those."""

    def make(folder: ContentFolder) -> str:
        text = folder.text()
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return make


def with_fields(**fields: Any) -> Callable[[ContentFolder], str]:
    return lambda folder: folder.text(**fields)


def good(folder: ContentFolder) -> str:
    return folder.text()


SAFETY = body_with("").partition("## Call")[2].partition("## Who")[0]
TITLE = 'title = "Rest first"\n'

BAD_FILES = {
    "not TOML": Bad(spoiled('"Rest first"', "Rest first"), 2, "is not TOML here: "),
    "a string that never ends": Bad(spoiled('day after."', "day after."), 3, "is not TOML here: "),
    "a field twice": Bad(spoiled(TITLE, TITLE * 2), 3, "is not TOML here: "),
    "TOML that is nested without end": Bad(spoiled('"Rest first"', "[" * 20_000), None, "is nested too deeply"),
    "a number without end": Bad(spoiled('"Rest first"', "9" * 20_000), None, "too many digits"),
    "no fences": Bad(lambda folder: folder.text().replace("+++\n", ""), 1, "does not begin with a line +++"),
    "nothing": Bad(lambda folder: "", 1, "does not begin with a line +++"),
    "one fence": Bad(spoiled("+++\n\n", "\n"), 1, "has no second line +++"),
    "no body": Bad(lambda folder: folder.text().partition("## ")[0], BODY_LINE, "has no text after its front matter"),
    "a missing field": Bad(spoiled('summary = "What to do on the day after."\n', ""), 1, "lacks summary in its front"),
    "an unknown field": Bad(spoiled(TITLE, TITLE + "weight = 3\n"), 3, "has an unknown field weight"),
    "a number for a text": Bad(spoiled('"Rest first"', "7"), 2, "title is not text in quotes"),
    "a text for a list": Bad(spoiled('[\n    "After a session",\n]', '"After"'), 5, "also_known_as is not a list"),
    "a list of numbers": Bad(spoiled('"After a session"', "7"), 5, "also_known_as is not a list of texts"),
    "a text for a date": Bad(spoiled("2026-10-20", '"2026-10-20"'), 12, "last_reviewed is not a date"),
    "a date with a time": Bad(spoiled("2026-10-20", "2026-10-20T09:00:00"), 12, "last_reviewed is not a date"),
    "a day that never was": Bad(spoiled("2026-10-20", "2026-02-30"), 12, "is not TOML here: "),
    "an empty text": Bad(spoiled('"Rest first"', '" "'), 2, "title is empty"),
    "a title without end": Bad(with_fields(title="a" * 121), 2, "title is longer than 120 characters"),
    "a title of two lines": Bad(with_fields(title="Rest\nfirst"), 2, "title holds a line end"),
    "a zero byte in a title": Bad(with_fields(title="Rest\0first"), 2, "or an invisible character"),
    "a summary that turns round": Bad(with_fields(summary="Rest \u202etsrif"), 3, "or an invisible character"),
    "a source twice": Bad(with_fields(sources=["trial-2020"] * 2), 8, "sources names something twice"),
    "an unknown section": Bad(spoiled('"integration"', '"recipes"'), 4, "unknown section 'recipes'"),
    "another section than its folder's": Bad(
        spoiled('"integration"', '"safety"'), 4, "section 'safety' differs from the folder 'integration'"
    ),
    "an unknown source": Bad(spoiled('"trial-2020",', '"trial-2020",\n    "nobody-1999",'), 8, "source 'nobody-1999'"),
    "an unknown citation": Bad(
        with_fields(body=body_with("As some say [@nobody-1999].")), BODY_LINE + 2, "cites [@nobody-1999]"
    ),
    "no source": Bad(with_fields(sources=[], body=body_with("").replace(" [@trial-2020]", "")), None, "has no source"),
    "no safety part": Bad(with_fields(body=body_with("").replace("{: .safety }", "")), None, "lacks a safety part"),
    "a safety part that names no help": Bad(
        with_fields(body=body_with("").replace("## Call" + SAFETY, "## Signs {: .safety }\n\n- chest pain\n\n")),
        None,
        "names neither {emergency} nor {crisis}",
    ),
    "an unknown reviewer": Bad(spoiled("morgan-example", "nobody"), 11, "unknown reviewer 'nobody'"),
    "a credential that was not verified yet": Bad(
        with_fields(last_reviewed=dt.date(2025, 12, 31)), 11, "was not in date on 2025-12-31"
    ),
    "a date that has not come": Bad(with_fields(last_reviewed=TODAY + dt.timedelta(1)), 12, "has not come yet"),
    "a next review before the last": Bad(with_fields(next_review=CHECKED), 13, "does not come after the last one"),
    "another digest": Bad(with_fields(reviewed_digest="0" * 64), DIGEST_LINE, "reviewed_digest is not that of these"),
    "2 MB": Bad(lambda folder: folder.text() + "word " * 400_000, None, "is larger than 256 KB"),
    "broken UTF-8": Bad(
        lambda folder: folder.text().encode().replace(b"What is known", b"What is kn\xffwn"), 30, "is not UTF-8 text"
    ),
    "20 KB of brackets": Bad(with_fields(body=body_with("[" * 20_000)), BODY_LINE + 2, "open at once"),
    "500 nested lists": Bad(with_fields(body=body_with("\n\n" + "- " * 500 + "a")), None, "is nested too deeply"),
    "an unknown language": Bad(good, None, "is in an unknown language xx", "xx/integration/{}.md"),
    "a bad file name": Bad(good, None, "file name that is not small letters", "en/integration/{}_Rest First.md"),
    "a file name without end": Bad(good, None, "dashes, 80 at most", "en/integration/{}" + "-rest" * 20 + ".md"),
    "no section folder": Bad(good, None, "does not lie at guides/<language>/<section>/<slug>.md", "en/{}.md"),
    "a folder too many": Bad(good, None, "does not lie at guides/", "en/integration/days/{}.md"),
}
