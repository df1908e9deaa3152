"""What became of a guide's words: what counts as signed last, and what has changed since."""

import pytest

from articles import history, review
from articles.models import Guide, Review
from articles.models.review import Verdict
from articles.models.revision import Change
from tests.articles.plain_sql import overwrite
from tests.articles.review.verbs import draft, publish_urgently
from tests.articles.states import sign
from tests.conftest import NOW, body_with

# What was signed last


def test_what_nobody_signed_has_nothing_signed_last(submitted):
    assert history.last_signed(submitted.guide) is None


def test_the_newest_signed_words_are_those_signed_last(signed, submit, dr_lee):
    newer = submit(signed, "Newer words.")
    assert history.last_signed(signed) == signed.live
    sign(newer, dr_lee)
    assert history.last_signed(signed) == newer


def test_neither_a_draft_nor_words_that_wait_are_signed(signed, submit):
    draft(signed)
    submit(signed, "They wait.")
    assert history.last_signed(signed) == Review.objects.get().revision


def test_a_sample_signature_is_none(sample):
    assert history.last_signed(sample) is None


def test_an_urgent_change_is_no_signature(urgent):
    assert history.last_signed(urgent) is None


def test_a_correction_is_a_signature(signed, submit, dr_rao):
    corrected = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    review.sign_correction(corrected, by=dr_rao, digest=corrected.digest, now=NOW)
    assert history.last_signed(signed) == corrected


def test_after_a_signature_was_taken_back_the_one_before_counts(signed, submit, dr_lee):
    first = signed.live
    review.revoke(sign(submit(signed, "Newer words."), dr_lee), by=dr_lee, why="I was wrong.", now=NOW)
    assert history.last_signed(signed) == first


def test_a_row_that_this_sites_keys_did_not_make_signed_nothing(signed):
    overwrite(Review.objects.get(), name="Dr Nobody")
    assert history.last_signed(signed) is None


def test_a_signature_of_another_digest_signed_nothing(signed):
    overwrite(signed.live, body="Other words.\n", digest="0" * 64)
    assert history.last_signed(Guide.objects.get()) is None


def test_the_signatures_of_other_guides_do_not_count(signed, submit):
    other = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    submit(other)
    assert history.last_signed(other) is None


# What has changed since


def words(revision, kind):
    """What came ("new") or went ("gone") since the last signature, as one text."""
    found = history.since_signature(revision)
    return "".join(text for change in found for each, text in change.pieces if each == kind)


def test_the_change_is_against_what_was_signed_and_not_what_came_between(signed, submit):
    submit(signed, "A step between.")
    newest = submit(signed, "Take it very slowly.")
    assert (words(newest, "new"), words(newest, "gone")) == ("very ", "")


@pytest.mark.parametrize(
    ("columns", "come"),
    [
        ({"title": "Rest second"}, "second"),
        ({"body": body_with("Take it slowly.") + "\nMore.\n"}, "\nMore.\n"),
    ],
    ids=["title", "text"],
)
def test_each_word_that_a_signature_is_put_to_is_compared(signed, submit, columns, come):
    assert words(submit(signed, **columns), "new") == come


def test_the_same_words_have_not_changed(signed, submit):
    assert history.since_signature(submit(signed)) == []


def test_without_a_signature_there_is_nothing_to_compare_with(urgent):
    assert history.since_signature(urgent.live) == []


def test_signed_words_that_somebody_tampered_with_are_compared_with_nothing(signed, submit):
    newest = submit(signed, "Newer words.")
    overwrite(signed.live, body="Other words.\n")
    assert history.since_signature(newest) == []


def test_the_text_to_compare_names_title_summary_names_sources_and_body(submitted):
    text = history.text_of(submitted)
    assert text.startswith(
        "# Rest first\n\nWhat to do on the day after.\n\nAlso known as: After a session\n\nSources: trial-2020\n\n"
    )
    assert text.endswith(submitted.body)


# Every verdict


def test_every_verdict_is_listed_newest_first_but_what_an_author_was_asked(signed, submit, dr_rao, dr_lee):
    asked = submit(signed, "Too much.")
    review.ask_for_changes(asked, by=dr_lee, digest=asked.digest, note="Less.", now=NOW.replace(hour=16))
    haste = submit(signed, "At once.", change=Change.URGENT, reason="A warning.")
    publish_urgently(haste, dr_rao, now=NOW.replace(hour=17))
    review.revoke(Review.objects.get(verdict="urgent"), by=dr_lee, why="No.", now=NOW.replace(hour=18))
    assert [row.verdict for row in history.events(signed)] == [Verdict.REVOKED, Verdict.URGENT, Verdict.SIGNED]


def test_a_forged_verdict_is_not_listed(signed, submit, dr_lee):
    sign(submit(signed, "Newer words."), dr_lee, now=NOW.replace(hour=16))
    overwrite(Review.objects.get(revision__number=1), name="Dr Nobody")
    assert [row.name for row in history.events(signed)] == ["Min Lee"]
