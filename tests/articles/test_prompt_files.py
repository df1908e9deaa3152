"""The journal's prompts in and out: what somebody edited here is never overwritten."""

from collections.abc import Mapping

import pytest
import tomli_w
from django.conf import settings

from articles import exporting, importing
from ketcare.site.models import Prompt
from tests.articles.folder import TODAY, ContentFolder
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

REST = {"heading": "Rest", "question": "What can wait?", "chips": ["Nothing", "All"], "no_better": ["All"]}


@pytest.fixture
def folder(tmp_path):
    return ContentFolder(tmp_path)


def take_in(folder: ContentFolder, **prompts: Mapping[str, object]) -> list[str]:
    folder.write("prompts.toml", tomli_w.dumps(prompts))
    return [f"{result}" for result in importing.take_in(folder.read(TODAY), now=NOW)]


def test_a_prompt_comes_in_and_follows_its_file(folder):
    assert take_in(folder, rest=REST) == []
    prompt = Prompt.objects.get()
    assert (prompt.said(), prompt.hint, prompt.swaps) == (REST, "", [])
    take_in(folder, rest={"heading": "Rest", "hint": "A word."})
    assert Prompt.objects.get().said() == {"heading": "Rest", "hint": "A word."}


def test_a_prompt_that_was_edited_here_is_left_as_it_is(folder):
    take_in(folder, rest=REST)
    prompt = Prompt.objects.get()
    prompt.question = "What may wait?"
    prompt.save()
    (told,) = take_in(folder, rest={**REST, "question": "What is put off?"})
    assert "edited here" in told
    assert Prompt.objects.get().question == "What may wait?"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"question": "x" * 201}, "too long"),
        ({"swaps": ["One?", ""]}, "swaps that is not a list of texts"),
        ({"no_better": ["Worse"]}, "not among its chips"),
        ({"mood": "low"}, "unknown field mood"),
    ],
)
def test_a_bad_prompt_is_refused_with_the_reason_and_the_others_come_in(folder, wrong, reason):
    folder.write("prompts.toml", tomli_w.dumps({"bad": {**REST, **wrong}, "rest": REST}))
    content = folder.read(TODAY)
    assert [problem for problem in content.problems if reason in str(problem)]
    assert list(content.prompts) == ["rest"]


def test_shipped_prompts_go_out_byte_for_byte_as_they_came_in(folder, tmp_path):
    text = (settings.CONTENT_DIR / "prompts.toml").read_text()
    folder.write("prompts.toml", text)
    assert [*importing.take_in(folder.read(TODAY), now=NOW)] == []
    exporting.write_tables(tmp_path / "out")
    assert (tmp_path / "out" / "prompts.toml").read_text() == text
