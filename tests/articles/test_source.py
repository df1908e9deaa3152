"""Guide files as text. How bad ones are refused stands in test_content.py, which also checks the lines."""

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.source import FIELDS, MOST_BYTES, TABLES, BadFile, GuideFile, parse, read_text, read_toml, to_text

FILE = """\
+++
title = "Rest first"
summary = "What to do on the day after."
section = "integration"
also_known_as = [
    "After a session",
]
sources = [
    "trial-2020",
]
reviewer = "morgan-example"
last_reviewed = 2026-10-20
next_review = 2027-10-20
reviewed_digest = "0000000000000000000000000000000000000000000000000000000000000000"
+++

## Quick answer {: .quick-answer }

Rest comes first.
"""
GUIDE = GuideFile(
    title="Rest first",
    summary="What to do on the day after.",
    section="integration",
    also_known_as=["After a session"],
    sources=["trial-2020"],
    reviewer="morgan-example",
    last_reviewed=dt.date(2026, 10, 20),
    next_review=dt.date(2027, 10, 20),
    reviewed_digest="0" * 64,
    body="## Quick answer {: .quick-answer }\n\nRest comes first.\n",
    body_line=17,
)


def test_a_file_says_every_field_and_where_its_text_begins():
    assert parse(FILE, "rest.md") == GUIDE


def test_a_guide_is_written_in_the_one_canonical_way():
    assert to_text(GUIDE) == FILE


def test_the_order_and_spelling_of_front_matter_do_not_matter_to_a_reader():
    shuffled = FILE.replace('title = "Rest first"\n', "").replace(
        "next_review = 2027-10-20\n", "next_review = 2027-10-20\ntitle = 'Rest first' # a note\n"
    )
    assert shuffled != FILE
    assert parse(shuffled, "rest.md") == GUIDE


def test_windows_line_ends_are_read_as_plain_ones():
    assert parse(FILE.replace("\n", "\r\n"), "rest.md") == GUIDE


def test_old_mac_line_ends_are_read_as_plain_ones():
    assert parse(FILE.replace("\n", "\r"), "rest.md") == GUIDE


def test_the_empty_line_after_the_front_matter_may_be_missing():
    assert parse(FILE.replace("+++\n\n", "+++\n"), "rest.md") == replace(GUIDE, body_line=16)


def test_only_one_empty_line_is_taken_from_the_text():
    assert parse(FILE.replace("+++\n\n", "+++\n\n\n"), "rest.md").body == "\n" + GUIDE.body


def test_a_fence_inside_the_text_is_text():
    body = GUIDE.body + "\n+++\n"
    assert parse(to_text(replace(GUIDE, body=body)), "rest.md").body == body


def test_spaces_after_a_fence_are_overlooked():
    assert parse(FILE.replace("+++\n", "+++  \n"), "rest.md") == GUIDE


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_needed(name):
    lines = to_text(replace(GUIDE, also_known_as=[], sources=[])).splitlines(keepends=True)
    with pytest.raises(BadFile, match=f"lacks {name} in its front matter"):
        parse("".join(line for line in lines if not line.startswith(f"{name} =")), "rest.md")


def test_every_field_of_a_guide_stands_in_the_file():
    assert [field.name for field in fields(GuideFile)] == [*FIELDS, "body", "body_line", *TABLES]


def test_a_problem_reads_as_place_and_reason():
    assert str(BadFile("a.md", "is empty", 3)) == "a.md:3: is empty"
    assert str(BadFile("a.md", "is empty")) == "a.md: is empty"


LINES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(str.strip)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1).filter(str.strip)


@given(
    st.builds(
        GuideFile,
        title=LINES,
        summary=LINES,
        section=LINES,
        also_known_as=st.lists(LINES, unique=True),
        sources=st.lists(LINES, unique=True),
        reviewer=LINES,
        last_reviewed=st.dates(),
        next_review=st.dates(),
        reviewed_digest=LINES,
        body=TEXTS,
        body_line=st.just(0),
    )
)
def test_what_is_written_is_read_back(guide):
    text = to_text(guide)
    read = parse(text, "rest.md")
    assert replace(read, body_line=0) == guide
    assert to_text(read) == text
    assert text.split("\n")[read.body_line - 1 :] == guide.body.split("\n")


@given(st.text() | st.text("+=[]{}\"'\n\r# abc019-:T"))
def test_whatever_stands_in_front_matter_is_refused_in_words_where_fields_are_missing(front):
    with pytest.raises(BadFile) as caught:
        parse(f"+++\n{front}\n+++\n\nwords", "rest.md")
    assert caught.value.reason
    assert caught.value.line is None or caught.value.line >= 1


def test_a_text_of_the_greatest_size_is_read(tmp_path):
    path = tmp_path / "rest.md"
    path.write_bytes(b"a" * MOST_BYTES)
    assert len(read_text(path)) == MOST_BYTES
    path.write_bytes(b"a" * (MOST_BYTES + 1))
    with pytest.raises(BadFile, match="is larger than 256 KB; split it"):
        read_text(path)


def test_broken_utf_8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "rest.md"
    path.write_bytes(b"one\ntwo\nthr\xe9e\n")
    with pytest.raises(BadFile) as caught:
        read_text(path)
    assert str(caught.value) == f"{path}:3: is not UTF-8 text; save it again as UTF-8"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadFile, match=r"cannot be read \(No such file or directory\)"):
        read_text(tmp_path / "rest.md")


def test_a_toml_file_gives_its_tables(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text('[trial-2020]\ntitle = "A trial"\n')
    assert read_toml(path) == {"trial-2020": {"title": "A trial"}}


def test_a_broken_toml_file_is_refused_with_its_line(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text('[trial-2020]\ntitle = "A trial"\nkind = trial\n')
    with pytest.raises(BadFile) as caught:
        read_toml(path)
    assert caught.value.line == 3
