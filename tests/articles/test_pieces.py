"""The pieces of a guide's HTML, as other pages show and search them."""

from articles.pieces import on_another_page, parts_of, questions_of, text_of
from tests.articles.making import html
from tests.conftest import body_with

BODY = body_with("Rest <well> & “long”.")


def test_parts_come_with_their_name_and_what_is_inside():
    parts = list(parts_of(html(BODY, "trial-2020")))
    assert [part.name for part in parts] == ["quick-answer", "safety", "talk-first", "unknown", "faq", "ask"]
    assert text_of(parts[3].html) == "What is not known · How long it lasts."


def test_a_question_comes_with_its_answer_and_the_id_that_opens_it():
    (question,) = questions_of(html(BODY, "trial-2020"))
    assert (question.id, question.ask) == ("is-rest-enough", "Is rest enough?")
    assert text_of(question.answer) == "For today, yes."
    assert question.fold.startswith("<details")
    assert question.fold.endswith("</details>")


def test_a_question_with_a_table_in_its_answer_ends_where_its_fold_does():
    body = (
        "## Asked {: .faq }\n\n### How much?\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd.\n\n### And then?\n\nNothing.\n"
    )
    first, second = questions_of(html(body))
    assert text_of(first.answer).endswith("End.")
    assert text_of(second.answer) == "Nothing."


def test_a_text_that_looks_like_a_question_is_none():
    assert list(questions_of(html('`<details class="fold">\n<summary>a</summary>`\n'))) == []


def test_text_is_what_a_reader_reads():
    sealed = html("A *small* **step**[@trial-2020], & no `<b>`.\n\n- one\n- two\n", "trial-2020")
    assert text_of(sealed) == "A small step, & no <b>. one · two"


def test_on_another_page_ids_are_told_apart_and_addresses_lead_home():
    body = "## Asked {: .faq }\n\n### Why?\n\nA trial[@trial-2020] says so. See [Risks](/guides/safety/risks/).\n"
    (question,) = questions_of(html(body, "trial-2020"))
    moved = on_another_page(question.fold, prefix="rest--", home="/guides/integration/rest/")
    assert 'id="rest--why"' in moved
    assert 'id="rest--cite-1-1"' in moved
    assert 'href="/guides/integration/rest/#source-1"' in moved
    assert 'href="/guides/safety/risks/"' in moved


def test_words_that_look_like_an_id_stay_as_they_are():
    (question,) = questions_of(html('## Asked {: .faq }\n\n### Why?\n\nWrite id="a" or href="#b".\n'))
    assert 'Write id="a" or href="#b".' in on_another_page(question.fold, prefix="x--", home="/y/")
