"""The page to sign on: what it shows, what each deed asks for, and that only words on screen are ever signed."""

import datetime as dt
import time

import pytest

from articles import review
from articles.models import Guide, Review, Revision, SourceChanged
from articles.models.guide import State
from articles.models.review import Verdict
from articles.models.revision import Change
from ketcare.site.models import Clinic, Event
from tests.articles.plain_sql import overwrite
from tests.articles.states import sign as sign_in_code
from tests.articles.states import state_of
from tests.conftest import NOW, body_with
from tests.ketcare.at_work import colleague, show_factor, sit_down
from tests.reading import read


def address(revision: Revision) -> str:
    return f"/admin/articles/guide/{revision.guide_id}/words/{revision.number}/sign/"


def filled(page, deed="sign", **fields):
    """The form of that deed with every box ticked, as the page gave it."""
    form = page.context["forms"][deed]
    ticked = {name: "on" for name, field in form.fields.items() if field.widget.__class__.__name__ == "CheckboxInput"}
    hidden = {name: form[name].value() for name in ("digest", "seen", "read_at")}
    due = {"next_due": form["next_due"].value().isoformat()} if deed == "sign" else {}
    return {**hidden, **ticked, **due, "deed": deed, **fields}


def test_the_reviewer_signs_and_is_led_to_the_public_page(rao, dr_rao, submitted, client):
    page = rao.get(address(submitted))
    response = rao.post(address(submitted), filled(page))
    assert response.headers["Location"] == submitted.guide.get_absolute_url()
    assert "Reviewed by" in client.get(submitted.guide.get_absolute_url()).text
    row = Review.objects.get()
    assert (row.verdict, row.digest, row.signed_by) == (Verdict.SIGNED, submitted.digest, dr_rao.user)
    assert row.statement.startswith("I have read this whole version.")
    assert row.checklist == ["source-trial-2020", "check-danger", "check-benefit", "check-limits", "check-numbers"]
    assert Event.objects.get(verb="guide signed").owner_ref == dr_rao.user.ref


def test_the_page_shows_every_word_that_is_signed(rao, submitted):
    page = rao.get(address(submitted)).text
    for words in ("Rest first", "What to do on the day after.", "Take it slowly.", "you have chest pain", "A trial"):
        assert words in page


def test_no_word_that_is_signed_is_folded_away(rao, submitted):
    shown = rao.get(address(submitted)).text
    assert shown.count("<details") == shown.count('<details class="fold" open') == 1
    assert "For today, yes." in shown
    assert '<details class="fold" open' not in rao.get(f"/admin/articles/guide/{submitted.guide_id}/words/1/").text


def test_a_first_signature_has_nothing_to_compare_with(rao, submitted):
    assert "No clinician has signed this guide yet" in rao.get(address(submitted)).text


def test_the_difference_is_against_the_text_last_signed_and_claims_come_first(rao, submit, signed):
    submit(signed, "A step between, never signed.")
    body = body_with("Take it very slowly.").replace("One trial looked", "Two trials looked")
    newest = submit(signed, body=body)
    changed = rao.get(address(newest)).context["sheet"].changes
    assert [change.is_claim for change in changed] == [True, False]
    assert "".join(text for kind, text in changed[1].pieces if kind == "new") == "very "


def test_a_source_stands_beside_the_words_that_rest_on_it(rao, submitted):
    [source] = rao.get(address(submitted)).context["sheet"].sources
    assert source["claims"] == ["One trial looked at this [@trial-2020]."]
    assert "The text cites it here:" in rao.get(address(submitted)).text


def test_a_changed_citation_has_a_box_of_its_own_and_the_rest_share_one(rao, submit, signed, trial):
    same = submit(signed, "Only other words.")
    form = rao.get(address(same)).context["forms"]["sign"]
    assert "sources" in form.fields
    assert "source-trial-2020" not in form.fields
    trial.record = {**trial.record, "title": "A trial, corrected"}
    trial.save()
    other = submit(signed, "Other words again.")
    form = rao.get(address(other)).context["forms"]["sign"]
    assert "source-trial-2020" in form.fields
    assert "sources" not in form.fields


@pytest.mark.parametrize("box", ["source-trial-2020", "check-danger", "check-numbers", "statement"])
def test_without_each_tick_nothing_is_signed(rao, submitted, box):
    given = filled(rao.get(address(submitted)))
    del given[box]
    response = rao.post(address(submitted), given)
    assert response.status_code == 200
    assert "Tick this once it is so." in response.text
    assert not Review.objects.exists()


@pytest.mark.parametrize("days", [0, -1, 367], ids=["today", "yesterday", "more than a year"])
def test_the_next_review_is_within_a_year(rao, submitted, days):
    page = rao.get(address(submitted))
    day = page.context["forms"]["sign"].today + dt.timedelta(days=days)
    response = rao.post(address(submitted), filled(page, next_due=day.isoformat()))
    assert "Choose a day after today" in response.text
    assert not Review.objects.exists()


# Sign what you saw


def check_refused(response, *words: str) -> None:
    assert response.status_code == 409
    assert "Nothing was signed" in response.text
    for each in words:
        assert each in response.text


def test_a_newer_text_in_between_is_shown_instead_of_signed(rao, submit, submitted):
    given = filled(rao.get(address(submitted)))
    newer = submit(submitted.guide, "Take it very slowly.")
    response = rao.post(address(submitted), given)
    check_refused(response, "A newer text was submitted meanwhile.")
    assert "".join(text for kind, text in response.context["since_seen"][0].pieces if kind == "new") == "very "
    assert response.context["revision"] == newer
    assert not Review.objects.exists()


def test_a_withdrawal_in_between_stops_the_signature(rao, submit, signed):
    newer = submit(signed, "Other words.")
    given = filled(rao.get(address(newer)))
    review.withdraw(signed, why="It was wrong.", now=NOW)
    check_refused(rao.post(address(newer), given), "This guide is withdrawn.")
    assert Review.objects.count() == 1


@pytest.mark.parametrize("together", [False, True], ids=["words alone", "together with their digest"])
def test_a_change_past_the_code_in_between_is_shown_instead_of_signed(rao, submitted, together):
    given = filled(rao.get(address(submitted)))
    forged = Revision.objects.get()
    forged.body = forged.body.replace("Take it slowly.", "Take more.")
    overwrite(submitted, body=forged.body, **({"digest": forged.computed_digest()} if together else {}))
    response = rao.post(address(submitted), given)
    check_refused(response, "These are not the words that you saw.")
    gone = "".join(text for kind, text in response.context["since_seen"][0].pieces if kind == "gone")
    assert "slowly" in gone
    assert not Review.objects.exists()


def test_words_that_were_tampered_with_offer_no_form(rao, submitted):
    overwrite(submitted, body="Other words.\n")
    page = rao.get(address(submitted))
    assert "These words are not as they were handed in" in page.text
    assert not any(page.context["forms"].values())


def test_a_digest_that_was_not_on_the_page_signs_nothing(rao, submitted):
    given = filled(rao.get(address(submitted)), digest="0" * 64)
    check_refused(rao.post(address(submitted), given), "These are not the words that you saw.")


# Who may not


def test_nobody_signs_their_own_words_and_the_page_says_so_before(rao, lee, dr_rao, submit, guide):
    own = submit(guide, by=dr_rao.user)
    page = rao.get(address(own))
    assert "These are your own words, or some of them are: somebody else signs them." in page.text
    assert not any(page.context["forms"].values())
    check_refused(rao.post(address(own), filled(lee.get(address(own)))), "somebody else signs them")


def test_what_a_reviewer_wrote_can_be_sent_back_by_another_alone(rao, lee, dr_rao, submit, guide):
    own = submit(guide, by=dr_rao.user)
    given = filled(lee.get(address(own)), "changes", note="Shorter.")
    check_refused(rao.post(address(own), given), "change them, and hand them in again")
    assert lee.post(address(own), given).status_code == 302


def test_a_credential_out_of_date_is_told_before_anything_is_read(rao, dr_rao, submitted):
    dr_rao.expires_on = dt.date(2026, 1, 2)
    dr_rao.save()
    page = rao.get(address(submitted))
    assert "Your credential is out of date (until 2026-01-02)." in page.text
    assert not any(page.context["forms"].values())
    assert rao.post(address(submitted), {"deed": "sign", "digest": submitted.digest}).status_code in {200, 409}
    assert not Review.objects.exists()


def test_the_role_without_a_profile_signs_nothing(submitted):
    client = sit_down(colleague("new@example.org", "reviewer"))
    assert "You have no reviewer’s profile." in client.get(address(submitted)).text
    client.post(address(submitted), {"deed": "sign", "digest": submitted.digest})
    assert not Review.objects.exists()


def test_a_draft_is_looked_at_and_not_signed(rao, guide, trial, ed):
    draft = review.write(guide, title="Later", summary="", body="Rest.\n", also_known_as=[], sources=[], by=ed, now=NOW)
    page = rao.get(address(draft))
    assert "These words are a draft." in page.text
    assert not any(page.context["forms"].values())


# A sitting


def test_a_sitting_of_15_minutes_needs_no_second_proof_and_then_asks_again_v7_5_3(rao, dr_rao, submitted):
    show_factor(rao, dr_rao.user, at=time.time() - 14 * 60)
    assert rao.get(address(submitted)).status_code == 200
    show_factor(rao, dr_rao.user, at=time.time() - 16 * 60)
    response = rao.get(address(submitted))
    assert "/reauthenticate/" in response.headers["Location"]
    assert "/reauthenticate/" in rao.post(address(submitted), {}).headers["Location"]


# The other deeds


def test_a_correction_keeps_the_day_of_the_last_review(rao, submit, signed):
    corrected = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    before = Review.objects.get()
    response = rao.post(address(corrected), filled(rao.get(address(corrected)), "correct"))
    assert response.headers["Location"] == signed.get_absolute_url()
    row = Review.objects.get(verdict=Verdict.EDITORIAL)
    assert (row.reviewed_on, row.next_due) == (before.reviewed_on, before.next_due)
    assert Guide.objects.get().live == corrected
    assert state_of(signed).kind == State.REVIEWED


def test_a_correction_is_signed_by_whoever_signed_the_last_review(lee, submit, signed):
    corrected = submit(signed, "Take it slowly!", change=Change.EDITORIAL)
    response = lee.post(address(corrected), filled(lee.get(address(corrected)), "correct"))
    check_refused(response, "The last review is that of Asha Rao.")


def test_a_correction_without_a_review_before_it_is_signed_as_a_whole(rao, submit, guide):
    corrected = submit(guide, "Take it slowly!", change=Change.EDITORIAL)
    response = rao.post(address(corrected), filled(rao.get(address(corrected)), "correct"))
    check_refused(response, "Sign the words as a whole.")


def test_an_ordinary_change_has_no_shortcut(rao, submitted):
    page = rao.get(address(submitted))
    assert set(page.context["forms"]) == {"correct", "urgent", "sign", "changes"}
    assert page.context["forms"]["correct"] is None
    assert page.context["forms"]["urgent"] is None
    given = {**filled(page), "deed": "urgent"}
    assert rao.post(address(submitted), given).status_code == 409
    assert not Review.objects.exists()


def test_an_urgent_change_is_live_at_once_and_the_page_says_what_changed(rao, submit, signed, client):
    newer = submit(signed, "Call at once.", change=Change.URGENT, reason="A new warning came out.")
    response = rao.post(address(newer), filled(rao.get(address(newer)), "urgent"))
    assert response.headers["Location"] == signed.get_absolute_url()
    page = client.get(signed.get_absolute_url()).text
    assert "A new warning came out." in page
    assert "What changed since the signed text" in page
    assert ["slowly" in gone.text for gone in read(page).all("del")] == [True]
    assert state_of(signed).kind == State.URGENT


def test_changes_are_asked_for_with_a_note_and_nothing_live_changes(rao, submit, signed, client):
    newer = submit(signed, "Take much more.")
    given = filled(rao.get(address(newer)), "changes", note="The dose is wrong.")
    assert rao.post(address(newer), given, follow=True).text.count("The dose is wrong.") == 1
    assert state_of(signed).kind == State.REVIEWED
    assert Guide.objects.get().live_id != newer.pk
    assert "The dose is wrong." not in client.get(signed.get_absolute_url() + "history/").text
    assert "The dose is wrong." not in client.get(signed.get_absolute_url() + "review.json").text


def test_changes_are_not_asked_for_without_saying_which(rao, submitted):
    response = rao.post(address(submitted), filled(rao.get(address(submitted)), "changes", note=" "))
    assert response.status_code == 200
    assert not Review.objects.exists()


def test_a_signature_clears_the_marks_that_were_on_the_page_and_no_later_one(rao, dr_rao, signed, trial):
    early = review.warn_of_source(trial, notice="A recall.", by=dr_rao.user, now=NOW)
    given = filled(rao.get(address(signed.live)))
    later = dt.datetime.fromisoformat(given["read_at"]) + dt.timedelta(seconds=1)
    review.warn_of_source(trial, notice="A second recall.", by=dr_rao.user, now=later)
    assert early == 1
    rao.post(address(signed.live), given)
    assert [mark.reason for mark in SourceChanged.objects.open()] == ["A second recall."]
    cleared = SourceChanged.objects.get(reason="A recall.")
    assert cleared.cleared_with == Review.objects.order_by("at").last()


def test_a_signature_is_taken_back_with_a_reason(rao, signed):
    place = f"/admin/articles/guide/{signed.pk}/take-back/"
    rao.post(place, {"why": ""})
    assert Review.objects.count() == 1
    rao.post(place, {"why": "A dose was wrong."})
    assert Review.objects.get(verdict=Verdict.REVOKED).note == "A dose was wrong."
    assert state_of(signed).kind == State.CHECKING


# One clinician


@pytest.fixture
def solo(db) -> None:
    Clinic.objects.update_or_create(pk=1, defaults={"solo": True})


def test_a_sole_clinician_signs_their_own_words_on_the_next_day_and_the_page_says_so(
    solo, rao, lee, dr_rao, submit, guide, client, clock
):
    own = submit(guide, by=dr_rao.user)
    page = rao.get(address(own))
    assert "Sleep on them: you can sign them from tomorrow on." in page.text
    assert not any(page.context["forms"].values())
    check_refused(rao.post(address(own), filled(lee.get(address(own)))), "Sleep on them")
    clock.move_to(NOW + dt.timedelta(days=1))
    rao = sit_down(dr_rao.user)
    assert rao.post(address(own), filled(rao.get(address(own)))).status_code == 302
    page = client.get(guide.get_absolute_url()).text
    assert "Written and signed by the same clinician" in page
    assert "Reviewed by" not in page
    assert Review.objects.get().solo


def test_the_next_day_is_the_clinicians_own(solo, dr_rao, submit, guide):
    """At half past three in the afternoon of New York, it is the next day in Auckland."""
    dr_rao.user.time_zone = "Pacific/Auckland"
    dr_rao.user.save()
    own = submit(guide, by=dr_rao.user)
    with pytest.raises(review.Refused, match="Sleep on them"):
        sign_in_code(own, dr_rao, now=NOW + dt.timedelta(hours=1))
    assert sign_in_code(own, dr_rao, now=NOW + dt.timedelta(hours=20)).solo


def test_the_words_of_another_are_signed_as_ever_where_one_clinician_works(solo, submitted, dr_rao):
    assert not sign_in_code(submitted, dr_rao).solo
