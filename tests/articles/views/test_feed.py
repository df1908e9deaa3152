"""The feed of reviews and changes."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest

from articles import review
from tests.articles.views.pages import DAY, GUIDE
from tests.conftest import NEXT_YEAR, NOW

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(reader: Any) -> list[dict[str, str]]:
    feed = ElementTree.fromstring(reader.get("/feed.xml").content)  # noqa: S314 - our own bytes
    return [
        {
            "title": entry.findtext(f"{ATOM}title") or "",
            "summary": entry.findtext(f"{ATOM}summary") or "",
            "by": entry.findtext(f"{ATOM}author/{ATOM}name") or "",
            "link": next(link.attrib["href"] for link in entry.iter(f"{ATOM}link")),
            "id": entry.findtext(f"{ATOM}id") or "",
            "updated": entry.findtext(f"{ATOM}updated") or "",
        }
        for entry in feed.iter(f"{ATOM}entry")
    ]


def test_a_signature_is_told_with_its_name(signed, reader):
    (entry,) = entries(reader)
    assert entry["title"] == "Reviewed: Rest first"
    assert entry["by"] == "Asha Rao, MD"
    assert entry["link"] == f"http://localhost:8000{GUIDE}"
    assert dt.datetime.fromisoformat(entry["updated"]) == NOW


def test_a_sample_signature_names_nobody_and_never_says_reviewed(sample, reader):
    (entry,) = entries(reader)
    assert entry["title"] == "Sample signature, no clinician has checked it: Rest first"
    assert entry["by"] == ""
    assert "Reviewed" not in reader.get("/feed.xml").text


def test_an_urgent_change_says_that_nobody_signed_it(urgent, reader):
    assert entries(reader)[0]["title"].startswith("Changed urgently, not yet signed: ")


def test_a_withdrawal_is_told_with_its_reason(withdrawn, reader):
    (entry,) = entries(reader)
    assert entry["title"] == f"Withdrawn: {GUIDE}"
    assert entry["summary"] == "A dose on it was <wrong> & old."


@pytest.mark.parametrize("state", ["guide", "submitted", "checking"])
def test_what_the_public_cannot_read_is_not_in_it(request, reader, state):
    request.getfixturevalue(state)
    assert entries(reader) == []


def test_the_newest_comes_first_and_each_has_an_address_of_its_own(signed, submit, dr_rao, reader, clock):
    clock.move_to(NOW + DAY)
    words = submit(signed, "Even more slowly.")
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW + DAY, next_due=NEXT_YEAR)
    told = entries(reader)
    assert [dt.datetime.fromisoformat(entry["updated"]) for entry in told] == [NOW + DAY, NOW]
    assert len({entry["id"] for entry in told}) == 2


def test_every_address_is_the_sites_own_whatever_host_the_request_named(signed, reader):
    text = reader.get("/feed.xml", headers={"host": "127.0.0.1"}).text
    assert "127.0.0.1" not in text
    assert 'href="http://localhost:8000/feed.xml" rel="self"' in text


def test_a_reader_who_has_it_gets_304(signed, reader):
    first = reader.get("/feed.xml")
    assert first.headers["Content-Type"].startswith("application/atom+xml")
    assert reader.get("/feed.xml", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
