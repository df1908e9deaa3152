"""What search engines are told of a guide: a reviewer only for a real signature in date."""

import json
from typing import Any

import pytest

from articles import review
from tests.articles.views.pages import GUIDE, put
from tests.conftest import NEXT_YEAR, NOW
from tests.reading import read


def told(response: Any) -> dict[str, Any]:
    (script,) = read(response.content).all("script")
    page, crumbs = json.loads(script.text)["@graph"]
    return {"page": page, "crumbs": crumbs}


def test_a_signed_guide_names_its_reviewer_and_day(signed, reader):
    page = told(reader.get(GUIDE))["page"]
    assert page["@type"] == "MedicalWebPage"
    assert page["lastReviewed"] == "2026-11-02"
    assert page["reviewedBy"] == {
        "@type": "Person",
        "name": "Asha Rao",
        "honorificSuffix": "MD",
        "url": "http://localhost:8000/reviewers/asha-rao/",
    }


@pytest.mark.parametrize("state", ["sample", "urgent", "overdue"])
def test_any_other_guide_names_none(request, reader, state):
    request.getfixturevalue(state)
    page = told(reader.get(GUIDE))["page"]
    assert page["name"] == "Rest first"
    assert "reviewedBy" not in page
    assert "lastReviewed" not in page


def test_the_way_to_the_guide_is_told(signed, reader):
    crumbs = told(reader.get(GUIDE))["crumbs"]["itemListElement"]
    assert [crumb["name"] for crumb in crumbs] == ["Guides", "The days after", "Rest first"]
    assert crumbs[1]["item"] == "http://localhost:8000/guides/integration/"


def test_words_with_quotes_and_brackets_stay_words(submit, dr_rao, reader):
    title = """A "quoted" </script> & \\ back, 'single' – naïve"""
    guide = put(submit, "odd", by=dr_rao)
    revision = submit(guide, title=title)
    review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
    assert told(reader.get("/guides/integration/odd/"))["page"]["name"] == title
