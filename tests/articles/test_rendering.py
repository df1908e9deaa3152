"""Hostile, slow and shipped texts, and the process that turns them into HTML."""

import json
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import renderer, rendering
from articles.markdown_parts import MAX_OPEN_BRACKETS
from articles.rendering import (
    ANSWER_LIMIT,
    BODY_LIMIT,
    MEMORY_LIMIT,
    Rendered,
    RenderingRefused,
    Text,
    html_of,
    render,
    render_all,
)
from articles.sanitising import agree
from tests.articles.hostile import MARKDOWN, faults_of, shared, text_of
from tests.articles.making import before_cleaning, check_clean, html, made, refusal

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "content" / "guides").rglob("*.md"))


def test_our_hostile_texts_stay_words():
    for text, kept in MARKDOWN:
        found = html(text)
        check_clean(found, text)
        assert kept in text_of(found), (text, found)


def test_hostile_texts_in_a_part_and_in_a_question_stay_words():
    for text, _ in MARKDOWN:
        if text.startswith("## "):
            continue
        found = made(
            f"## In short {{: .quick-answer }}\n\n{text}\n\n## FAQ {{: .faq }}\n\n### Why?\n\n{text}\n\n## End\n\nx"
        )
        assert faults_of(found.html) == [], text
        assert found.contents == [("in-short", "In short"), ("faq", "FAQ"), ("end", "End")]


def test_shared_hostile_texts_give_clean_html_or_are_refused_in_words():
    refused = 0
    strings = shared()
    for text in strings:
        try:
            found = html(text)
        except RenderingRefused:
            refused += 1
            continue
        check_clean(found, text.replace("\r\n", "\n").replace("\r", "\n"))
    assert refused <= len(strings) / 20


PIECES = [
    "a", "b ", "\n", "\n\n", "  \n", "    ", "\t", "*", "**", "_", "`", "``", "[", "]", "(", ")", "![", "](", "[@k]",
    "\\", "{emergency}", "{foo}", "{: .faq }", "## ", "### ", "- ", "1. ", "> ", "|", "|-|", "---", "<", "</", "<b>",
    "&amp;", "&lt;", "&#60;", "&#x6a;", "javascript:x", "https://x.org/a", "/crisis/", "'", '"', "\xa0", "é", ":",
    "[a]: /b", "{", "}", "<https://x.org>", "!", "&", "\u2028", "klzzwxh:0001", "wzxhzdk:0", "\U0001f600",
]  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_whatever_is_typed_gives_clean_html_or_is_refused(body):
    body = "## FAQ {: .faq }\n\n### " + body
    try:
        found = html(body, "k")
    except RenderingRefused:
        return
    check_clean(found, body, "k")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_both_cleaners_leave_a_shipped_guide_as_the_pipeline_made_it(path):
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    sources = tomllib.loads(front)["sources"]
    made_html = before_cleaning(body, *sources)
    assert agree(made_html)
    found = made(body, *sources)
    assert found.html == made_html
    assert faults_of(found.html) == []
    assert found.dropped == []


# The process


def test_render_gives_what_its_core_gives():
    body = (
        "A lead [@k].\n\n## In short {: .quick-answer }\n\nCall {clinic} at once — é.\n\n"
        "## More\n\n[x](/crisis/) [y](ftp://z) {foo}"
    )
    assert render(body, language="en", sources=["k"]) == html_of(body, "en", ["k"])


@pytest.fixture(autouse=True)
def texts_become_html_here() -> None:
    """In this file the program itself is tested."""


def test_render_passes_a_refusal_on_with_its_line():
    with pytest.raises(RenderingRefused, match="cites") as caught:
        render("x\n\n[@foo]", language="en", sources=[])
    assert caught.value.line == 3


def nested_lists(depth: int) -> str:
    return "".join("    " * level + "- a\n" for level in range(depth))


SLOW = {
    "brackets": "[" * 20_000,
    "brackets over many paragraphs": ("[" * MAX_OPEN_BRACKETS + "a" * 100 + "\n\n") * 1500,
    "picture brackets": "![" * 10_000,
    "links never closed": "[a](" * 5_000,
    "nested lists": nested_lists(100),
    "list marks in a row": "- " * 500 + "a",
    "quotations in a row": ">" * 500 + "a",
    "many attributes": "<a " + " ".join(f'a{n}="x"' for n in range(20_000)) + ">",
    "deep emphasis": "*a **a " * 20_000,
    "emphasis of two kinds": "**a*" * 50_000,
    "stars": "*" * 200_000,
    "a wide table": "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + "|a|\n" * 60_000,
    "a long table": "|a|b|\n|-|-|\n" + "|a|b|\n" * 40_000,
    "backticks of every length": " ".join("`" * n for n in range(1, 700)),
    "backticks": "`" * 250_000,
    "references": "&amp;" * 50_000,
    "references to nothing": "[a]:\n" * 50_000,
    "headings": "## a\n\n" * 30_000,
    "angle brackets": "<" * 250_000,
    "backslashes": "\\*" * 120_000,
    "citations": "[@k]" * 60_000,
    "blank lines": "\n" * 250_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_text_that_would_hang_is_done_or_refused_in_time(name):
    started = time.monotonic()
    try:
        outcome = render(SLOW[name], language="en", sources=["k"], seconds=0.7).html
    except RenderingRefused as problem:
        outcome = problem.reason
    assert "broke off" not in outcome
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("name", ["nested lists", "list marks in a row", "quotations in a row"])
def test_deep_nesting_is_called_deep_nesting(name):
    assert refusal(SLOW[name]).reason == "is nested too deeply"


def test_what_takes_too_long_says_so():
    with pytest.raises(RenderingRefused, match=r"takes longer than 0\.5 seconds to turn into HTML: look for"):
        render(SLOW["backslashes"], language="en", sources=[], seconds=0.5)


def test_what_needs_too_much_memory_says_so(monkeypatch, capsys):
    def greedy(*_: object) -> Rendered:
        raise MemoryError

    monkeypatch.setattr(renderer, "html_of", greedy)
    monkeypatch.setattr(renderer, "_limit_self", lambda seconds: None)
    renderer._answer({"body": "x", "language": "en", "sources": [], "seconds": 5})
    assert "needs too much memory" in json.loads(capsys.readouterr().out)["refused"]


def test_a_child_has_little_memory():
    script = f"from articles.renderer import _limit_self; _limit_self(5); bytes({MEMORY_LIMIT})"
    done = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=120)
    assert b"MemoryError" in done.stderr


def test_a_body_is_limited():
    with pytest.raises(RenderingRefused, match="is longer than 256 KB"):
        render("é" * (BODY_LIMIT // 2) + "x", language="en", sources=[])
    assert "256 KB" in refusal("x" * (BODY_LIMIT + 1)).reason


def test_html_is_limited(monkeypatch):
    monkeypatch.setattr(rendering, "HTML_LIMIT", 1000)
    assert "of HTML" in refusal("word\n\n" * 300).reason


def program(*tasks: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "articles.renderer"],
        input="".join(json.dumps(task) + "\n" for task in tasks).encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )


def test_a_child_ends_itself_when_nobody_watches():
    done = program({"body": SLOW["backslashes"], "language": "en", "sources": [], "seconds": 0.5})
    assert done.stdout == f"\n-{signal.SIGALRM:d}\n".encode()


def test_a_text_that_dies_takes_no_other_with_it():
    bodies = ["one", SLOW["backslashes"], "x [@foo]", "x" * (BODY_LIMIT + 1), "two"]
    one, slow, citing, long, two = render_all([Text(body, "en", ()) for body in bodies], seconds=1)
    assert (one, two) == (html_of("one", "en", []), html_of("two", "en", []))
    assert "takes longer than 1 seconds" in str(slow)
    assert "cites" in str(citing)
    assert "is longer than 256 KB" in str(long)


def test_what_nobody_could_foresee_takes_no_other_text_with_it():
    done = program({"body": None, "seconds": 5}, {"body": "x", "language": "en", "sources": [], "seconds": 5})
    nothing, failed, answer, fine = done.stdout.decode().splitlines()
    assert (nothing, failed, fine) == ("", "1", "0")
    assert json.loads(answer)["rendered"]["html"] == html_of("x", "en", []).html
    assert b"Traceback" in done.stderr


def test_where_the_program_breaks_off_the_texts_that_it_did_stay(monkeypatch, tmp_path):
    fake_program(monkeypatch, tmp_path, f"cat > /dev/null; echo '{ANSWER}'; echo 0; echo '{{'; kill -9 $$")
    first, *rest = render_all([Text(body, "en", ()) for body in "abc"])
    assert isinstance(first, Rendered)
    assert [str(refused) for refused in rest] == [
        "could not be turned into HTML: the program that does it broke off (exit status -9)"
    ] * 2


def test_no_text_starts_no_program(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nothing")
    assert render_all([]) == []


def fake_program(monkeypatch, tmp_path, script: str) -> None:
    """Let `render` start this script in the place of Python."""
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(path))


ANSWER = (
    '{"rendered": {"html": "x", "opening": 0, "contents": [], "cited": [], "parts": [], '
    '"unknown_tokens": [], "links": [], "dropped": []}}'
)


def test_a_program_of_our_own_stands_in_for_the_real_one(monkeypatch, tmp_path):
    fake_program(monkeypatch, tmp_path, f"cat > /dev/null; echo '{ANSWER}'; echo 0")
    assert render("y", language="en", sources=[]).html == "x"


@pytest.mark.parametrize(
    "script",
    [
        "exit 0",
        "exit 3",
        "kill -9 $$",
        "kill -ABRT $$",
        "echo Traceback: something",
        "echo '[1, 2]'; echo 0",
        "echo null; echo 0",
        "echo '{}'; echo 0",
        "echo '\"refused\"'; echo 0",
        """echo '{"rendered": {"html": 1}}'; echo 0""",
        """echo '{"refused": 1, "line": null}'; echo 0""",
        """echo '{"refused": "x"}'; echo 0""",
        "printf '\\377\\376\\n0\\n'",
        "head -c 300000 /dev/zero | tr '\\0' '['; echo; echo 0",
        f"echo '{ANSWER.replace('"html": "x"', '"html": null')}'; echo 0",
        f"echo '{ANSWER.replace('"cited": []', '"cited": [["a"]]')}'; echo 0",
        f"echo '{ANSWER}'; exit 1",
        f"echo '{ANSWER}'; echo 1",
        f"echo '{ANSWER}'; echo -9",
        f"echo '{ANSWER}'; echo",
        f"echo '{ANSWER}'; printf '\\377\\n'",
    ],
)
def test_a_program_that_breaks_or_babbles_is_a_refusal(monkeypatch, tmp_path, script):
    fake_program(monkeypatch, tmp_path, f"cat > /dev/null; {script}")
    with pytest.raises(RenderingRefused, match="could not be turned into HTML") as caught:
        render("x", language="en", sources=[])
    assert caught.value.line is None


def test_a_program_that_does_not_read_is_a_refusal(monkeypatch, tmp_path):
    fake_program(monkeypatch, tmp_path, "exit 4")
    with pytest.raises(RenderingRefused, match="exit status 4"):
        render("x" * 200_000, language="en", sources=[])


def test_a_program_that_sleeps_is_ended(monkeypatch, tmp_path):
    fake_program(monkeypatch, tmp_path, "exec sleep 60")
    started = time.monotonic()
    with pytest.raises(RenderingRefused, match=re.escape("takes longer than 0.3 seconds")):
        render("x", language="en", sources=[], seconds=0.3)
    assert time.monotonic() - started < 20


def test_a_program_that_cannot_start_is_a_refusal(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(RenderingRefused, match="could not be turned into HTML"):
        render("x", language="en", sources=[])


def test_the_program_sees_none_of_our_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("KETCARE_KEYS", "secret")
    fake_program(monkeypatch, tmp_path, f"cat > /dev/null; env > {tmp_path}/seen; echo '{ANSWER}'; echo 0")
    render("x", language="en", sources=[])
    assert "secret" not in (tmp_path / "seen").read_text()


def test_the_answer_of_a_child_is_limited_by_the_kernel(tmp_path):
    script = f"from articles.renderer import _limit_self; _limit_self(5); print('x' * {2 * ANSWER_LIMIT})"
    with (tmp_path / "answer").open("wb") as answer:
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=answer, stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=120
        )
    assert b"File too large" in done.stderr
    assert (tmp_path / "answer").stat().st_size <= ANSWER_LIMIT
