"""The headings of a guide."""

import pytest

from articles.lint import Finding
from tests.articles.folder import BODY_LINE
from tests.articles.lint.reading import findings
from tests.conftest import body_with


def test_a_heading_that_jumps_over_a_level_is_found(folder):
    [finding] = findings(folder, body_with("\n\n#### Deep\n\nRest."))
    assert finding == Finding(BODY_LINE + 4, "the heading “Deep” jumps to ####; here it needs ###")


def test_the_first_heading_is_of_the_second_level(folder):
    [finding] = findings(folder, f"### Early\n\nRest.\n\n{body_with('')}".replace(" {: .quick-answer }", ""))[1:]
    assert finding == Finding(BODY_LINE, "the heading “Early” jumps to ###; here it needs ##")


def test_a_way_back_up_is_no_jump(folder):
    assert findings(folder, body_with("\n\n### Down\n\nRest.\n\n#### Deeper\n\nRest.")) == []


@pytest.mark.parametrize("second", ["What is known", "what  is *known*", "What is known [@trial-2020]"])
def test_two_headings_that_read_the_same_are_found(folder, second):
    body = body_with("") + f"\n## {second}\n\nRest.\n"
    [finding] = findings(folder, body)
    assert finding.line == BODY_LINE + body.count("\n") - 3
    assert finding.message.endswith(
        f"stands on line {BODY_LINE + body[: body.index('## What is known')].count(chr(10))} already; "
        "name the difference"
    )


@pytest.mark.parametrize("following", ["", "\n\n## Next\n\nRest.", "\n\n---"])
def test_a_heading_with_nothing_under_it_is_found(folder, following):
    body = body_with("") + f"\n### Empty{following}\n"
    [finding] = findings(folder, body)
    assert finding.message == "nothing stands under the heading “Empty”"


@pytest.mark.parametrize("following", ["### Smaller\n\nRest.", "- an item", "| a |\n|---|\n| b |"])
def test_a_heading_with_something_under_it_is_no_finding(folder, following):
    assert findings(folder, body_with("") + f"\n## Full\n\n{following}\n") == []
