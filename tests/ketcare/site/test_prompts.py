"""What the journal asks: shipped words, and those that Ed wrote in their place."""

import pytest
from django.db import IntegrityError, transaction

from journal.forms import ReflectionForm
from ketcare.site.models import Prompt
from ketcare.site.prompts import PLACES, prompt, prompts, shipped
from tests.ketcare.at_work import colleague, sit_down

pytestmark = pytest.mark.django_db

FORM = {
    "heading": "Body",
    "question": "How is your body?",
    "swaps": "What can wait?\n\n Who helps? \n",
    "chips": "Tired",
}


def test_every_place_has_shipped_words_and_no_words_are_without_a_place():
    assert set(shipped()) == set(PLACES)


def test_a_place_that_nobody_touched_has_its_shipped_words():
    assert prompt("day-1").question == "How does your body feel, and what would make today easier on it?"
    assert not Prompt.objects.exists()


def test_words_of_the_desk_come_first():
    Prompt.objects.create(key="day-1", heading="Rest")
    found = prompts("day-2", "day-1")
    assert list(found) == ["day-2", "day-1"]
    assert (found["day-1"].heading, found["day-2"].heading) == ("Rest", "Feelings")


@pytest.mark.parametrize("place", [f"day-{day}" for day in range(1, 8)])
def test_every_card_can_be_swapped_for_another_question(place):
    assert prompt(place).swaps


def test_ed_writes_other_questions_a_line_each():
    row = Prompt.objects.create(key="day-1", heading="Rest")
    client = sit_down(colleague("ed@example.org", "editor"))
    assert client.post(f"/admin/site/prompt/{row.pk}/change/", FORM).status_code == 302
    row.refresh_from_db()
    assert (row.swaps, row.chips, row.no_better) == (["What can wait?", "Who helps?"], ["Tired"], [])
    page = client.get(f"/admin/site/prompt/{row.pk}/change/").content.decode()
    assert "What can wait?\nWho helps?" in page


def test_an_answer_that_leads_to_help_is_one_of_the_short_answers():
    row = Prompt.objects.create(key="day-1", heading="Rest")
    client = sit_down(colleague("ed@example.org", "editor"))
    response = client.post(f"/admin/site/prompt/{row.pk}/change/", {**FORM, "no_better": "Worse"})
    assert "in the same words" in response.content.decode()


@pytest.mark.parametrize("box", ["swaps", "chips"])
def test_a_line_is_no_longer_than_the_journal_takes(box):
    row = Prompt.objects.create(key="day-1", heading="Rest")
    client = sit_down(colleague("ed@example.org", "editor"))
    long, most = "W" * 201, "W" * 200
    response = client.post(
        f"/admin/site/prompt/{row.pk}/change/", {**FORM, box: f"Tired\n{long}", "no_better": "Tired"}
    )
    said = response.content.decode()
    assert f"“{long[:40]} …” has 201 characters. 200 are the most for a line." in said
    assert "in the same words" not in said
    assert client.post(f"/admin/site/prompt/{row.pk}/change/", {**FORM, box: most}).status_code == 302
    assert ReflectionForm({"text": "Words.", "question": most, "chip": most}).is_valid()


def test_a_prompt_has_a_heading():
    with pytest.raises(IntegrityError, match="a_prompt_has_a_heading"), transaction.atomic():
        Prompt.objects.create(key="day-1", heading="")
