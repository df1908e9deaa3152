"""The list of guides on the desk: what it says of each, and that many guides cost no more queries than a few."""

import re
from importlib import import_module

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import rendering, review
from articles.models import Guide, Rendering
from tests.articles.desk.conftest import write
from tests.articles.desk.test_signing import address, filled
from tests.articles.worklist.many import make_site
from tests.conftest import NOW
from tests.reading import read

LIST = "/admin/articles/guide/"


def rows(client: Client) -> list[list[str]]:
    """The cells of the list: guide, what readers see, the newest words, the next review, section."""
    table = re.search(r"<tbody>.*</tbody>", client.get(LIST).text, re.DOTALL)  # the rest does not nest as ours does
    assert table is not None
    return [[cell.text for cell in row.children] for row in read(table[0]).all("tr")]


def row_of(client: Client, guide: Guide) -> list[str]:
    [cells] = rows(client)
    assert str(guide) == "en/integration/rest-first"
    return cells


def test_a_guide_without_words_is_called_by_its_address(editor, guide):
    assert row_of(editor, guide) == ["en/integration/rest-first", "nothing yet", "-", "-", "The days after"]


def test_a_draft_and_words_that_wait_are_told_apart(editor, typed, guide, submit):
    write(editor, guide, typed())
    assert row_of(editor, guide) == ["Rest first", "nothing yet", "draft 1", "-", "The days after"]
    submit(guide)
    assert row_of(editor, guide)[1:4] == ["nothing yet", "version 2, handed in", "-"]


def test_a_signed_guide_says_when_it_is_due(editor, signed):
    assert row_of(editor, signed)[1:4] == ["version 1", "as readers see them", "Nov. 2, 2027"]


def test_a_guide_keeps_the_title_that_readers_see_while_a_new_one_is_written(editor, typed, signed):
    write(editor, signed, typed(title="Rest second"))
    assert row_of(editor, signed) == ["Rest first", "version 1", "draft 2", "Nov. 2, 2027", "The days after"]


def test_a_sample_is_called_one_and_has_no_day_of_a_review(editor, sample):
    assert row_of(editor, sample)[1:4] == ["version 1, a sample", "as readers see them", "-"]


def test_an_urgent_change_is_called_one(editor, urgent):
    assert row_of(editor, urgent)[1] == "version 1, urgent"


def test_a_withdrawn_guide_says_so(editor, signed):
    review.withdraw(signed, why="A dose was wrong.", now=NOW)
    assert row_of(editor, signed)[1] == "withdrawn"


def test_a_changed_source_stands_where_the_day_would(editor, ed, signed, trial):
    review.warn_of_source(trial, notice="A recall.", by=ed, now=NOW)
    assert row_of(editor, signed)[3] == "source changed"


def test_many_guides_cost_no_more_queries_than_a_few(editor, ed, dr_rao):
    asked = ["", "?q=rest", "?section__exact=integration", "?o=4", "?o=-1"]

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert editor.get(address).status_code == 200
        return len(found)

    make_site("few", guides=3, revisions=3, reviewer=dr_rao, author=ed)
    editor.get(LIST)
    few = {address: queries(LIST + address) for address in asked}
    make_site("many", guides=500, revisions=10, reviewer=dr_rao, author=ed)
    assert {address: queries(LIST + address) for address in asked} == few


def test_signing_one_guide_renders_that_one_at_most(monkeypatch, rao, dr_rao, ed, signed, submit):
    make_site("others", guides=20, revisions=2, reviewer=dr_rao, author=ed)
    waiting = submit(signed, "Take it very slowly.")
    kept = set(Rendering.objects.values_list("pk", flat=True))
    rendered: list[str] = []
    real = rendering.html_of

    def counted(body, language, sources):
        rendered.append(body)
        return real(body, language, sources)

    for module in ("articles.desk.judging", "articles.desk.words", "articles.review.writing"):
        monkeypatch.setattr(
            import_module(module), "render", lambda body, *, language, sources: counted(body, language, sources)
        )
    given = filled(rao.get(address(waiting)))
    assert set(rendered) <= {waiting.body}, "the page to sign on reads the whole text as lint does"
    rendered.clear()
    assert rao.post(address(waiting), given).status_code == 302
    assert rendered == [], "the HTML was made when the words were handed in"
    assert rao.get(signed.get_absolute_url()).status_code == 200
    assert rendered == []
    assert set(Rendering.objects.values_list("pk", flat=True)) == kept
