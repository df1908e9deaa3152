"""Short ways to make a guide's HTML in tests, without a process."""

import pytest

from articles.markdown_parts import tree_of
from articles.rendering import Rendered, RenderingRefused, html_of
from articles.sanitising import nh3_alone
from articles.serialising import serialise
from articles.structure import structure_of
from tests.articles.hostile import faults_of


def made(body: str, *sources: str) -> Rendered:
    """The body rendered, in English."""
    return html_of(body, "en", list(sources))


def html(body: str, *sources: str) -> str:
    """The body's HTML."""
    return made(body, *sources).html


def refusal(body: str, *sources: str) -> RenderingRefused:
    """Why the body is refused; fails where it is not."""
    with pytest.raises(RenderingRefused) as caught:
        made(body, *sources)
    return caught.value


def before_cleaning(body: str, *sources: str) -> str:
    """The body's HTML as no cleaner has seen it yet."""
    return serialise(structure_of(tree_of(body), body=body, language="en", sources=list(sources)).root)


def check_clean(found: str, body: str, *sources: str) -> None:
    """Assert that nothing is wrong with this HTML of a body, and that the cleaners had nothing to do."""
    assert faults_of(found) == [], body
    assert found == before_cleaning(body, *sources) == nh3_alone(found), body
