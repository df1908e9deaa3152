"""The parts of a guide, and the order of all findings."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings
from tests.conftest import body_with

ASK = " {: .ask }"


def test_a_good_guide_has_no_findings(folder):
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("quick-answer", "lacks a quick answer"),
        ("talk-first", "lacks a part on who should talk first"),
        ("unknown", "lacks a part on what is not known"),
        ("ask", "lacks a part on what to ask the clinician"),
    ],
)
def test_a_missing_part_is_found(folder, part, message):
    [finding] = findings(folder, body_with("").replace(f" {{: .{part} }}", ""))
    assert finding == Finding(None, f"{message}: a heading with {{: .{part} }}")


def test_questions_and_answers_need_not_say_what_to_ask(folder):
    assert findings(folder, body_with("").replace(ASK, ""), section="faq") == []


def test_a_missing_safety_part_stops_a_guide(folder):
    [finding] = findings(folder, body_with("").replace(" {: .safety }", ""))
    assert finding.stops
    assert finding.message.startswith("lacks a safety part")


SAFETY = "## When to get help {: .safety }\n\n- chest pain\n\n"


@pytest.mark.parametrize("named", ["", "### Call {emergency}\n\n- a seizure\n\n", "Please {crisis}.\n\n"])
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


def test_what_stops_comes_first_and_the_rest_by_line(folder):
    body = body_with("Call 911, a miracle.").replace(" {: .safety }", "") + "\n## More\n\nCall 988.\n"
    assert [(finding.stops, finding.line) for finding in findings(folder, body)] == [
        (True, None),
        (False, BODY_LINE + 2),
        (False, BODY_LINE + 2),
        (False, BODY_LINE + body.count("\n") - 1),
    ]
