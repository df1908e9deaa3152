"""How the pages go out: how long they may be kept, when they are sent again, and in which form."""

import gzip

import brotli
import pytest

from articles import review, shelf
from ketcare.site.clinic import publish
from ketcare.site.models import Clinic
from tests.articles.views.pages import GUIDE, HISTORY, main_of, words_of
from tests.conftest import NEXT_YEAR, NOW

PUBLIC = "public, max-age=60, stale-while-revalidate=60"


# How a page goes out

PAGES = [GUIDE, HISTORY, "/guides/", "/guides/integration/", "/reviewers/asha-rao/", "/sources/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_may_be_kept_for_a_minute(signed, reader, address):
    assert reader.get(address).headers["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_not_sent_again_to_who_has_it(signed, reader, address):
    first = reader.get(address)
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("wanted", ["{}", "W/{}", '"other", {}', "*"])
def test_a_page_is_known_by_its_etag_however_it_is_asked_for(signed, reader, wanted):
    etag = reader.get(GUIDE).headers["ETag"]
    assert reader.get(GUIDE, headers={"If-None-Match": wanted.format(etag)}).status_code == 304


@pytest.mark.parametrize("wanted", ['"other"', 'W/"other"', ""])
def test_another_etag_gets_the_page(signed, reader, wanted):
    response = reader.get(GUIDE, headers={"If-None-Match": wanted})
    assert response.status_code == 200
    assert "Take it slowly." in response.text


def test_the_etag_stays_the_same_in_another_worker(signed, reader):
    first = reader.get(GUIDE).headers["ETag"]
    shelf.clear()
    assert reader.get(GUIDE).headers["ETag"] == first


def test_new_words_have_another_etag(signed, submit, dr_rao, reader):
    first = reader.get(GUIDE).headers["ETag"]
    newer = submit(signed, "Newer words.")
    assert reader.get(GUIDE).headers["ETag"] == first
    review.sign(newer, by=dr_rao, digest=newer.digest, now=NOW, next_due=NEXT_YEAR)
    response = reader.get(GUIDE, headers={"If-None-Match": first})
    assert (response.status_code, "Newer words." in response.text) == (200, True)


def plain(content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    ("accepted", "encoding", "undo"),
    [
        (None, None, plain),
        ("", None, plain),
        ("identity", None, plain),
        ("deflate, zstd", None, plain),
        ("gzip", "gzip", gzip.decompress),
        ("br", "br", brotli.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("GZIP;q=0.5, BR;q=0.1", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("br; q=0.000, gzip;q=0", None, plain),
    ],
)
@pytest.mark.parametrize("address", [GUIDE, "/guides/"])
def test_a_page_goes_out_in_the_best_form_that_is_taken(signed, reader, address, accepted, encoding, undo):
    expected = reader.get(address).content
    response = reader.get(address, headers={} if accepted is None else {"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Content-Length"] == str(len(response.content))
    assert response.headers["Vary"] == "Accept-Encoding"
    assert undo(response.content) == expected
    assert (len(response.content) < len(expected)) == (encoding is not None)


def test_each_form_has_an_etag_of_its_own(signed, reader):
    etags = {
        encoding: reader.get(GUIDE, headers={"Accept-Encoding": encoding}).headers["ETag"]
        for encoding in ("br", "gzip", "identity")
    }
    assert len(set(etags.values())) == 3
    for encoding, etag in etags.items():
        headers = {"Accept-Encoding": encoding, "If-None-Match": etag}
        assert reader.get(GUIDE, headers=headers).status_code == 304
        headers = {"Accept-Encoding": "br" if encoding != "br" else "gzip", "If-None-Match": etag}
        assert reader.get(GUIDE, headers=headers).status_code == 200


# The clinic's details


def test_a_change_of_the_clinics_details_shows_at_once(signed, reader):
    before = reader.get(GUIDE)
    assert "call your prescriber" in words_of(before)
    publish(Clinic(pk=1, name="Harbor Clinic", phone="555 010 0100"))
    after = reader.get(GUIDE, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "call Harbor Clinic at 555 010 0100" in words_of(after)
    assert "tel:5550100100" in main_of(after).links()
    publish(Clinic(pk=1, name="Hill Clinic"))
    assert "call Hill Clinic" in words_of(reader.get(GUIDE))
    assert "Harbor Clinic" not in words_of(reader.get(GUIDE))


def test_the_clinics_details_are_text(signed, reader):
    publish(Clinic(pk=1, name="<i>Harbor</i> & Sons"))
    main = main_of(reader.get(GUIDE))
    assert "call <i>Harbor</i> & Sons" in main.text
    assert main.all("i") == []
