"""A content folder as it lies on disk: what is read, and how each bad file is refused."""

import datetime as dt
import time
from typing import Any

import pytest
import tomli_w

from articles import importing, rendering
from articles.content import rendered
from articles.source import BadFile
from tests.articles.folder import BAD_FILES, CHECKED, REVIEWERS, SOURCES, TODAY, parsed, profile
from tests.conftest import NOW


def problems_of(folder) -> list[BadFile]:
    return list(importing.check(folder.read()))


def test_a_good_file_is_read_with_the_place_that_its_path_gives_it(folder):
    path = folder.add("rest-first")
    [guide] = folder.read().guides
    assert guide.path == path
    assert guide.place == ("en", "integration", "rest-first")
    assert guide.file == parsed(path)
    assert problems_of(folder) == []


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_line_and_the_reason(folder, name):
    bad = BAD_FILES[name]
    path = folder.write("guides/" + bad.place.format("bad"), bad.make(folder))
    [problem] = problems_of(folder)
    assert problem.path == path
    assert bad.reason in problem.reason
    assert problem.line == bad.line
    assert str(problem).startswith(f"{path}:{bad.line}: " if bad.line else f"{path}: ")


@pytest.mark.parametrize("name", ["20 KB of brackets", "500 nested lists"])
def test_a_text_that_would_hang_is_refused_in_time(folder, name):
    folder.write("guides/en/integration/bad.md", BAD_FILES[name].make(folder))
    started = time.monotonic()
    assert len(problems_of(folder)) == 1
    assert time.monotonic() - started < rendering.SECONDS


def test_a_second_file_with_the_same_address_is_refused(folder):
    first = folder.add("rest-first")
    second = folder.add("rest-first", section="safety")
    content = folder.read()
    [problem] = content.problems
    assert [guide.path for guide in content.guides] == [first]
    assert problem.path == second
    assert "same address as guides/en/integration/rest-first.md" in problem.reason


def test_a_bad_file_takes_no_address_away(folder):
    folder.write("guides/en/faq/rest-first.md", "no fences")
    good = folder.add("rest-first")
    assert [guide.path for guide in folder.read().guides] == [good]


def test_bad_files_leave_the_good_ones_in(folder):
    folder.write("guides/en/integration/aaa.md", b"\xff")
    good = folder.add("rest-first")
    folder.write("guides/en/integration/zzz.md", "")
    content = folder.read()
    assert [guide.path for guide in content.guides] == [good]
    assert len(content.problems) == 2


def test_a_folder_named_like_a_file_is_refused(folder):
    (folder.root / "guides/en/integration/rest.md").mkdir(parents=True)
    [problem] = problems_of(folder)
    assert "cannot be read" in problem.reason


def test_a_link_to_nowhere_is_refused(folder):
    (folder.root / "guides/en/integration").mkdir(parents=True)
    (folder.root / "guides/en/integration/rest.md").symlink_to("nowhere.md")
    [problem] = problems_of(folder)
    assert "cannot be read" in problem.reason


def test_a_credential_covers_its_first_and_its_last_day(folder):
    folder.write(
        "reviewers.toml",
        tomli_w.dumps({"asha-rao": profile("Asha Rao", verified_on=CHECKED, expires_on=CHECKED + dt.timedelta(7))}),
    )
    folder.add("first", reviewer="asha-rao", last_reviewed=CHECKED)
    folder.add("last", reviewer="asha-rao", last_reviewed=CHECKED + dt.timedelta(7))
    folder.add("too-late", reviewer="asha-rao", last_reviewed=CHECKED + dt.timedelta(8))
    content = folder.read()
    assert [guide.slug for guide in content.guides] == ["first", "last"]
    assert "was not in date on 2026-10-28" in content.problems[0].reason


def test_a_review_of_today_is_no_future_one(folder):
    folder.add(last_reviewed=TODAY)
    assert problems_of(folder) == []


def test_the_html_comes_with_the_check(folder):
    folder.add()
    content = folder.read()
    html = rendered(content, content.guides[0])
    assert html.cited == [("trial-2020", 1)]
    assert "Take it slowly." in html.html


def test_a_changed_source_makes_the_digest_another(folder):
    folder.add()
    folder.write(
        "sources.toml", tomli_w.dumps({"trial-2020": {**SOURCES["trial-2020"], "says": "Less than we thought"}})
    )
    [problem] = problems_of(folder)
    assert problem.reason.startswith("reviewed_digest is not that of these words and sources, which is ")


BAD_TABLES: dict[str, dict[str, dict[str, Any]]] = {
    "sources.toml": {
        "lacks title": {"kind": "trial"},
        "lacks kind": {"title": "A trial"},
        "has an unknown field pages": {"title": "A trial", "kind": "trial", "pages": "1-3"},
        "has a year of the wrong kind": {"title": "A trial", "kind": "trial", "year": "2020"},
        "has a checked_on of the wrong kind": {"title": "A", "kind": "trial", "checked_on": NOW},
        "has an unknown kind 'rumor'": {"title": "A trial", "kind": "rumor"},
        "has a url that does not begin with https://": {"title": "A", "kind": "trial", "url": "javascript:alert(1)"},
        "has a title that is too long or holds an invisible": {"title": "A\0", "kind": "trial"},
    },
    "reviewers.toml": {
        "lacks conflict": {name: value for name, value in profile("A").items() if name != "conflict"},
        "has an unknown field email": profile("A", email="a@example.org"),
        "has a sample of the wrong kind": profile("A", sample="yes"),
        "has a name that is too long": profile("a" * 121),
        "expires before it was verified": profile("A", expires_on=dt.date(2026, 1, 1)),
    },
}


@pytest.mark.parametrize(
    ("name", "reason"), [(name, reason) for name, tables in BAD_TABLES.items() for reason in tables]
)
def test_a_bad_table_is_refused_with_its_line_and_the_others_are_read(folder, name, reason):
    table = BAD_TABLES[name][reason]
    others = {"sources.toml": SOURCES, "reviewers.toml": REVIEWERS}[name]
    folder.write(name, tomli_w.dumps({"bad-one": table} | others))
    content = folder.read()
    [problem] = content.problems
    assert (problem.path, problem.line) == (folder.root / name, 1)
    assert problem.reason.startswith(f"[bad-one] {reason}")
    assert content.sources.keys() == SOURCES.keys()
    assert content.reviewers.keys() == REVIEWERS.keys()


@pytest.mark.parametrize("key", ["Trial 2020", "a" * 61, "trial_2020"])
def test_a_table_needs_a_plain_name(folder, key):
    folder.write("sources.toml", tomli_w.dumps({key: SOURCES["trial-2020"]}))
    [problem] = folder.read().problems
    assert "is not a table named with small letters, digits and dashes" in problem.reason


@pytest.mark.parametrize(("name", "missing"), [("sources.toml", "source"), ("reviewers.toml", "reviewer")])
def test_a_file_of_tables_that_is_not_toml_leaves_its_guides_out_with_a_reason(folder, name, missing):
    folder.add()
    folder.write(name, "[trial-2020\n")
    file, guide = folder.read().problems
    assert (file.path, file.line) == (folder.root / name, 1)
    assert "is not TOML here" in file.reason
    assert f"unknown {missing}" in guide.reason
