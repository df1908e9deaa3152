"""The shelf: finished pages are kept, and yet every request shows what the database has at that moment."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import review, shelf
from articles.models import Guide, Rendering, Review
from articles.models.guide import State
from ketcare.ready import ReadyPage
from ketcare.site.models import GlossaryTerm
from tests.articles.plain_sql import overwrite, remove
from tests.conftest import NEXT_YEAR, NOW

PLACE = ("en", "integration", "rest-first")


@pytest.fixture(autouse=True)
def on_the_clinics_day(time_machine: Any) -> None:
    time_machine.move_to(NOW)


def held() -> shelf.Shelved:
    found = shelf.find(*PLACE)
    assert found is not None
    return found


def state() -> State:
    return held().guide.public_state(NOW).kind


# What is read


def test_nothing_is_found_where_there_is_no_guide(db):
    assert shelf.find(*PLACE) is None


def test_a_guide_is_found_at_its_own_address_only(signed):
    assert held().guide == signed
    assert shelf.find("es", "integration", "rest-first") is None
    assert shelf.find("en", "safety", "rest-first") is None
    assert shelf.find("en", "integration", "rest") is None


def test_the_shelf_reads_what_the_models_read(signed, dr_lee, morgan):
    """The shelf runs the statement itself: each value has to come out as the ORM would give it."""
    for reviewer in (dr_lee, morgan):
        review.sign(signed.live, by=reviewer, digest=signed.live.digest, now=NOW, next_due=NEXT_YEAR)
    [expected] = Guide.objects.with_words()
    found = held().guide
    assert columns_of(found) == columns_of(expected)
    assert columns_of(found.words) == columns_of(expected.words)
    assert columns_of(found.html) == columns_of(expected.html)
    assert [columns_of(row) for row in found.live_reviews] == [columns_of(row) for row in expected.live_reviews]
    assert (found.site_version, len(found.live_reviews)) == (expected.site_version, 3)


def columns_of(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_guide_without_words_is_found_too(guide):
    assert held().guide.public_state(NOW).kind == State.UNPUBLISHED
    assert held().guide.live_reviews == ()


def test_a_guide_is_read_in_one_query_each_time(signed, django_assert_num_queries):
    for _ in range(3):
        with django_assert_num_queries(1):
            held()


# What stays and what does not


def test_what_did_not_change_is_not_worked_out_again(signed):
    assert held() is held()


def test_a_page_is_made_once_for_the_same_things_shown(signed):
    made = []

    def make() -> ReadyPage:
        made.append(1)
        return ReadyPage(b"page")

    first = held().page("today", make)
    assert held().page("today", make) is first
    assert len(made) == 1
    held().page("tomorrow", make)
    assert len(made) == 2
    assert list(held().pages) == ["tomorrow"]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda guide: overwrite(guide.live, body="Other words.\n"),
        lambda guide: overwrite(guide.live, title="Rest second"),
        lambda guide: overwrite(guide.live, meta={}),
        lambda guide: overwrite(Rendering.objects.get(), html="<p>Other words.</p>"),
        lambda guide: overwrite(Rendering.objects.get(), contents={}),
        lambda guide: remove(Rendering.objects.get()),
        lambda guide: overwrite(Review.objects.get(), name="Min Lee"),
        lambda guide: overwrite(Review.objects.get(), next_due=dt.date(2099, 1, 1)),
        lambda guide: remove(Review.objects.get()),
    ],
    ids=["body", "title", "meta", "html", "contents", "no html", "name", "next review", "no review"],
)
def test_a_change_by_plain_sql_is_seen_at_the_next_request(signed, reader, tamper):
    """Though the page is ready, and nothing told the site about the change."""
    assert reader.get(signed.get_absolute_url()).status_code == 200
    tamper(signed)
    response = reader.get(signed.get_absolute_url())
    assert response.status_code == 503
    assert "Take it slowly." not in response.text


def test_an_etag_from_before_a_change_by_plain_sql_is_no_longer_good(signed, reader):
    etag = reader.get(signed.get_absolute_url()).headers["ETag"]
    overwrite(signed.live, body="Other words.\n")
    assert reader.get(signed.get_absolute_url(), headers={"If-None-Match": etag}).status_code == 503


def test_words_that_were_put_back_are_shown_again(signed, reader):
    body = signed.live.body
    before = reader.get(signed.get_absolute_url())
    overwrite(signed.live, body="Other words.\n")
    assert reader.get(signed.get_absolute_url()).status_code == 503
    overwrite(signed.live, body=body)
    after = reader.get(signed.get_absolute_url())
    assert (after.status_code, after.content) == (200, before.content)


def test_a_withdrawal_and_a_revocation_are_seen_at_the_next_request(signed, reader, dr_lee):
    assert reader.get(signed.get_absolute_url()).status_code == 200
    review.revoke(Review.objects.get(), by=dr_lee, why="A dose was wrong.", now=NOW)
    assert reader.get(signed.get_absolute_url()).status_code == 503
    review.withdraw(signed, why="A dose was wrong.", now=NOW)
    assert reader.get(signed.get_absolute_url()).status_code == 410


def test_a_guide_that_moved_leaves_its_old_address(signed, reader):
    assert reader.get(signed.get_absolute_url()).status_code == 200
    overwrite(signed, slug="rest-later")
    assert reader.get(signed.get_absolute_url()).status_code == 404
    assert shelf._shelf == {}


def test_a_full_shelf_starts_again(signed, submit, monkeypatch):
    monkeypatch.setattr(shelf, "MOST", 2)
    for slug in ("one", "two"):
        Guide.objects.create(section="safety", slug=slug, changed_at=NOW)
        shelf.find("en", "safety", slug)
    held()
    assert list(shelf._shelf) == [PLACE]


def test_addresses_that_are_not_there_take_no_room(signed):
    for number in range(20):
        shelf.find("en", "integration", f"nothing-{number}")
    assert shelf._shelf == {}


# Related guides


@pytest.fixture
def neighbors(signed, submit, dr_rao) -> dict[str, Guide]:
    """Signed guides, the first in the same section, with the title of their slug."""
    guides = {}
    for section, slug in [("safety", "when-to-call"), ("integration", "small-steps"), ("what-to-expect", "the-day")]:
        guide = Guide.objects.create(section=section, slug=slug, changed_at=NOW)
        revision = submit(guide, title=f"Guide {slug}")
        review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
        guides[slug] = guide
    return guides


def related() -> list[str]:
    return [guide.slug for guide in shelf.others(held().guide, NOW)]


def test_other_guides_of_the_section_come_first(neighbors):
    assert related()[0] == "small-steps"
    assert set(related()) == {"small-steps", "when-to-call", "the-day"}


def test_other_guides_are_read_once_until_the_content_changes(neighbors, django_assert_num_queries, dr_lee):
    related()
    with django_assert_num_queries(1):  # the guide's own
        related()
    review.withdraw(neighbors["the-day"], why="A dose was wrong.", now=NOW)
    assert set(related()) == {"small-steps", "when-to-call"}


@pytest.mark.parametrize("deed", ["withdrawn", "taken back", "tampered with"])
def test_a_guide_whose_words_may_not_be_shown_is_not_related(neighbors, reader, dr_lee, deed):
    address = "/guides/integration/rest-first/"
    guide = neighbors["small-steps"]
    if deed == "tampered with":
        overwrite(guide.live, title="Guide to other things")
    assert ("Guide small-steps" in reader.get(address).text) == (deed != "tampered with")
    if deed == "withdrawn":
        review.withdraw(guide, why="A dose was wrong.", now=NOW)
    if deed == "taken back":
        review.revoke(Review.objects.get(revision=guide.live), by=dr_lee, why="A dose was wrong.", now=NOW)
    page = reader.get(address).text
    assert "Guide small-steps" not in page
    assert "Guide to other things" not in page
    assert "Guide when-to-call" in page


def test_new_words_of_a_related_guide_are_on_the_next_page(neighbors, reader, submit, dr_rao):
    reader.get("/guides/integration/rest-first/")
    revision = submit(neighbors["small-steps"], "Newer words.", title="Smaller steps")
    assert "Guide small-steps" in reader.get("/guides/integration/rest-first/").text
    review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
    assert "Smaller steps" in reader.get("/guides/integration/rest-first/").text


def test_guides_of_another_language_are_not_related(neighbors):
    overwrite(neighbors["small-steps"], language="es")
    assert "small-steps" not in related()


# How many queries a page costs


def queries(reader: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert reader.get("/guides/integration/rest-first/").status_code == 200
    return len(captured)


def test_a_page_costs_three_queries_when_the_shelf_is_cold_and_one_when_it_is_warm(neighbors, reader):
    assert [queries(reader) for _ in range(3)] == [3, 1, 1]


def test_a_page_costs_one_query_when_it_is_not_modified(neighbors, reader, django_assert_num_queries):
    etag = reader.get("/guides/integration/rest-first/").headers["ETag"]
    with django_assert_num_queries(1):
        response = reader.get("/guides/integration/rest-first/", headers={"If-None-Match": etag})
    assert response.status_code == 304


def test_a_second_guide_costs_one_query_once_the_others_are_known(neighbors, reader, django_assert_num_queries):
    queries(reader)
    with django_assert_num_queries(1):
        assert reader.get(neighbors["small-steps"].get_absolute_url()).status_code == 200


def test_a_change_elsewhere_costs_one_further_query(neighbors, reader, dr_lee):
    queries(reader)
    review.withdraw(neighbors["the-day"], why="A dose was wrong.", now=NOW)
    assert [queries(reader), queries(reader)] == [2, 1]


def test_a_page_with_many_reviews_costs_no_more(signed, reader, dr_lee, morgan):
    for number in range(3):
        now = NOW + dt.timedelta(seconds=number)
        review.sign(signed.live, by=dr_lee, digest=signed.live.digest, now=now, next_due=NEXT_YEAR)
    assert [queries(reader), queries(reader)] == [3, 1]


def test_a_changed_word_of_the_glossary_is_on_the_page_at_once(signed, reader):
    assert "Not fast." not in reader.get(signed.get_absolute_url()).text
    GlossaryTerm.objects.create(key="slowly", term="Slowly", meaning="Not fast.")
    assert "Not fast." in reader.get(signed.get_absolute_url()).text


def test_a_page_that_is_being_checked_costs_one_query(signed, reader, django_assert_num_queries):
    overwrite(signed.live, body="Other words.\n")
    for _ in range(2):
        with django_assert_num_queries(1):
            assert reader.get(signed.get_absolute_url()).status_code == 503
