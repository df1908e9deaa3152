"""Moving a guide: its old addresses lead to it, no address is two guides', and a refusal changes nothing."""

import pytest

from articles import review
from articles.models import Guide, GuideAddress
from articles.models.guide import State
from tests.articles.review.verbs import everything, refused, state_of
from tests.conftest import NOW

OLD = "/guides/integration/rest-first/"


def addresses() -> dict[str, str]:
    """Each old address with the guide that it leads to."""
    return {row.path: str(row.guide) for row in GuideAddress.objects.select_related("guide")}


def test_a_guide_moves_with_its_words_and_leaves_its_address_behind(signed, ed):
    words, version = signed.live, signed.changed_at
    review.move(signed, section="safety", slug="rest", by=ed)
    guide = Guide.objects.get()
    assert (guide.section, guide.slug, guide.live) == ("safety", "rest", words)
    assert guide.changed_at > version
    assert (signed.section, signed.slug) == ("safety", "rest"), "the object knows as well"
    assert addresses() == {OLD: "en/safety/rest"}
    assert state_of(signed) == State.REVIEWED


def test_a_guide_without_words_moves_as_well(guide, ed):
    review.move(guide, section="safety", slug="rest", by=ed)
    assert addresses() == {OLD: "en/safety/rest"}


def test_all_addresses_that_a_guide_had_lead_to_it(signed, ed):
    review.move(signed, section="safety", slug="second", by=ed)
    review.move(signed, section="safety", slug="third", by=ed)
    assert addresses() == {OLD: "en/safety/third", "/guides/safety/second/": "en/safety/third"}


def test_a_guide_that_comes_back_has_its_own_address_again(signed, ed):
    review.move(signed, section="safety", slug="second", by=ed)
    review.move(signed, section="integration", slug="rest-first", by=ed)
    assert addresses() == {"/guides/safety/second/": "en/integration/rest-first"}


def test_moving_where_it_stands_changes_nothing(signed, ed):
    before = everything()
    review.move(signed, section="integration", slug="rest-first", by=ed)
    assert everything() == before


def test_whoever_holds_an_older_object_moves_the_guide_from_where_it_is(signed, ed):
    held = Guide.objects.get()
    review.move(signed, section="safety", slug="second", by=ed)
    review.move(held, section="safety", slug="third", by=ed)
    assert set(addresses()) == {OLD, "/guides/safety/second/"}


def test_a_guide_takes_no_address_that_another_has(signed, ed):
    Guide.objects.create(section="safety", slug="taken", changed_at=NOW)
    assert refused(review.move, signed, section="safety", slug="taken", by=ed) == "Another guide has this address."
    assert addresses() == {}


def test_a_guide_of_another_language_takes_no_address_away(signed, ed):
    Guide.objects.create(language="es", section="safety", slug="rest", changed_at=NOW)
    review.move(signed, section="safety", slug="rest", by=ed)
    assert str(Guide.objects.get(pk=signed.pk)) == "en/safety/rest"


def test_a_guide_takes_no_address_that_leads_to_another(signed, ed):
    other = Guide.objects.create(section="safety", slug="other", changed_at=NOW)
    GuideAddress.objects.create(path="/guides/safety/once/", guide=other)
    reason = refused(review.move, signed, section="safety", slug="once", by=ed)
    assert reason == "This address leads to another guide, which had it before."
    assert addresses() == {"/guides/safety/once/": "en/safety/other"}


@pytest.mark.parametrize("section", ["", "nowhere", "Safety"])
def test_a_guide_moves_into_no_section_that_nobody_knows(signed, ed, section):
    assert refused(review.move, signed, section=section, slug="rest", by=ed) == "There is no such section."
