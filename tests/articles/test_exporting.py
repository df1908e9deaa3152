"""The database out as content files, byte for byte what came in."""

import datetime as dt
from itertools import count
from pathlib import Path

import pytest
import time_machine
import tomli_w
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from articles import content, exporting, importing, review
from articles.digest import normal_text
from articles.models import Guide, Revision
from articles.rendering import html_of
from articles.source import BadFile, parse
from tests.articles.folder import REVIEWERS, SOURCES, TODAY, newest_day, parsed
from tests.articles.plain_sql import overwrite
from tests.commands import Outcome, run
from tests.conftest import NEXT_YEAR, NOW, body_with

pytestmark = pytest.mark.django_db


def files_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def take_in(root: Path, now: dt.datetime = NOW) -> None:
    results = list(importing.take_in(content.read(root, now.date()), now=now))
    assert not [result for result in results if isinstance(result, BadFile)]


def exported(tmp_path: Path, now: dt.datetime = NOW) -> tuple[dict[str, bytes], Outcome]:
    """Every file that the command writes, and what it says."""
    with time_machine.travel(now, tick=False):
        outcome = run("export_guides", tmp_path / "out")
    return files_of(tmp_path / "out"), outcome


def test_the_shipped_content_comes_out_byte_for_byte(tmp_path):
    now = newest_day(settings.CONTENT_DIR)
    take_in(settings.CONTENT_DIR, now)
    files, outcome = exported(tmp_path, now)
    shipped = files_of(settings.CONTENT_DIR)
    assert files == {name: shipped[name] for name in files}
    written = {name for name in shipped if name.startswith("guides/")}
    assert files.keys() == written | {"sources.toml", "reviewers.toml", "glossary.toml", "prompts.toml"}
    assert set(outcome.out.splitlines()) == written
    assert (outcome.code, outcome.err) == (0, "")


ODD = """\
## Quick answer {: .quick-answer }

Dos “quotes”, 'single', "double", back\\\\slash, naïve 🙂 and Ελληνικά.  \nA line that ends in spaces.\t
> A quotation with trailing space \n
"""


def test_odd_words_come_out_byte_for_byte(folder, tmp_path):
    odd = "A \"quoted\" 'title' with a \\ and 漢字 [x] # = 🙂"
    path = folder.add(
        "rest-first",
        title=odd,
        summary=f" {odd} ",
        also_known_as=[odd, " leading", "trailing "],
        body=ODD + body_with("").partition("Rest comes first. \n\n")[2] + "\n\nThe end, with no line end",
    )
    other = folder.add("eat-first", section="safety", body=body_with("") + "\n\n\n")
    take_in(folder.root)
    files, _ = exported(tmp_path)
    assert files["guides/en/integration/rest-first.md"] == path.read_bytes()
    assert files["guides/en/safety/eat-first.md"] == other.read_bytes()
    assert files["sources.toml"] == (folder.root / "sources.toml").read_bytes()
    assert files["reviewers.toml"] == (folder.root / "reviewers.toml").read_bytes()


def test_windows_line_ends_and_split_accents_come_out_in_their_normal_form(folder, tmp_path):
    path = folder.add(title="Café first", body=body_with("Café."))
    plain = path.read_bytes()
    path.write_bytes(plain.decode().replace("é", "e\u0301").replace("\n", "\r\n").encode())
    assert path.read_bytes() != plain
    take_in(folder.root)
    files, _ = exported(tmp_path)
    assert files["guides/en/integration/rest-first.md"] == plain


def test_a_source_with_every_field_comes_out_as_it_went_in(folder, tmp_path):
    day = dt.date(2026, 10, 1)
    table = {
        "authors": 'O\'Brien "Bob" é',
        "title": "A trial\nin two lines",
        "published_in": "Journal 1(2):3–4",
        "year": 2020,
        "kind": "trial",
        "pmid": "1",
        "pmcid": "PMC1",
        "doi": "10.1/x",
        "url": "https://example.org/?a=1&b=2",
        "says": "Little.",
        "checked_on": day,
        "retracted_on": day,
    }
    path = folder.write(
        "sources.toml", tomli_w.dumps({"a-first": {"title": "A", "kind": "opinion"}, "trial-2020": table})
    )
    take_in(folder.root)
    files, _ = exported(tmp_path)
    assert files["sources.toml"] == path.read_bytes()


def test_what_comes_out_can_go_in_elsewhere(folder, tmp_path):
    folder.add()
    take_in(folder.root)
    exported(tmp_path)
    again = content.read(tmp_path / "out", TODAY)
    assert list(importing.check(again)) == []
    assert again.sources == SOURCES
    assert again.reviewers == REVIEWERS


def test_words_and_dates_of_a_real_signature_come_out(signed, tmp_path):
    files, outcome = exported(tmp_path)
    assert outcome.out == "guides/en/integration/rest-first.md\n"
    file = parsed(tmp_path / "out" / "guides/en/integration/rest-first.md")
    assert (file.reviewer, file.last_reviewed, file.next_review) == ("asha-rao", NOW.date(), NEXT_YEAR)
    assert file.reviewed_digest == signed.words.digest
    assert file.body == signed.words.body
    assert b"[asha-rao]" in files["reviewers.toml"]


def test_an_overdue_guide_comes_out_too(signed, tmp_path):
    files, _ = exported(tmp_path, dt.datetime.combine(NEXT_YEAR, dt.time(), dt.UTC) + dt.timedelta(days=2))
    assert "guides/en/integration/rest-first.md" in files


def test_what_never_went_public_stays_in(submitted, tmp_path):
    files, outcome = exported(tmp_path)
    assert files.keys() == {"sources.toml", "reviewers.toml"}
    assert outcome.err == ""


def test_words_that_no_signature_covers_are_left_out_with_the_reason(signed, tmp_path):
    overwrite(Revision.objects.get(), body="Take more.")
    files, outcome = exported(tmp_path)
    assert files.keys() == {"sources.toml", "reviewers.toml"}
    assert outcome.err == "left out: en/integration/rest-first (revision 1 is not as it was submitted)\n"


def test_an_urgent_change_is_left_out_until_it_is_signed(urgent, tmp_path):
    files, outcome = exported(tmp_path)
    assert files.keys() == {"sources.toml", "reviewers.toml"}
    assert outcome.err == "left out: en/integration/rest-first (urgent)\n"


def test_a_withdrawn_guide_is_left_out(signed, tmp_path):
    review.withdraw(signed, why="It was wrong.", now=NOW)
    files, outcome = exported(tmp_path)
    assert files.keys() == {"sources.toml", "reviewers.toml"}
    assert outcome.err == "left out: en/integration/rest-first (withdrawn)\n"


# Any words that the columns take. A zero byte is refused long before: PostgreSQL has no room for it.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=80)
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(str.strip)
HTML = html_of(body_with(""), "en", ["trial-2020"])
slugs = (f"rest-{number}" for number in count())


@effort(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    title=LINES, summary=LINES, names=st.lists(LINES, unique_by=normal_text, max_size=3), body=WORDS.filter(str.strip)
)
def test_any_words_come_out_in_their_normal_form(morgan, trial, title, summary, names, body):
    guide = Guide.objects.create(section="integration", slug=next(slugs), changed_at=NOW)
    words = review.write(
        guide, title=title, summary=summary, body=body, also_known_as=names, sources=["trial-2020"], by=None, now=NOW
    )
    # The HTML plays no part here, so that words which no guide may hold can be tried, too.
    review.submit(words, now=NOW, rendered=HTML)
    review.sign(words, by=morgan, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    [stored] = Guide.objects.filter(pk=guide.pk).with_words()
    text = exporting.guide_text(stored, stored.public_state(NOW), exporting.source_tables())
    assert text is not None
    file = parse(text, "rest.md")
    assert (file.title, file.summary, file.body) == tuple(map(normal_text, (title, summary, body)))
    assert file.also_known_as == [normal_text(name) for name in names]
    assert file.reviewed_digest == words.digest
