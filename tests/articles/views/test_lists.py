"""Start page, index, sections and sitemap: they lead to what may be shown, and to nothing else."""

from collections.abc import Callable

import pytest

from articles import review
from articles.models import Guide
from articles.models.revision import Change
from tests.articles.views.pages import DAY, GUIDE, LISTS, main_of, put
from tests.conftest import NEXT_YEAR, NOW
from tests.reading import check_help, read

Shows = Callable[[str], bool]


@pytest.fixture
def shows(reader) -> Shows:
    """Whether the page at that address leads to the guide."""
    return lambda address: GUIDE in reader.get(address).text


@pytest.mark.parametrize("state", ["signed", "overdue", "urgent", "sample"])
@pytest.mark.parametrize("address", LISTS)
def test_a_guide_whose_words_may_be_shown_is_in_every_list(request, shows, state, address):
    request.getfixturevalue(state)
    assert shows(address)


@pytest.mark.parametrize("state", ["guide", "submitted", "withdrawn", "checking"])
@pytest.mark.parametrize("address", LISTS)
def test_any_other_guide_is_in_no_list(request, submit, dr_rao, shows, state, address):
    request.getfixturevalue(state)
    put(submit, "small-steps", by=dr_rao)
    assert not shows(address)


@pytest.mark.parametrize("state", ["guide", "submitted", "withdrawn", "checking"])
def test_an_empty_section_is_not_found_and_named_nowhere(request, reader, submit, dr_rao, state):
    request.getfixturevalue(state)
    put(submit, "when-to-call", "safety", by=dr_rao)
    assert reader.get("/guides/integration/").status_code == 404
    assert reader.get("/guides/safety/").status_code == 200
    for address in ("/", "/guides/", "/sitemap.xml", "/guides/safety/", "/guides/safety/when-to-call/"):
        assert "/guides/integration/" not in reader.get(address).text


def test_a_section_that_nobody_knows_is_not_found(signed, reader):
    assert reader.get("/guides/elsewhere/").status_code == 404


def test_a_section_lists_its_own_guides_by_title(signed, submit, dr_rao, reader):
    put(submit, "when-to-call", "safety", by=dr_rao)
    put(submit, "small-steps", by=dr_rao)
    main = main_of(reader.get("/guides/integration/"))
    assert main.one("h1").text == "The days after"
    assert [item.text for item in main.all("h3")] == ["Guide small-steps", "Rest first"]


def test_the_index_lists_sections_in_their_order(signed, submit, dr_rao, reader):
    put(submit, "when-to-call", "safety", by=dr_rao)
    put(submit, "the-day", "what-to-expect", by=dr_rao)
    main = main_of(reader.get("/guides/"))
    assert [item.text for item in main.all("h2")] == ["The days after", "Before, during, after", "Staying safe"]


@pytest.mark.parametrize("address", ["/", "/guides/"])
def test_lists_stand_without_any_guide(db, reader, address):
    response = reader.get(address)
    assert response.status_code == 200
    check_help(read(response.content))


def test_a_list_says_of_each_guide_where_it_stands(overdue, submit, dr_lee, reader, clock):
    now = NOW + 366 * DAY
    urgent = Guide.objects.create(section="safety", slug="urgent", changed_at=NOW)
    revision = submit(urgent, title="Guide urgent", change=Change.URGENT, reason="A warning.")
    review.publish_urgently(revision, by=dr_lee, digest=revision.digest, now=now)
    items = {item.one("h3").text: item.text for item in main_of(reader.get("/guides/")).all("li")}
    assert "Reviewed by Asha Rao, MD, Nov. 2, 2026 · yearly check is late" in items["Rest first"]
    assert "Changed urgently Nov. 3, 2027, not yet signed" in items["Guide urgent"]
    assert "Reviewed by" not in items["Guide urgent"]


def test_the_start_page_shows_the_three_newest_guides(signed, submit, dr_rao, reader):
    for day, slug in enumerate(["third", "second", "first"], 1):
        guide = Guide.objects.create(section="safety", slug=slug, changed_at=NOW)
        revision = submit(guide, title=f"Guide {slug}")
        review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW + day * DAY, next_due=NEXT_YEAR)
    titles = [item.text for item in main_of(reader.get("/")).all("h3")]
    assert titles == ["Guide first", "Guide second", "Guide third"]


def test_the_sitemap_gives_full_addresses_and_the_day_of_the_last_verdict(signed, reader):
    found = reader.get("/sitemap.xml").text
    assert "<loc>http://localhost:8000/guides/integration/rest-first/</loc><lastmod>2026-11-02</lastmod>" in found
    assert "<loc>http://localhost:8000/guides/integration/</loc>" in found
    assert "history" not in found
