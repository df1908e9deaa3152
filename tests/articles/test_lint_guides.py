"""`manage.py lint_guides`: what it prints, and how it ends."""

import datetime as dt

import pytest
import time_machine
import tomli_w

from ketcare import crisis
from ketcare.site import line_checks
from tests.articles.folder import BODY_LINE, SOURCES
from tests.commands import run
from tests.conftest import NOW, body_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def with_source(folder, **fields) -> None:
    """Change the folder's source; a guide that is added afterward cites it as it is then."""
    folder.write("sources.toml", tomli_w.dumps({"trial-2020": {**SOURCES["trial-2020"], **fields}}))


def test_a_good_folder_has_nothing_to_mend(folder):
    folder.add()
    outcome = run("lint_guides", folder.root)
    assert (outcome.code, outcome.out, outcome.err) == (0, "Nothing to mend.\n", "")


def test_findings_refusals_and_bad_files_are_named(folder):
    advised = folder.add("a-miracle", body=body_with("A miracle."))
    refused = folder.add("b-refused", body=body_with("[@nobody-1999]"))
    bad = folder.write("guides/en/integration/c-bad.md", "no fences")
    outcome = run("lint_guides", folder.root)
    assert outcome.code == 1
    assert outcome.problem == "3 findings."
    assert set(outcome.err.splitlines()) == {
        f"{advised}:{BODY_LINE + 2}: “miracle”: say plainly what happens",
        f"{refused}:{BODY_LINE + 2}: cites [@nobody-1999], which is not in its sources",
        f"{bad}:1: does not begin with a line +++",
    }


def test_links_between_guides_are_followed(folder):
    folder.add("a-rest", body=body_with("See [sleep](/guides/integration/b-sleep/#what-is-known)."))
    broken = folder.add("b-sleep", body=body_with("See [rest](/guides/integration/a-nap/)."))
    outcome = run("lint_guides", folder.root)
    assert outcome.err.splitlines() == [
        f"{broken}:{BODY_LINE + 2}: /guides/integration/a-nap/ leads nowhere: "
        "this site has no /guides/integration/a-nap/"
    ]


def test_a_guide_that_cannot_be_shown_yet_is_there_to_be_linked_to(folder):
    folder.add("a-rest", body=body_with("See [sleep](/guides/integration/b-sleep/)."))
    refused = folder.add("b-sleep", body=body_with("[@nobody-1999]"))
    outcome = run("lint_guides", folder.root)
    assert [words.rpartition(".md:")[0] + ".md" for words in outcome.err.splitlines()] == [str(refused)]


def test_a_source_that_is_to_be_checked_again_is_named_once_with_its_line(folder):
    with_source(folder, checked_on=dt.date(2024, 1, 1))
    folder.add("a-rest")
    folder.add("b-sleep")
    outcome = run("lint_guides", folder.root)
    assert outcome.code == 1
    assert outcome.err.splitlines() == [
        f"{folder.root / 'sources.toml'}:1: [trial-2020] last checked on 2024-01-01; "
        "look its record up again, and write the date"
    ]


def test_a_retracted_source_is_named_for_each_guide_that_cites_it(folder):
    with_source(folder, retracted_on=dt.date(2026, 10, 30))
    paths = [folder.add("a-rest"), folder.add("b-sleep")]
    outcome = run("lint_guides", folder.root)
    assert [words.partition(".md:")[0] + ".md" for words in outcome.err.splitlines()] == [str(path) for path in paths]
    assert outcome.err.count("[@trial-2020] was retracted on 2026-10-30; do not lean on it") == 2


def test_a_source_that_nobody_checked_is_noted_and_no_finding(folder):
    unchecked = {name: value for name, value in SOURCES["trial-2020"].items() if name != "checked_on"}
    folder.write("sources.toml", tomli_w.dumps({"trial-2020": unchecked, "unused-2020": unchecked}))
    folder.add()
    outcome = run("lint_guides", folder.root)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines() == [
        "Note: nobody has checked the record of [trial-2020] yet; pages say so.",
        "Nothing to mend.",
    ]


def test_every_crisis_line_that_is_stale_is_named(folder):
    folder.add()
    lines = [line for region in crisis.regions().values() for line in region.lines]
    newest = max(line.verified for line in lines if line.verified)
    with time_machine.travel(dt.datetime.combine(newest, dt.time(), dt.UTC) + dt.timedelta(days=181)):
        outcome = run("lint_guides", folder.root)
    assert outcome.code == 1
    assert [words.split(":")[0] for words in outcome.err.splitlines()] == [f"crisis line {line.key}" for line in lines]


def test_a_crisis_line_that_was_checked_on_the_desk_is_not_stale(folder, ed):
    folder.add()
    lines = [line for region in crisis.regions().values() for line in region.lines]
    newest = max(line.verified for line in lines if line.verified)
    late = dt.datetime.combine(newest, dt.time(), dt.UTC) + dt.timedelta(days=181)
    [here] = [line for line in crisis.region().lines if line.key == "us-988"]
    line_checks.check(here.key, digest=here.digest, called=True, by=ed, now=late)
    with time_machine.travel(late):
        named = run("lint_guides", folder.root).err
    assert "crisis line us-988:" not in named
    assert "crisis line us-988-es:" in named
