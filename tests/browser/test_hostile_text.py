"""Hostile text in a real browser, with the content security policy off: it stays text.

Here many strings share a page, or a page's frames. One browser profile for each string, and the figures:
python -m bench.hostile_text
"""

from collections.abc import Iterator
from itertools import batched

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.csp import build_policy
from playwright.sync_api import Browser, BrowserContext

from articles import content, importing
from articles.source import BadFile
from tests.browser import hostile_pages as pages
from tests.browser.watching import Seen, Stage, elements

SHARE = 40  # documents in frames of one page


@pytest.fixture
def no_policy(chromium: Browser) -> Iterator[BrowserContext]:
    with chromium.new_context(bypass_csp=True) as context:
        yield context


def shown(context: BrowserContext, documents: list[str], headers: dict[str, str] | None = None) -> list[Seen]:
    """What becomes of each document in a frame of its own."""
    return [seen for some in batched(documents, SHARE) for seen in Stage(context).show([*some], headers)]


def test_hostile_text_in_a_guide_stays_text(no_policy: BrowserContext):
    stage = Stage(no_policy)
    rendered = {text: made for text in pages.strings() if (made := pages.as_guide(text))}
    for some in batched(rendered.items(), 150):
        (seen,) = stage.show([pages.articles([one for _, made in some for one in made])])
        assert seen.tree is not None
        built = elements(seen.tree, "article")
        assert len(built) == 2 * len(some), "a string left its article"
        faults = {
            text: found
            for at, (text, made) in enumerate(some)
            if (found := pages.guide_faults(text, made, built[2 * at : 2 * at + 2]))
        }
        assert faults == {}
        assert pages.deeds(seen) == []
        assert pages.strange_schemes(stage.schemes(pages.addresses(seen.tree))) == set()
    assert len(rendered) > 0.95 * len(pages.strings())  # the others were refused in words


def test_the_same_text_unprotected_runs_and_leaves_what_no_guide_may_hold(no_policy: BrowserContext):
    """The judges of the test above can see what they look for."""
    seen = shown(no_policy, [pages.unprotected_guide(text) for text in pages.OURS])
    trees = [one.tree for one in seen if one.tree]
    assert sum(one.executed for one in seen) >= 25
    assert sum(bool(one.shown) for one in seen) >= 25
    assert sum(any(map(pages.node_faults, elements(tree, "article"))) for tree in trees) >= 40
    schemes = Stage(no_policy).schemes([address for tree in trees for address in pages.addresses(tree)])
    assert pages.strange_schemes(schemes) >= {"javascript:", "vbscript:", "http:", "file:"}


def test_the_policy_alone_lets_no_unprotected_text_run(chromium: Browser):
    with chromium.new_context() as context:
        policy = {"Content-Security-Policy": build_policy(settings.SECURE_CSP)}
        seen = shown(context, [pages.unprotected_guide(text) for text in pages.OURS[::2]], policy)
    assert all(one.tree for one in seen)
    assert [one for one in seen if one.executed] == []


@pytest.fixture
def known(db: None, client: Client, no_policy: BrowserContext) -> set[tuple[str, str]]:
    """The elements and attributes of the search pages for harmless queries, over the guides of one section."""
    now = timezone.now()
    shipped = content.read(settings.CONTENT_DIR, now.date())
    shipped.guides = [guide for guide in shipped.guides if guide.path.parent.name == "safety"]
    assert not [result for result in importing.take_in(shipped, now=now) if isinstance(result, BadFile)]
    seen = shown(no_policy, [searched(client, query) for query in pages.HARMLESS])
    return {one for page in seen if page.tree for one in pages.shape(page.tree)}


def searched(client: Client, query: str) -> str:
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200, query
    return answer.text


def test_hostile_text_in_the_search_box_stays_text(client: Client, no_policy: BrowserContext, known):
    queries = pages.OURS[::2]
    seen = shown(no_policy, [searched(client, query) for query in queries])
    faults = {
        query: found
        for query, one in zip(queries, seen, strict=True)
        if (found := pages.search_faults(query, one.tree, known) if one.tree else ["went elsewhere"])
    }
    assert faults == {}
    assert [deed for one in seen for deed in pages.deeds(one)] == []
    addresses = {address for one in seen if one.tree for address in pages.addresses(one.tree)}
    assert pages.strange_schemes(Stage(no_policy).schemes(sorted(addresses))) == set()

    query = '"><img src=x onerror=alert(1)>'
    (unprotected,) = shown(no_policy, [pages.unprotected_search(query)])
    assert unprotected.executed
    assert unprotected.tree is not None
    assert len(pages.search_faults(query, unprotected.tree, known)) >= 3, "the judge of this test sees nothing"
