"""Words of the glossary in and out: what somebody edited here is never overwritten."""

import pytest
import tomli_w

from articles import importing
from ketcare.site.models import GlossaryTerm
from tests.articles.folder import TODAY, ContentFolder
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

TORPOR = {"term": "Torpor", "also": ["torpid"], "meaning": "Slowness.", "mark": True, "guides": []}


@pytest.fixture
def folder(tmp_path):
    return ContentFolder(tmp_path)


def take_in(folder: ContentFolder, **terms: dict[str, object]) -> list[str]:
    folder.write("glossary.toml", tomli_w.dumps(terms))
    return [f"{result}" for result in importing.take_in(folder.read(TODAY), now=NOW)]


def test_a_word_comes_in_and_follows_its_file(folder):
    assert take_in(folder, torpor=TORPOR) == []
    assert GlossaryTerm.objects.get().record() == TORPOR
    take_in(folder, torpor={**TORPOR, "meaning": "A slow state."})
    assert GlossaryTerm.objects.get().meaning == "A slow state."


def test_a_word_that_was_edited_here_is_left_as_it_is(folder):
    take_in(folder, torpor=TORPOR)
    term = GlossaryTerm.objects.get()
    term.meaning = "My own words."
    term.save()
    (told,) = take_in(folder, torpor={**TORPOR, "meaning": "A slow state."})
    assert "edited here" in told
    assert GlossaryTerm.objects.get().meaning == "My own words."


def test_a_word_that_is_the_same_is_not_touched(folder):
    take_in(folder, torpor=TORPOR)
    before = GlossaryTerm.objects.get().changed_at
    take_in(folder, torpor=TORPOR)
    assert GlossaryTerm.objects.get().changed_at == before


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"meaning": 3}, "a meaning of the wrong kind"),
        ({"meaning": "x" * 321}, "too long"),
        ({"also": ["a", 3]}, "an also that is not a list of texts"),
        ({"color": "red"}, "unknown field color"),
    ],
)
def test_a_bad_word_is_refused_with_the_reason_and_the_others_come_in(folder, wrong, reason):
    folder.write("glossary.toml", tomli_w.dumps({"bad": {**TORPOR, **wrong}, "torpor": TORPOR}))
    content = folder.read(TODAY)
    assert [problem for problem in content.problems if reason.split(" ", 1)[-1] in str(problem)]
    assert list(content.terms) == ["torpor"]


def test_a_folder_needs_no_glossary(folder):
    assert folder.read(TODAY).problems == []
