"""What stands beside the guides: their history, their signature for machines, reviewers and sources."""

import datetime as dt
from typing import Any

import pytest

from articles import review
from articles.models import Guide, Review, Source
from articles.models.revision import Change
from ketcare.site.models import Clinic
from tests.articles.plain_sql import overwrite
from tests.articles.views.pages import DAY, GUIDE, HISTORY, JSON, main_of, put, words_of
from tests.conftest import NEXT_YEAR, NOW

# History


def test_the_history_names_every_verdict_newest_first(signed, submit, dr_rao, dr_lee, reader):
    first = Review.objects.get()
    newer = submit(signed, "Newer words.")
    review.sign(newer, by=dr_lee, digest=newer.digest, now=NOW + DAY, next_due=NEXT_YEAR)
    review.revoke(first, by=dr_rao, why="A dose was wrong.", now=NOW + 2 * DAY)
    main = main_of(reader.get(HISTORY))
    events = [item.text for item in main.one("ol").all("li")]
    assert len(events) == 3
    assert "Nov. 4, 2026" in events[0]
    assert "Signature taken back" in events[0]
    assert "A dose was wrong." in events[0]
    assert "Nov. 3, 2026 Signed, Min Lee, MD" in events[1]
    assert newer.digest in events[1]
    assert "Nov. 2, 2026 Signed, Asha Rao, MD" in events[2]
    assert first.digest in events[2]


def test_the_history_leaves_out_what_the_sites_keys_did_not_make(signed, submit, dr_lee, reader):
    newer = submit(signed, "Newer words.")
    review.sign(newer, by=dr_lee, digest=newer.digest, now=NOW + DAY, next_due=NEXT_YEAR)
    overwrite(Review.objects.get(revision__number=1), name="Dr Nobody")
    words = words_of(reader.get(HISTORY))
    assert "Min Lee" in words
    assert "Dr Nobody" not in words


def test_the_history_of_a_sample_says_that_nobody_real_signed(sample, reader):
    words = words_of(reader.get(HISTORY))
    assert "Sample signature, Morgan Example, PMHNP-BC, not a real person" in words


def test_the_history_of_an_urgent_change_gives_its_reason(urgent, reader):
    words = words_of(reader.get(HISTORY))
    assert "Changed urgently, Asha Rao, MD" in words
    assert "A new warning came out." in words


def test_the_history_is_the_guides_own(signed, submit, dr_lee, reader):
    put(submit, "small-steps", by=dr_lee)
    assert "Min Lee" not in words_of(reader.get(HISTORY))


# The signature for machines


def test_the_signature_for_machines_says_what_the_page_says(signed, reader):
    signature = {
        "verdict": "signed",
        "name": "Asha Rao",
        "credential": "MD",
        "sample": False,
        "solo": False,
        "at": "2026-11-02T15:30:00+00:00",
        "reviewed_on": "2026-11-02",
        "next_due": "2027-11-02",
        "note": "",
        "digest": signed.live.digest,
        "revision": 1,
    }
    response = reader.get(JSON)
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "url": "http://localhost:8000/guides/integration/rest-first/",
        "title": "Rest first",
        "revision": 1,
        "digest": signed.live.digest,
        "state": "reviewed",
        "signature": signature,
        "history": [signature],
    }


@pytest.mark.parametrize(("state", "verdict", "is_sample"), [("urgent", "urgent", False), ("sample", "signed", True)])
def test_the_signature_for_machines_is_of_its_kind(request, reader, state, verdict, is_sample):
    request.getfixturevalue(state)
    found = reader.get(JSON).json()
    assert found["state"] == state
    assert (found["signature"]["verdict"], found["signature"]["sample"]) == (verdict, is_sample)


def test_the_signature_for_machines_is_overdue_when_the_page_is(overdue, reader):
    assert reader.get(JSON).json()["state"] == "overdue"


# A reviewer's page


def test_a_reviewers_page_lists_exactly_what_carries_their_signature(signed, submit, ed, dr_rao, dr_lee, reader):
    put(submit, "of-dr-lee", by=dr_lee)
    for_both = put(submit, "of-both", by=dr_rao)
    review.sign(for_both.words, by=dr_lee, digest=for_both.words.digest, now=NOW + DAY, next_due=NEXT_YEAR)
    review.withdraw(put(submit, "withdrawn", by=dr_rao), why="A dose was wrong.", now=NOW)
    overwrite(put(submit, "tampered-with", by=dr_rao).words, body="Other words.\n")
    revoked = put(submit, "revoked", by=dr_rao)
    review.revoke(Review.objects.get(revision=revoked.live), by=dr_rao, why="I was wrong.", now=NOW)
    replaced = put(submit, "replaced", by=dr_rao)
    newer = submit(replaced, "Newer words.")
    review.sign(newer, by=dr_lee, digest=newer.digest, now=NOW, next_due=NEXT_YEAR)
    waiting = put(submit, "with-a-text-that-waits", by=dr_rao)
    submit(waiting, "Newer words.")
    urgent = Guide.objects.create(section="safety", slug="urgent", changed_at=NOW)
    revision = submit(urgent, change=Change.URGENT, reason="A warning.")
    review.publish_urgently(revision, by=dr_rao, digest=revision.digest, now=NOW)

    def listed(slug: str) -> list[str]:
        return [
            item.one("h3").one("a").attributes["href"] for item in main_of(reader.get(f"/reviewers/{slug}/")).all("li")
        ]

    assert sorted(listed("asha-rao")) == [GUIDE, "/guides/integration/with-a-text-that-waits/"]
    assert sorted(listed("min-lee")) == [
        "/guides/integration/of-both/",
        "/guides/integration/of-dr-lee/",
        "/guides/integration/replaced/",
    ]


def test_a_correction_stays_with_who_signed_the_review_and_its_day(signed, submit, dr_rao, reader):
    fixed = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    review.sign_correction(fixed, by=dr_rao, digest=fixed.digest, now=NOW + DAY)
    [item] = main_of(reader.get("/reviewers/asha-rao/")).all("li")
    assert item.text == "Rest first Signed Nov. 2, 2026 · Next review Nov. 2, 2027"


def test_a_sole_clinicians_page_says_that_the_words_are_their_own(guide, submit, dr_rao, reader, clock):
    Clinic.objects.create(pk=1, solo=True)
    words = submit(guide, by=dr_rao.user)
    clock.move_to(NOW + DAY)
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW + DAY, next_due=NEXT_YEAR)
    [item] = main_of(reader.get("/reviewers/asha-rao/")).all("li")
    assert item.text == "Rest first Written and signed Nov. 3, 2026 · Next review Nov. 2, 2027"


def test_a_reviewers_page_says_who_they_are(signed, reader):
    words = words_of(reader.get("/reviewers/asha-rao/"))
    for part in ("Asha Rao, MD", "Treats people with depression.", "New York", "Jan. 1, 2026", "Jan. 1, 2028"):
        assert part in words
    assert "Signed Nov. 2, 2026 · Next review Nov. 2, 2027" in words


def test_a_reviewers_page_keeps_what_is_nobodys_business(signed, reader):
    page = reader.get("/reviewers/asha-rao/").text
    assert "000001" not in page
    assert "@" not in page


def test_a_sample_reviewers_page_says_that_they_are_none(sample, reader):
    words = words_of(reader.get("/reviewers/morgan-example/"))
    assert "Not a real person" in words
    assert "Last reviewed (sample): Nov. 2, 2026" in words
    assert "Signed" not in words


def test_there_is_a_page_for_reviewers_only(signed, reader):
    assert reader.get("/reviewers/nobody/").status_code == 404


def test_a_reviewer_who_signed_nothing_has_an_empty_page(dr_lee, reader):
    main = main_of(reader.get("/reviewers/min-lee/"))
    assert "No page carries this signature" in main.text
    assert main.all("li") == []


# Sources


def cited(reader: Any) -> dict[str, list[str]]:
    """Who cites what: titles by the key of the source."""
    items = {item.attributes.get("id", ""): item for item in main_of(reader.get("/sources/")).all("li")}
    return {
        key: [link.text for link in item.all("a") if "/guides/" in link.attributes["href"]]
        for key, item in items.items()
    }


def test_the_sources_page_says_who_cites_what(signed, submit, dr_rao, reader):
    Source.objects.create(key="label-2023", record={"title": "A label"}, kind="label")
    put(submit, "small-steps", by=dr_rao)
    assert cited(reader) == {"label-2023": [], "trial-2020": ["Guide small-steps", "Rest first"]}


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "checking"])
def test_the_sources_page_names_no_guide_whose_words_may_not_be_shown(request, reader, state):
    request.getfixturevalue(state)
    assert cited(reader) == {"trial-2020": []}


def test_the_sources_page_says_what_each_source_is(trial, reader):
    trial.retracted_on = dt.date(2026, 11, 1)
    trial.save()
    Source.objects.create(key="label-2023", record={"title": "A label", "url": "https://example.org/l"}, kind="label")
    items = {item.attributes.get("id"): item for item in main_of(reader.get("/sources/")).all("li")}
    assert "Doe J et al. A trial. 2020." in items["trial-2020"].text
    assert "Retracted" in items["trial-2020"].text
    assert "not yet checked" not in items["trial-2020"].text
    assert "Prescribing information" in items["label-2023"].text
    assert "not yet checked" in items["label-2023"].text
    assert "https://example.org/l" in items["label-2023"].links()
