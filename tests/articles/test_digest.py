"""The digest: one for the same words however they are typed, another for any other words."""

import copy
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import review
from articles.digest import canonical, digest_of, normal_text
from tests.conftest import NOW

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"

SOURCE = {
    "key": "trial-2020",
    "kind": "trial",
    "record": {"authors": "Doe J", "title": "A trial", "year": 2020, "says": "It helped some."},
    "checked_on": "2026-10-01",
    "retracted_on": None,
}
WORDS: dict[str, Any] = {
    "title": "Rest first",
    "summary": "What to do on the day after.",
    "body": "Rest comes first.\n\nThen walk.\n",
    "meta": {"also_known_as": ["After a session", "Day one"], "sources": [SOURCE, {**SOURCE, "key": "label-2023"}]},
}


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """WORDS with another value at the end of that path."""
    words: Any = copy.deepcopy(WORDS)
    place = words
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    result: dict[str, Any] = words
    return result


# One spelling for equal values


def test_a_canonical_value_is_json_with_sorted_keys_in_utf_8():
    assert canonical({"b": [1, True, None], "a": "é\n"}) == b'{"a":"\xc3\xa9\\n","b":[1,true,null]}'


def test_the_order_of_keys_makes_no_difference_at_any_depth():
    assert canonical({"a": {"x": 1, "y": 2}, "b": 3}) == canonical({"b": 3, "a": {"y": 2, "x": 1}})


def test_the_order_of_a_list_makes_a_difference():
    assert canonical(["a", "b"]) != canonical(["b", "a"])


def test_composed_and_decomposed_letters_are_the_same():
    assert COMPOSED != DECOMPOSED
    assert canonical([COMPOSED, {COMPOSED: COMPOSED}]) == canonical([DECOMPOSED, {DECOMPOSED: DECOMPOSED}])


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_every_system_are_the_same(end):
    assert canonical({f"a{end}b": f"one{end}two{end}"}) == canonical({"a\nb": "one\ntwo\n"})


def test_a_tuple_is_a_list():
    assert canonical(("a", ["b"])) == canonical(["a", ("b",)])


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", 1), ("", None), (None, False), ("true", True), ([], {}), ("[]", []), (["a", "b"], ["a,b"]), ("a ", "a")],
)
def test_values_that_only_look_alike_differ(one, other):
    assert canonical([one]) != canonical([other])


@pytest.mark.parametrize("text", ["\ufb01", "\u2163", "x\u00b2", "a\u00a0b", "a\u200bb", " a ", "A"])
def test_characters_that_readers_can_tell_apart_are_left_alone(text):
    assert normal_text(text) == text


def test_half_a_character_has_a_canonical_form_too():
    """SQLite lets such JSON in by hand; it must be found to be wrong, not break the page."""
    assert canonical("\ud800") != canonical("\ud801")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=8))
def test_what_is_canonical_stays_as_it_is(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


# The digest of a guide's words


def test_the_digest_is_sha_256_of_the_canonical_words():
    written = (
        '{"body":"Rest.\\n","meta":{"also_known_as":["Café"],"sources":[]},"summary":"Sleep.","title":"After"}'
    ).encode()
    assert (
        digest_of(
            title="After", summary="Sleep.", body="Rest.\r\n", meta={"sources": [], "also_known_as": ["Cafe\u0301"]}
        )
        == hashlib.sha256(written).hexdigest()
    )


def test_the_digest_is_the_same_for_ever():
    """A frozen value: whatever changes it takes every signature off the site."""
    assert digest_of(**WORDS) == "3e4e7a4a6a768d93ad1514b2019cee58501c4342b47a3a6ce40b63bf37718d4d"


def test_the_same_words_have_the_same_digest():
    assert digest_of(**copy.deepcopy(WORDS)) == digest_of(**WORDS)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(changed("title", to="Rest first."), id="title"),
        pytest.param(changed("title", to="rest first"), id="title's case"),
        pytest.param(changed("summary", to=""), id="summary"),
        pytest.param(changed("body", to="Rest comes first.\n\nThen walk\n"), id="a full stop"),
        pytest.param(changed("body", to="Rest comes first.\nThen walk.\n"), id="an empty line"),
        pytest.param(changed("body", to="Rest comes first.\n\nThen walk.\n\n"), id="an empty line at the end"),
        pytest.param(changed("body", to="Rest comes first.\n\nThen\u00a0walk.\n"), id="a space of another kind"),
        pytest.param(changed("meta", "also_known_as", to=["After a session"]), id="a name less"),
        pytest.param(changed("meta", "also_known_as", to=["After a session", "Day one", ""]), id="a name more"),
        pytest.param(changed("meta", "also_known_as", to=["Day one", "After a session"]), id="the order of names"),
        pytest.param(changed("meta", "also_known_as", 0, to="After"), id="a name"),
        pytest.param(changed("meta", "sources", to=[SOURCE]), id="a source less"),
        pytest.param(changed("meta", "sources", to=WORDS["meta"]["sources"][::-1]), id="the order of sources"),
        pytest.param(changed("meta", "sources", 0, "key", to="trial-2021"), id="a source's key"),
        pytest.param(changed("meta", "sources", 0, "kind", to="review"), id="a source's kind"),
        pytest.param(changed("meta", "sources", 0, "checked_on", to=None), id="when a source was checked"),
        pytest.param(changed("meta", "sources", 0, "retracted_on", to="2026-11-01"), id="a retraction"),
        pytest.param(changed("meta", "sources", 0, "record", "title", to="Another trial"), id="a source's title"),
        pytest.param(changed("meta", "sources", 0, "record", "says", to="It helped."), id="what a source says"),
        pytest.param(changed("meta", "sources", 0, "record", "year", to="2020"), id="the type of a source's year"),
        pytest.param(changed("meta", "sources", 0, "record", "pmid", to="1"), id="a field more"),
        pytest.param(changed("meta", "more", to=[]), id="a field more beside the text"),
        pytest.param({**WORDS, "title": "Rest", "summary": "first"}, id="words in another place"),
        pytest.param({**WORDS, "title": WORDS["summary"], "summary": WORDS["title"]}, id="title and summary swapped"),
    ],
)
def test_any_other_words_have_another_digest(words):
    assert digest_of(**words) != digest_of(**WORDS)


def test_words_are_kept_in_the_form_that_is_digested(guide, ed):
    revision = review.write(
        guide,
        title=DECOMPOSED,
        summary=f"{DECOMPOSED}\r\n",
        body=f"{DECOMPOSED}\r\nand\rtea\n",
        also_known_as=[DECOMPOSED],
        sources=[],
        by=ed,
        now=NOW,
    )
    revision.refresh_from_db()
    assert (revision.title, revision.summary, revision.body) == (COMPOSED, f"{COMPOSED}\n", f"{COMPOSED}\nand\ntea\n")
    assert revision.also_known_as == [COMPOSED]


def test_the_database_gives_back_the_words_that_were_digested(guide, submit, trial):
    trial.record = {**trial.record, "title": DECOMPOSED, "says": "½ of \U0001d45b = 40; “better” — p < .05"}
    trial.save()
    revision = submit(guide, f"{DECOMPOSED} 🌱\r\n")
    revision.refresh_from_db()
    assert revision.is_unchanged()
