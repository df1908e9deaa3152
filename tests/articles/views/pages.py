"""How the tests of this folder name and read pages."""

import datetime as dt
from typing import Any

from articles import review
from articles.models import Guide
from tests.conftest import NEXT_YEAR, NOW
from tests.reading import Element, read

DAY = dt.timedelta(days=1)
GUIDE = "/guides/integration/rest-first/"
HISTORY = f"{GUIDE}history/"
JSON = f"{GUIDE}review.json"
LISTS = ["/", "/guides/", "/guides/integration/", "/sitemap.xml"]


def main_of(response: Any) -> Element:
    """The main part of a page."""
    return read(response.content).one("main")


def words_of(response: Any) -> str:
    """What a reader sees in the main part of a page, with single spaces."""
    return main_of(response).text


def put(submit: Any, slug: str, section: str = "integration", *, by: Any, **columns: Any) -> Guide:
    """Another signed guide, titled like its address."""
    guide = Guide.objects.create(section=section, slug=slug, changed_at=NOW)
    revision = submit(guide, title=f"Guide {slug}", **columns)
    review.sign(revision, by=by, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
    return guide
