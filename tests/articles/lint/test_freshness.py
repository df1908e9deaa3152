"""Sources and crisis lines that somebody should look at again."""

import datetime as dt
from dataclasses import replace

import pytest

from articles.lint import Finding
from articles.lint.freshness import is_unchecked, remarks_on_source, retracted_sources, stale_lines
from ketcare.crisis import Line
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import guide_file

TODAY = dt.date(2026, 11, 21)


def source(**fields):
    return {
        "key": "trial-2020",
        "kind": "trial",
        "record": {"title": "A trial", "year": 2020},
        "checked_on": "2026-10-01",
        "retracted_on": None,
        **fields,
    }


def remarks(**fields) -> list[str]:
    return list(remarks_on_source(source(**fields), TODAY))


def test_a_fresh_source_has_no_remark():
    assert remarks() == []


@pytest.mark.parametrize("kind", ["review", "consensus", "observation", "guidance", "opinion"])
def test_what_sums_up_or_observes_is_old_after_ten_years(kind):
    [remark] = remarks(kind=kind, record={"title": "Old", "year": 2015})
    assert remark.startswith("is of 2015: look for a newer one")
    assert remarks(kind=kind, record={"title": "Old enough", "year": 2016}) == []


@pytest.mark.parametrize("kind", ["trial", "label", "warning"])
def test_a_trial_a_label_or_a_warning_is_not_wrong_because_it_is_old(kind):
    assert remarks(kind=kind, record={"title": "Old", "year": 1970}) == []


def test_a_record_without_a_year_has_no_age():
    assert remarks(kind="guidance", record={"title": "A page"}) == []


def test_a_record_is_to_be_checked_again_after_two_years():
    assert remarks(checked_on="2024-11-21") == []
    assert remarks(checked_on="2024-11-20") == [
        "last checked on 2024-11-20; look its record up again, and write the date"
    ]


def test_a_record_that_nobody_checked_is_told_apart_and_is_no_remark():
    assert remarks(checked_on=None) == []
    assert is_unchecked(source(checked_on=None))
    assert not is_unchecked(source())


def test_a_retracted_source_is_found_where_a_guide_first_cites_it(folder):
    file = guide_file(folder)
    line = BODY_LINE + file.body[: file.body.index("[@trial-2020]")].count("\n")
    assert retracted_sources(file, {"trial-2020": source(retracted_on="2026-11-01")}) == [
        Finding(line, "[@trial-2020] was retracted on 2026-11-01; do not lean on it")
    ]


def test_a_source_that_stands_is_no_finding(folder):
    assert retracted_sources(guide_file(folder), {"trial-2020": source()}) == []


LINE = Line(key="us-988", name="988", kind="crisis", call="988", verified=TODAY)


def test_a_crisis_line_is_to_be_verified_again_after_180_days():
    assert stale_lines((LINE,), TODAY + dt.timedelta(days=180)) == []
    [words] = stale_lines((LINE,), TODAY + dt.timedelta(days=181))
    assert words.startswith("crisis line us-988: last verified on 2026-11-21; ")


def test_a_line_that_nobody_verified_is_not_stale():
    assert stale_lines((replace(LINE, verified=None),), dt.date.max) == []
