"""Words that arrive at a bad moment: no web session, a stale form, another person at the keyboard, a second tab."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from journal import drafts, limits, sealed, tokens
from journal.models import Draft, Entry, EntryVersion, Kind
from journal.texts import LONGEST
from journal.tokens import Place
from ketcare.accounts.models import User, WebSession
from tests.journal.conftest import TODAY, entry_of, save, treatment_of
from tests.journal.pages import boxes, open_form, text_of, token_in, write
from tests.ketcare.accounts.signing_in import PASSWORD, sign_in
from tests.reading import read

pytestmark = pytest.mark.django_db
NOTE = "/journal/note/"
LONG = "A longer thought, with é and 🌢.\n" * 600  # 20 kB
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def strict(alice: User) -> Client:
    """Alice's browser, which has to show Django's token against forged forms."""
    return sign_in(Client(), alice)


def enforce(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


def fill_in(client: Client, path: str = NOTE) -> dict[str, str]:
    """The fields of the form there, as a browser would send them."""
    token = open_form(client, path)
    return {"token": token, "csrfmiddlewaretoken": client.cookies["csrf"].value}


def question_of(response: Any) -> str:
    """The question that the form on that page is about."""
    (field,) = [one for one in read(response.content).all("input") if one.attributes.get("name") == "question"]
    return field.attributes["value"]


def end_session(user: User) -> None:
    WebSession.objects.filter(owner=user).delete()


def unsaved(user: User) -> list[dict[str, str] | None]:
    return [found.fields for found in drafts.unsaved_of(user, sealed.to_read(user))]


# The web session is gone ------------------------------------------------------------------------------------------


def test_after_the_session_ended_the_words_wait_for_their_owner(alice: User, alices: Client):
    fields = fill_in(alices)
    end_session(alice)
    response = alices.post(NOTE, {**fields, "text": LONG})
    assert response.status_code == 403
    page = text_of(response)
    assert "You were signed out. Sign in and your words come back, to you only." in page
    assert "A longer thought" not in response.content.decode()
    assert unsaved(alice) == [{"text": LONG}]

    sign_in(alices, alice)
    assert "You have unsaved text." in text_of(alices.get("/journal/"))
    form = Draft.objects.get().form
    response = alices.get(f"/journal/unsaved/{form}/")
    assert boxes(response)["text"] == LONG
    response = alices.post(NOTE, {"token": token_in(response), "text": boxes(response)["text"]})
    assert response.status_code == 302
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == LONG
    assert unsaved(alice) == []
    assert "unsaved" not in text_of(alices.get("/journal/"))


def test_the_way_back_leads_through_sign_in_to_the_text(alice: User, alices: Client):
    fields = fill_in(alices)
    end_session(alice)
    response = alices.post(NOTE, {**fields, "text": "Kept."})
    form = Draft.objects.get().form
    assert f'href="/accounts/login/?next=/journal/unsaved/{form}/"' in response.content.decode()
    response = alices.post(
        f"/accounts/login/?next=/journal/unsaved/{form}/", {"login": alice.email, "password": PASSWORD}
    )
    assert response.headers["Location"] == f"/journal/unsaved/{form}/"


def test_nobody_else_sees_them(alice: User, alices: Client, bobs: Client, bob: User):
    fields = fill_in(alices)
    end_session(alice)
    alices.post(NOTE, {**fields, "text": "For Alice alone."})
    form = Draft.objects.get().form
    for path in ("/journal/", "/journal/unsaved/", f"/journal/unsaved/{form}/"):
        assert "For Alice alone." not in bobs.get(path).content.decode()
    assert bobs.get(f"/journal/unsaved/{form}/").status_code == 404
    assert bobs.post(f"/journal/unsaved/{form}/drop/").status_code == 404
    assert unsaved(alice) == [{"text": "For Alice alone."}]


def test_with_somebody_else_at_the_keyboard_they_still_go_to_their_owner(alice: User, alices: Client, bob: User):
    fields = fill_in(alices)
    end_session(alice)
    sign_in(alices, bob)
    response = alices.post(NOTE, {**fields, "text": "Mine."})
    assert response.status_code == 403
    assert "Sign in and your words come back" in text_of(response)
    assert (unsaved(alice), unsaved(bob)) == ([{"text": "Mine."}], [])
    assert not Entry.objects.exists()


def test_two_tabs_of_a_dead_session_keep_both_texts(alice: User, alices: Client):
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    one, two = fill_in(alices, path), fill_in(alices, path)
    end_session(alice)
    alices.post(path, {**one, "text": "From one tab."})
    alices.post(path, {**two, "text": "From the other."})
    assert sorted(fields["text"] for fields in unsaved(alice) if fields) == ["From one tab.", "From the other."]


def test_notes_on_a_session_are_kept_too(alice: User, alices: Client):
    fields = fill_in(alices, "/journal/sessions/new/")
    end_session(alice)
    told = {"date": "2026-11-20", "notes": "Bring a blanket.", "phase": "induction"}
    alices.post("/journal/sessions/new/", {**fields, **told})
    sign_in(alices, alice)
    response = alices.get(f"/journal/unsaved/{Draft.objects.get().form}/")
    assert boxes(response)["notes"] == "Bring a blanket."
    assert 'value="2026-11-20"' in response.content.decode()
    alices.post("/journal/sessions/new/", {"token": token_in(response), **told})
    assert alice.treatments.get().date == dt.date(2026, 11, 20)
    assert unsaved(alice) == []


def test_nothing_is_asked_in_a_post_after_a_silence(alice: User, alices: Client, monkeypatch: pytest.MonkeyPatch):
    fields = fill_in(alices)
    later = timezone.now() + dt.timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert alices.get("/journal/").headers["Location"].startswith("/accounts/reauthenticate/")
    assert alices.post(NOTE, {**fields, "text": "Typed for long."}).status_code == 302
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("what", ["forged", "missing", "of another purpose", "old"])
def test_without_a_valid_token_nothing_is_written_and_the_words_are_given_back(
    alice: User, alices: Client, what: str, monkeypatch: pytest.MonkeyPatch
):
    fields = fill_in(alices)
    end_session(alice)
    if what == "forged":
        fields["token"] = fields["token"][:-3] + "abc"
    elif what == "missing":
        del fields["token"]
    elif what == "of another purpose":
        fields["token"] = "x:y:z"
    else:
        later = timezone.now().timestamp() + tokens.LIFE.total_seconds() + 60
        monkeypatch.setattr("time.time", lambda: later)
    response = alices.post(NOTE, {**fields, "text": "Still mine."})
    assert response.status_code == 403
    assert list(boxes(response).values()) == []
    assert "Still mine." in text_of(response)
    assert not Draft.objects.exists()


def test_an_old_token_is_good_enough_for_who_is_signed_in(alices: Client, monkeypatch: pytest.MonkeyPatch):
    fields = fill_in(alices)
    later = timezone.now().timestamp() + tokens.LIFE.total_seconds() + 60
    monkeypatch.setattr("time.time", lambda: later)
    assert alices.post(NOTE, {**fields, "text": "Open since yesterday."}).status_code == 302


def test_a_closed_account_takes_nothing_in(alice: User, alices: Client):
    fields = fill_in(alices)
    end_session(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = alices.post(NOTE, {**fields, "text": "Still mine."})
    assert (response.status_code, Draft.objects.count()) == (403, 0)
    assert "Still mine." in text_of(response)


def test_who_is_not_signed_in_cannot_send_without_end(alice: User, alices: Client, monkeypatch: pytest.MonkeyPatch):
    fields = fill_in(alices)
    end_session(alice)
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)  # one minute, however long this takes
    for _time in range(limits.PER_MINUTE):
        assert alices.post(NOTE, {**fields, "text": "Once."}).status_code == 403
    response = alices.post(NOTE, {**fields, "text": "Once more."})
    assert response.status_code == 429
    assert boxes(response) == {"text": "Once more."}
    assert unsaved(alice) == [{"text": "Once."}]


def test_who_is_not_signed_in_cannot_send_what_is_too_large(alice: User, alices: Client):
    fields = fill_in(alices)
    end_session(alice)
    text = "x" * (drafts.LARGEST + 1)
    response = alices.post(NOTE, {**fields, "text": text})
    assert response.status_code == 413
    assert text in response.content.decode()
    assert not Draft.objects.exists()


# A stale form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_stale_token_against_forgery_loses_nothing(alice: User, strict: Client, signed_in: bool):
    fields = {**fill_in(strict), "csrfmiddlewaretoken": "a" * 64}
    if not signed_in:
        end_session(alice)
    response = enforce(strict).post(NOTE, {**fields, "text": LONG})
    assert response.status_code == 403
    assert ("Look at them and save" in text_of(response)) == signed_in
    assert unsaved(alice) == [{"text": LONG}]
    assert not Entry.objects.exists()


def test_signing_in_elsewhere_makes_a_form_stale_and_loses_nothing(alice: User, strict: Client):
    """Tab A signs in anew while tab B holds a form."""
    fields = fill_in(strict)
    strict.post("/accounts/logout/")
    sign_in(strict, alice)
    enforce(strict).post(NOTE, {**fields, "text": "From tab B."})
    assert unsaved(alice) == [{"text": "From tab B."}]


def test_another_site_writes_nothing(alice: User, strict: Client):
    response = enforce(strict).post(NOTE, {"text": "Not hers."}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert not Draft.objects.exists()
    assert "<form" not in response.content.decode().split("<main")[1]


def test_a_form_of_another_place_is_not_taken_for_this_one(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY - 3 * DAY)
    fields = fill_in(alices, f"/journal/sessions/{treatment.ref}/day/2/")
    response = alices.post(f"/journal/sessions/{treatment.ref}/day/3/", {**fields, "text": "Of day 2."})
    assert response.status_code == 400
    assert boxes(response)["text"] == "Of day 2."
    again = alices.post(f"/journal/sessions/{treatment.ref}/day/3/", {"token": token_in(response), "text": "Of day 2."})
    assert again.status_code == 302


# Twice ------------------------------------------------------------------------------------------------------------


def test_a_form_that_is_sent_twice_makes_one_entry(alice: User, alices: Client):
    fields = {**fill_in(alices), "text": "Once."}
    first, second = (alices.post(NOTE, fields) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (Entry.objects.count(), EntryVersion.objects.count()) == (1, 0)


def test_a_change_that_is_sent_twice_is_one_change(alice: User, alices: Client):
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    fields = {**fill_in(alices, path), "text": "Changed."}
    assert {alices.post(path, fields).status_code for _time in range(3)} == {302}
    entry.refresh_from_db()
    assert (entry.version, EntryVersion.objects.count()) == (2, 1)


def test_a_late_second_copy_of_a_post_does_not_undo_what_came_after(alice: User, alices: Client):
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    fields = {**fill_in(alices, path), "text": "Second."}
    alices.post(path, fields)
    write(alices, path, text="Third.")
    assert alices.post(path, fields).status_code == 302
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == "Third."


# In two places ----------------------------------------------------------------------------------------------------


def conflict(alice: User, alices: Client) -> tuple[Entry, str, Any]:
    """Alice has saved "Mine." over what another tab had made of "Rest first." meanwhile."""
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    fields = fill_in(alices, path)
    write(alices, path, text="Theirs.")
    return entry, path, alices.post(path, {**fields, "text": "Mine."})


def test_both_texts_are_shown_and_neither_is_overwritten(alice: User, alices: Client):
    _entry, _path, response = conflict(alice, alices)
    assert response.status_code == 409
    assert "You wrote this in two places Both are below; keep one or both." in text_of(response)
    assert "Theirs." in text_of(response)
    assert boxes(response)["text"] == "Mine."
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == "Theirs."
    assert unsaved(alice) == [{"text": "Mine."}]


@pytest.mark.parametrize(("settle", "text"), [("both", "Theirs.\n\nMine."), ("mine", "Mine.")])
def test_one_or_both_are_kept(alice: User, alices: Client, settle: str, text: str):
    _entry, path, response = conflict(alice, alices)
    fields = {"token": token_in(response), "text": "Mine.", "settle": settle}
    assert {alices.post(path, fields).status_code for _time in range(2)} == {302}
    assert sealed.to_read(alice).words_of(Entry.objects.get())["text"] == text
    assert [version.version for version in EntryVersion.objects.order_by("version")] == [1, 2]
    assert unsaved(alice) == []


def test_what_is_not_kept_stays_among_the_earlier_versions(alice: User, alices: Client):
    entry, path, response = conflict(alice, alices)
    fields = {"token": token_in(response), "text": "Mine.", "settle": "saved"}
    assert {alices.post(path, fields).status_code for _time in range(2)} == {302}
    journal = sealed.to_read(alice)
    assert journal.words_of(Entry.objects.get())["text"] == "Theirs."
    earlier = EntryVersion.objects.filter(entry=entry).order_by("version").select_related("entry")
    assert [journal.words_of(version)["text"] for version in earlier] == ["Rest first.", "Theirs.", "Mine."]
    assert unsaved(alice) == []


def sent_on(response: Any) -> dict[str, str]:
    """What a browser sends with the page’s form, but for the buttons."""
    (form,) = [form for form in read(response.content).all("form") if form.attributes.get("id") == "here"]
    fields = [field.attributes for field in form.all("input") if field.attributes.get("value")]
    return {**{field["name"]: field["value"] for field in fields}, **boxes(response)}


def test_a_short_answer_is_shown_and_goes_along(alice: User, alices: Client):
    path = f"/journal/sessions/{treatment_of(alice, TODAY - 7 * DAY).ref}/day/7/"
    card = {"card": "7", "question": "Is anything different, or the same?"}
    one, other = fill_in(alices, path), fill_in(alices, path)
    alices.post(path, {**one, **card, "chip": "Better"})
    response = alices.post(path, {**other, **card, "chip": "Harder"})
    assert response.status_code == 409
    assert "Harder" in text_of(response).partition("What you sent just now")[2]
    alices.post(f"/journal/entries/{Entry.objects.get().ref}/change/", {**sent_on(response), "settle": "mine"})
    assert sealed.to_read(alice).words_of(Entry.objects.get()) == {"v": 1, **card, "chip": "Harder"}


def test_a_note_of_the_hours_after_stays_one(alice: User, alices: Client):
    entry = save(alice, Place.of(Kind.NOTE), {"v": 1, "shape": "capture", "noticed": "The sea"})
    path = f"/journal/entries/{entry.ref}/change/"
    one, other = fill_in(alices, path), fill_in(alices, path)
    alices.post(path, {**one, "noticed": "The sea, blue", "shape": "capture"})
    response = alices.post(path, {**other, "noticed": "The sea, grey", "shape": "capture"})
    alices.post(path, {**sent_on(response), "settle": "mine"})
    words = sealed.to_read(alice).words_of(Entry.objects.get())
    assert words == {"v": 1, "shape": "capture", "noticed": "The sea, grey"}


def test_two_texts_that_are_more_than_a_draft_may_hold_are_both_shown(
    alice: User, alices: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("journal.drafts.LARGEST", 10)
    _entry, _path, response = conflict(alice, alices)
    assert response.status_code == 409
    assert boxes(response)["text"] == "Mine."


def test_a_day_that_was_begun_in_two_places_is_one_entry_with_both(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY - 2 * DAY)
    path = f"/journal/sessions/{treatment.ref}/day/2/"
    on_the_phone, on_the_laptop = fill_in(alices, path), fill_in(alices, path)
    alices.post(path, {**on_the_phone, "text": "From the phone.", "mood": "low"})
    response = alices.post(path, {**on_the_laptop, "text": "From the laptop.", "sleep": "Well"})
    assert response.status_code == 409
    entry = Entry.objects.get()
    fields = {"token": token_in(response), **boxes(response), "settle": "both"}
    assert alices.post(f"/journal/entries/{entry.ref}/change/", fields).status_code == 302
    words = sealed.to_read(alice).words_of(Entry.objects.get())
    assert words == {"v": 1, "text": "From the phone.\n\nFrom the laptop.", "mood": "low", "sleep": "Well"}
    assert unsaved(alice) == []


def test_what_was_deleted_meanwhile_is_written_anew(alice: User, alices: Client):
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    fields = fill_in(alices, path)
    alices.post(f"/journal/entries/{entry.ref}/delete/")
    response = alices.post(path, {**fields, "text": "Not to be lost."})
    assert response.status_code == 404
    assert "Not to be lost." in text_of(response)


def test_what_was_put_in_the_trash_meanwhile_comes_out_of_it(alice: User, alices: Client):
    entry = entry_of(alice)
    path = f"/journal/entries/{entry.ref}/change/"
    fields = fill_in(alices, path)
    alices.post(f"/journal/entries/{entry.ref}/trash/")
    assert alices.post(path, {**fields, "text": "Still written."}).status_code == 302
    entry.refresh_from_db()
    assert entry.trashed_at is None


def test_a_session_that_was_moved_in_two_places_shows_both_notes(alice: User, alices: Client):
    treatment = treatment_of(alice)
    path = f"/journal/sessions/{treatment.ref}/change/"
    fields = fill_in(alices, path)
    write(alices, path, date="2026-11-20", notes="Theirs.")
    response = alices.post(path, {**fields, "date": "2026-11-21", "notes": "Mine."})
    assert response.status_code == 409
    assert boxes(response)["notes"] == "Theirs.\n\nMine."
    assert unsaved(alice) == [{"date": "2026-11-21", "notes": "Mine."}]
    alices.post(path, {"token": token_in(response), "date": "2026-11-21", "notes": boxes(response)["notes"]})
    treatment.refresh_from_db()
    assert treatment.date == dt.date(2026, 11, 21)
    assert sealed.to_read(alice).notes_of(treatment)["text"] == "Theirs.\n\nMine."
    assert unsaved(alice) == []


# Drafts -----------------------------------------------------------------------------------------------------------


def keep(client: Client, fields: dict[str, str]) -> Any:
    return client.post("/journal/unsaved/keep/", fields, headers={"accept": "application/json"})


def test_what_is_typed_is_kept_and_says_when(alice: User, alices: Client):
    fields = fill_in(alices)
    for text in ("Half", "Half a line"):
        response = keep(alices, {**fields, "text": text})
        assert response.json()["state"].startswith("Kept at ")
        assert response.json()["state"].endswith(", not saved yet.")
    assert unsaved(alice) == [{"text": "Half a line"}]
    assert not Entry.objects.exists()


def test_what_was_typed_and_taken_back_leaves_nothing(alice: User, alices: Client):
    fields = fill_in(alices)
    keep(alices, {**fields, "text": "Half"})
    keep(alices, {**fields, "text": ""})
    assert unsaved(alice) == []


def test_saving_drops_the_draft_of_its_form_and_no_other(alice: User, alices: Client):
    one, two = fill_in(alices), fill_in(alices)
    keep(alices, {**one, "text": "One"})
    keep(alices, {**two, "text": "Two"})
    alices.post(NOTE, {**one, "text": "One"})
    assert unsaved(alice) == [{"text": "Two"}]


def test_a_draft_that_arrives_after_its_form_leaves_nothing(alice: User, alices: Client):
    fields = {**fill_in(alices), "text": "Saved."}
    alices.post(NOTE, fields)
    assert keep(alices, fields).status_code == 200
    assert unsaved(alice) == []


def test_a_draft_of_a_dead_session_is_kept_and_says_so(alice: User, alices: Client):
    fields = fill_in(alices)
    end_session(alice)
    response = keep(alices, {**fields, "text": "Half"})
    assert response.status_code == 403
    assert response.json() == {"state": "You were signed out. Sign in and your words come back, to you only."}
    assert unsaved(alice) == [{"text": "Half"}]


def test_a_draft_goes_on_in_its_own_form(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY - 2 * DAY)
    path = f"/journal/sessions/{treatment.ref}/day/2/"
    keep(alices, {**fill_in(alices, path), "text": "Half", "mood": "okay", "then": "sit outside"})
    page = alices.get(f"/journal/unsaved/{Draft.objects.get().form}/")
    assert boxes(page) == {"text": "Half", "sleep": "", "movement": "", "when": "", "then": "sit outside"}
    assert '<option value="okay" selected>' in page.content.decode()
    assert f'action="{path}"' in page.content.decode()
    assert "<details" in page.content.decode()
    assert "open>" in page.content.decode()


def test_a_draft_of_a_day_asks_what_was_asked_then(alice: User, alices: Client):
    path = f"/journal/sessions/{treatment_of(alice).ref}/day/3/"
    fields = {"token": open_form(alices, path), "card": "3", "question": "Who felt safe this week?", "text": "Jo."}
    alices.post("/journal/unsaved/keep/", fields)
    page = alices.get(f"/journal/unsaved/{Draft.objects.get().form}/")
    assert "Who felt safe this week?" in text_of(page)
    assert boxes(page)["text"] == "Jo."


def test_a_script_is_told_where_to_go(alices: Client):
    response = alices.post(NOTE, {**fill_in(alices), "text": "Saved."}, headers={"accept": "application/json"})
    entry = Entry.objects.get()
    assert response.json()["to"] == f"/journal/entries/{entry.ref}/"
    assert response.json()["state"].startswith("Saved at ")


# After a long silence --------------------------------------------------------------------------------------------


@pytest.fixture
def after_hours(alices: Client) -> Iterator[None]:
    """From now on nobody showed for three hours that Alice is still there."""
    later = timezone.now() + dt.timedelta(hours=3)
    with time_machine.travel(later, tick=False):
        yield


def is_asked(response: Any) -> str:
    """Where the page leads after asking who sits there."""
    assert response.status_code == 302
    address, _mark, onward = response.headers["Location"].partition("?next=")
    assert address == "/accounts/reauthenticate/"
    return unquote(onward)


def test_a_search_shows_nothing(alice: User, alices: Client, after_hours: None):
    entry_of(alice, "The red door.")
    assert is_asked(alices.post("/journal/back/find/", {"q": "door"})) == "/journal/back/"


def test_a_stale_form_shows_nothing_and_its_words_wait(alice: User, alices: Client, request: pytest.FixtureRequest):
    entry = entry_of(alice, "The red door.")
    path = f"/journal/entries/{entry.ref}/change/"
    fields = fill_in(alices, path)
    write(alices, path, text="The red door, opened.")
    request.getfixturevalue("after_hours")
    response = alices.post(path, {**fields, "text": "From the other tab."})
    assert is_asked(response) == f"/journal/unsaved/{Draft.objects.get().form}/"
    assert unsaved(alice) == [{"text": "From the other tab."}]


def test_a_page_of_notes_is_not_shown_with_what_is_wrong(alice: User, alices: Client, request: pytest.FixtureRequest):
    treatment = treatment_of(alice, TODAY - 2 * DAY)
    path = f"/journal/sessions/{treatment.ref}/meaning/"
    fields = fill_in(alices, path)
    request.getfixturevalue("after_hours")
    response = alices.post(path, {**fields, "text": "x" * (LONGEST + 1)})
    assert is_asked(response) == f"/journal/unsaved/{Draft.objects.get().form}/"


def test_help_after_heavy_words_comes_and_leaves_out_my_person(
    alice: User, alices: Client, request: pytest.FixtureRequest
):
    write(alices, "/journal/plan/change/", person_name="Jo", person_phone="555-0123")
    fields = fill_in(alices)
    request.getfixturevalue("after_hours")
    page = text_of(alices.post(NOTE, {**fields, "text": "I want to die."}))
    assert "Some of them sounded heavy." in page
    assert "Jo" not in page


# Unsaved text is what is not saved ---------------------------------------------------------------------------------


def test_a_question_that_is_exchanged_keeps_what_is_typed(alice: User, alices: Client):
    path = f"/journal/sessions/{treatment_of(alice, TODAY - DAY).ref}/day/1/"
    alices.post(path, {"token": open_form(alices, path), "to": "ask-1", "text": "Half a line", "card": "1"})
    assert [fields["text"] for fields in unsaved(alice) if fields] == ["Half a line"]


def test_a_form_with_something_wrong_keeps_what_is_typed_until_it_is_saved(alice: User, alices: Client):
    path = f"/journal/sessions/{treatment_of(alice, TODAY - DAY).ref}/day/1/"
    response = alices.post(path, {"token": open_form(alices, path), "text": "A line", "sleep": "x" * 2001})
    assert [fields["text"] for fields in unsaved(alice) if fields] == ["A line"]
    alices.post(path, {"token": token_in(response), "text": "A line", "sleep": "Well"})
    assert unsaved(alice) == []


def test_with_something_wrong_the_question_stays_the_one_that_was_asked(alice: User, alices: Client):
    path = f"/journal/sessions/{treatment_of(alice, TODAY - DAY).ref}/day/1/"
    response = alices.post(path, {"token": open_form(alices, path), "to": "ask-1"})
    asked = question_of(response)
    said = {"question": asked, "card": "1", "sleep": "x" * 2001}
    response = alices.post(path, {"token": token_in(response), **said})
    assert (response.status_code, question_of(response)) == (400, asked)


def test_what_was_sent_and_comes_late_is_no_unsaved_text(alice: User, alices: Client):
    """A page keeps what is typed every few seconds: such a post may be slower than the one that saves."""
    token = open_form(alices, NOTE)
    alices.post(NOTE, {"token": token, "text": "A whole line"})
    alices.post("/journal/unsaved/keep/", {"token": token, "text": "A whole"})
    assert unsaved(alice) == []
    alices.post("/journal/unsaved/keep/", {"token": token, "text": "Something else"})
    assert len(unsaved(alice)) == 1
