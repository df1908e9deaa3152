"""Crisis lines: what the file may say, and what pages give out of it."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.core.exceptions import ImproperlyConfigured
from django.template import engines

from ketcare import crisis
from ketcare.crisis import Line, crisis_link, dialled, emergency_link, fingerprint

DAY = dt.date(2026, 11, 2)
REGIONS = crisis.regions()
EVERY_PLACE = "{% crisis_banner %}{% crisis_lines %}{% red_flags %}"


def line(**fields: Any) -> dict[str, Any]:
    return {"key": "x-help", "name": "Help", "kind": "crisis", "call": "555 0100", "verified": DAY, **fields}


def unverified(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in line(**fields).items() if name != "verified"}


def document(*lines: dict[str, Any], **region: Any) -> dict[str, Any]:
    return {
        "elsewhere_url": "https://findahelpline.com",
        "regions": {"XX": {"name": "Nowhere", "emergency": "1 11", "lines": list(lines), **region}},
    }


@pytest.fixture
def write(tmp_path):
    """`write(document)`: a file with these tables, or with this text."""

    def written(content: dict[str, Any] | str | bytes) -> Path:
        path = tmp_path / "crisis-lines.toml"
        if isinstance(content, dict):
            content = tomli_w.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Path(path)

    return written


@pytest.fixture
def region(write):
    """`region(line, ...)`: a region with these lines, as it is read."""
    return lambda *lines, **fields: crisis.read(write(document(*lines, **fields)))["XX"]


@pytest.fixture
def shown(write, settings):
    """`shown(line, ...)`: everything that a page gives out of a region with these lines."""

    def html(*lines: dict[str, Any]) -> str:
        settings.CONTENT_DIR, settings.CRISIS_REGION = write(document(*lines)).parent, "XX"
        crisis.regions.cache_clear()
        return rendered()

    yield html
    crisis.regions.cache_clear()


def rendered(template: str = EVERY_PLACE) -> str:
    return engines["django"].from_string(template).render()


# What is given out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", REGIONS)
def test_a_line_of_the_file_that_nobody_verified_is_never_given_out(code, settings):
    settings.CRISIS_REGION = code
    html = rendered()
    for hidden in REGIONS[code].unverified:
        assert hidden.name not in html
        for number in filter(None, (hidden.call, hidden.text)):
            assert number not in html
            assert dialled(number) not in re.findall(r"(?:tel|sms):([\d+]+)", html)


@pytest.mark.parametrize("code", REGIONS)
def test_every_verified_line_of_the_file_is_given_out(code, settings):
    settings.CRISIS_REGION = code
    html = rendered("{% crisis_lines %}")
    for given in REGIONS[code].lines:
        assert f"tel:{given.tel}" in html if given.call else f"sms:{given.sms}" in html


@pytest.mark.parametrize("code", REGIONS)
def test_every_place_names_the_emergency_number(code, settings):
    settings.CRISIS_REGION = code
    for tag in ("crisis_banner", "crisis_lines", "red_flags"):
        assert f'href="tel:{dialled(REGIONS[code].emergency)}"' in rendered("{% " + tag + " %}")


def test_the_file_has_regions_with_and_without_verified_lines():
    assert {code for code, region in REGIONS.items() if region.lines} == {"US", "CA", "GB-ENG"}
    assert all(region.unverified for code, region in REGIONS.items() if not region.lines)


@pytest.mark.parametrize("code", [code for code, region in REGIONS.items() if not region.lines])
@pytest.mark.parametrize("tag", ["crisis_banner", "crisis_lines"])
def test_a_region_without_verified_lines_shows_where_to_look(code, tag, settings):
    settings.CRISIS_REGION = code
    html = rendered("{% " + tag + " %}")
    assert 'href="https://findahelpline.com"' in html
    assert set(re.findall(r"tel:([\d+]+)", html)) == {dialled(REGIONS[code].emergency)}
    assert "sms:" not in html


def test_one_verified_line_does_not_bring_the_others_with_it(shown):
    html = shown(line(key="a", name="Seen", call="555 0101"), unverified(key="b", name="Hidden", call="555 0199"))
    assert "Seen" in html
    assert "tel:5550101" in html
    assert "Hidden" not in html
    assert "0199" not in html


def test_an_unverified_line_is_never_the_one_of_the_banner(region):
    found = region(unverified(key="first"), line(key="second"))
    assert [given.key for given in found.lines] == ["second"]
    assert [hidden.key for hidden in found.unverified] == ["first"]
    assert found.primary is found.lines[0]


def test_the_banner_names_the_first_crisis_line_that_takes_a_call_or_a_text(region):
    found = region(
        line(key="911", kind="emergency"),
        line(key="chat", call="", chat_url="https://example.org/"),
        line(key="text", call="", text="555"),
        line(key="call"),
    )
    assert found.primary is not None
    assert found.primary.key == "text"


def test_a_name_that_holds_html_stays_words(shown):
    html = shown(line(name="<b>Help</b>", note="<script>alert(1)</script>"))
    assert "<b>Help" not in html
    assert "<script>" not in html


def test_the_banner_needs_no_database_and_no_request(django_db_blocker):
    with django_db_blocker.block():
        assert "988" in rendered()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"call": "988", "text": "988"},
            '<a href="tel:988">call</a> or <a href="sms:988">text 988</a>',
        ),
        ({}, '<a href="tel:5550100">call</a> <a href="tel:5550100">555 0100</a> (Help)'),
        ({"call": "988", "text": "838255"}, '<a href="tel:988">call</a> <a href="tel:988">988</a> (Help)'),
        ({"call": "", "text": "85258"}, 'text <a href="sms:85258">85258</a> (Help)'),
        (
            {"call": "", "text": "85258", "text_word": "HELP ME"},
            'text <a href="sms:85258?body=HELP%20ME">HELP ME to 85258</a> (Help)',
        ),
        ({"kind": "poison"}, '<a href="https://findahelpline.com">find a crisis line near you</a>'),
    ],
)
def test_the_crisis_line_as_it_reads_inside_a_sentence(region, fields, words):
    assert crisis_link(region(line(**fields))) == words


def test_the_emergency_number_as_it_reads_inside_a_sentence(region):
    assert emergency_link(region()) == '<a href="tel:111">1 11</a>'


def test_the_operator_chooses_the_region(settings):
    settings.CRISIS_REGION = "CA"
    assert crisis.region() == REGIONS["CA"]


def test_a_region_that_the_file_lacks_is_refused(settings):
    settings.CRISIS_REGION = "XX"
    with pytest.raises(ImproperlyConfigured) as caught:
        crisis.region()
    assert str(caught.value) == f"CRISIS_REGION is not one of {', '.join(sorted(REGIONS))}. Choose one of these."


@pytest.mark.parametrize("change", [{"note": "New."}, {"call": "555 0101"}, {"verified": DAY + dt.timedelta(1)}])
def test_whatever_a_page_shows_of_a_region_changes_its_fingerprint(region, change):
    assert fingerprint(region(line())) == fingerprint(region(line()))
    assert fingerprint(region(line(**change))) != fingerprint(region(line()))


def test_a_number_is_dialled_without_what_people_write_for_the_eye():
    assert dialled("+1 (800) 222-1222") == "+18002221222"


# How fresh a line is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "stale"), [(0, False), (180, False), (181, True)])
def test_a_line_is_stale_after_180_days(days, stale):
    verified = Line(key="a", name="A", kind="crisis", call="1", verified=DAY)
    assert verified.is_stale(DAY + dt.timedelta(days=days)) is stale


def test_a_line_that_nobody_verified_is_not_stale_and_not_shown_anyway():
    assert not Line(key="a", name="A", kind="crisis", call="1").is_stale(dt.date.max)


def test_every_verified_line_of_the_file_says_where_its_number_is_from():
    assert all(given.source and given.verified for region in REGIONS.values() for given in region.lines)


def test_a_line_that_has_ended_is_not_listed():
    """The menu's "Press 3" ended on July 17, 2025."""
    assert not any("press 3" in given.note.lower() for region in REGIONS.values() for given in region.lines)


# A bad file -------------------------------------------------------------------------------------------------------

WITHOUT_REGIONS = {"elsewhere_url": "https://findahelpline.com"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[regions", "Expected ']'"),
        (b"\xff", "can't decode"),
        (WITHOUT_REGIONS, "it lacks 'regions'"),
        (WITHOUT_REGIONS | {"regions": "US"}, "has no attribute"),
        ({"regions": {}}, "the file lacks elsewhere_url"),
        (document(emergency=911), "region XX lacks emergency, or it is not a text"),
        (document(emergency=""), "region XX lacks emergency, or it is not a text"),
        (document(emergency="none"), "the emergency of region XX has a number without digits"),
        (document(name=""), "region XX lacks name"),
        (document(line(fax="1")), "a line of XX has an unknown field fax"),
        (document(line(call=988)), "a line of XX has a call of the wrong kind"),
        (document(line(languages="en")), "a line of XX has a languages of the wrong kind"),
        (document(line(languages=[1])), "line x-help of XX has a language that is not a text"),
        (document(line(verified="2026-11-02")), "a line of XX has a verified of the wrong kind"),
        (document(line(verified=dt.datetime(2026, 11, 2, tzinfo=dt.UTC))), "a line of XX has a verified of the wrong"),
        (document({name: value for name, value in line().items() if name != "key"}), "a line of XX lacks key"),
        (document(line(name="")), "a line of XX lacks name"),
        (document(line(kind="fire")), "line x-help of XX has an unknown kind fire"),
        (document(line(call="")), "line x-help of XX has no way to reach it"),
        (document(line(call="help")), "line x-help of XX has a number without digits"),
        (document(line(text="HELP")), "line x-help of XX has a number without digits"),
        (document(line(chat_url="javascript:alert(1)")), "line x-help of XX has a chat_url that does not begin with"),
    ],
)
def test_a_bad_file_stops_the_start_and_says_what_is_wrong(write, content, words):
    with pytest.raises(ImproperlyConfigured) as caught:
        crisis.read(write(content))
    assert str(caught.value).startswith("crisis-lines.toml cannot be used: ")
    assert words in str(caught.value)
    assert str(caught.value).endswith(". Correct the file.")


def test_a_missing_file_stops_the_start(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"cannot be used: .*No such file"):
        crisis.read(tmp_path / "crisis-lines.toml")
