"""Advice on a guide's text, and what stops it."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine

from articles.lint import Finding, findings_of, stale_lines
from articles.rendering import html_of
from articles.source import parse
from ketcare import crisis
from ketcare.crisis import Line
from tests.articles.folder import BODY_LINE
from tests.commands import run
from tests.conftest import NOW, body_with


def findings(folder, body: str | None = None, **fields) -> list[Finding]:
    if body is not None:
        fields["body"] = body
    file = parse(folder.text(**fields), "rest.md")
    return findings_of(file, html_of(file.body, "en", file.sources))


def test_a_good_guide_has_no_findings(folder):
    assert findings(folder) == []


@pytest.mark.parametrize(
    "words",
    [
        "He committed suicide.",
        "She will commit suicide",
        "after a failed attempt",
        "an unsuccessful suicide attempt",
        "It is no magic pill.",
        "A MIRACLE.",
        "a game-changer",
        "a game changer",
        "the honeymoon",
        "It cures depression.",
        "a cure",
        "Results are guaranteed.",
        "a guarantee",
        "end-to-end",
        "a zero-knowledge journal",
        "only you can read it",
        "after treatment failure",
        "a failed treatment",
        "You were non-compliant.",
        "noncompliant",
    ],
)
def test_words_that_promise_blame_or_harm_are_found_with_their_line(folder, words):
    [finding] = findings(folder, body_with(f"\n\n{words}\n\n"))
    assert finding.line == BODY_LINE + 4
    assert finding.message.startswith("“")
    assert not finding.stops


@pytest.mark.parametrize("words", ["He died by suicide.", "It is secure.", "the attempt to rest", "This obscures it."])
def test_plain_words_are_no_finding(folder, words):
    assert findings(folder, body_with(words)) == []


@pytest.mark.parametrize("number", ["911", "988", "999", "112"])
def test_a_number_of_one_country_is_found(folder, number):
    [finding] = findings(folder, body_with(f"Call {number}."))
    assert finding == Finding(
        BODY_LINE + 2, f"“{number}” is a number of one country; write {{emergency}} or {{crisis}}"
    )


@pytest.mark.parametrize("words", ["555-911-0000", "19880", "1-988"])
def test_a_number_inside_another_is_no_finding(folder, words):
    assert findings(folder, body_with(words)) == []


def test_a_token_that_stands_for_nothing_is_found_with_its_line(folder):
    [finding] = findings(folder, body_with("Call {hotline}."))
    assert finding == Finding(BODY_LINE + 2, "{hotline} stands for nothing; write {emergency}, {crisis} or {clinic}")


def test_an_address_that_no_page_may_have_is_found_with_its_line(folder):
    [finding] = findings(folder, body_with("See [this](http://example.org/)."))
    assert finding.line == BODY_LINE + 2
    assert finding.message.startswith("the address http://example.org/ is not one")


def test_a_source_that_is_listed_and_not_cited_is_found(folder):
    [finding] = findings(folder, body_with("").replace(" [@trial-2020]", ""))
    assert finding == Finding(None, "lists the source trial-2020 and does not cite it")


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("quick-answer", "lacks a quick answer"),
        ("talk-first", "lacks a part on who should talk first"),
        ("unknown", "lacks a part on what is not known"),
    ],
)
def test_a_missing_part_is_found(folder, part, message):
    [finding] = findings(folder, body_with("").replace(f" {{: .{part} }}", ""))
    assert finding == Finding(None, f"{message}: a heading with {{: .{part} }}")


def test_a_missing_safety_part_stops_a_guide(folder):
    [finding] = findings(folder, body_with("").replace(" {: .safety }", ""))
    assert finding.stops
    assert finding.message.startswith("lacks a safety part")


SAFETY = "## When to get help {: .safety }\n\n- chest pain\n\n"


@pytest.mark.parametrize("named", ["", "### Call {emergency}\n\n", "Please {crisis}.\n\n"])
def test_a_safety_part_names_help(folder, named):
    whole = body_with("")
    body = whole[: whole.index("## Call")] + SAFETY + named + whole[whole.index("## Who") :]
    stopped = [finding.message for finding in findings(folder, body) if finding.stops]
    assert stopped == ([] if named else ["the safety part names neither {emergency} nor {crisis}"])


def test_help_that_another_part_names_does_not_count(folder):
    whole = body_with("")
    body = (
        whole[: whole.index("## Call")] + SAFETY + whole[whole.index("## Who") :] + "\n## More\n\nCall {emergency}.\n"
    )
    assert [finding.stops for finding in findings(folder, body)] == [True]


def test_a_guide_without_a_source_is_stopped(folder):
    [finding] = findings(folder, body_with("").replace(" [@trial-2020]", ""), sources=[])
    assert finding == Finding(None, "has no source", stops=True)


def test_what_stops_comes_first_and_the_rest_by_line(folder):
    body = body_with("Call 911, a miracle.").replace(" {: .safety }", "") + "\n## More\n\nCall 988.\n"
    assert [(finding.stops, finding.line) for finding in findings(folder, body)] == [
        (True, None),
        (False, BODY_LINE + 2),
        (False, BODY_LINE + 2),
        (False, BODY_LINE + body.count("\n") - 1),
    ]


VERIFIED = dt.date(2026, 11, 21)
LINE = Line(key="us-988", name="988", kind="crisis", call="988", verified=VERIFIED)


def test_a_crisis_line_is_to_be_verified_again_after_180_days():
    assert stale_lines((LINE,), VERIFIED + dt.timedelta(days=180)) == []
    [words] = stale_lines((LINE,), VERIFIED + dt.timedelta(days=181))
    assert words.startswith("crisis line us-988: last verified on 2026-11-21; ")


def test_a_line_that_nobody_verified_is_not_stale():
    assert stale_lines((replace(LINE, verified=None),), dt.date.max) == []


# The command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_command_is_content_with_a_good_folder(folder, today):
    folder.add()
    outcome = run("lint_guides", folder.root)
    assert (outcome.code, outcome.out, outcome.err) == (0, "Nothing to mend.\n", "")


def test_the_command_names_findings_refusals_and_bad_files(folder, today):
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


def test_the_command_names_every_crisis_line_that_is_stale(folder):
    folder.add()
    lines = [line for region in crisis.regions().values() for line in region.lines]
    newest = max(line.verified for line in lines if line.verified)
    with time_machine.travel(dt.datetime.combine(newest, dt.time(), dt.UTC) + dt.timedelta(days=181)):
        outcome = run("lint_guides", folder.root)
    assert outcome.code == 1
    assert [words.split(":")[0] for words in outcome.err.splitlines()] == [f"crisis line {line.key}" for line in lines]
