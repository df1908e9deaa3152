"""The page for the hours after: made ready by Alice on her phone, and then open without sign-in, for words only."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from journal import capture, drafts, sealed, writing
from journal.models import Choices, Entry, EntryVersion, Kind, Treatment
from ketcare.accounts.models import User
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import boxes, text_of, token_in, write
from tests.ketcare.accounts.test_private_sweep import PATHS, check_stranger
from tests.reading import check_page

pytestmark = pytest.mark.django_db

PAGE = "/journal/capture/"
HOURS = dt.timedelta(hours=1)


@pytest.fixture
def treatment(alice: User) -> Treatment:
    return treatment_of(alice)


@pytest.fixture
def phone(alices: Client, treatment: Treatment) -> Client:
    """Her phone once the page is ready and nobody is signed in: it holds that one cookie."""
    response = alices.post("/journal/prepare/", {"session": str(treatment.ref)})
    assert response.headers["Location"] == PAGE
    found = Client(raise_request_exception=False)
    found.cookies[capture.COOKIE] = response.cookies[capture.COOKIE].value
    return found


def add(phone: Client, **fields: str) -> Any:
    return phone.post(PAGE, {"token": token_in(phone.get(PAGE)), **fields})


def paused(phone: Client, token: str, **fields: str) -> Any:
    """What the page’s script is told when it saves at a pause."""
    return phone.post(PAGE, {"token": token, **fields}, headers={"accept": "application/json"}).json()


def words_of(owner: User) -> list[dict[str, object]]:
    journal = sealed.to_read(owner)
    return [journal.words_of(entry) for entry in Entry.objects.filter(owner=owner).order_by("pk")]


def test_its_cookie_is_for_this_page_alone_and_18_hours(alices: Client, treatment: Treatment):
    cookie = alices.post("/journal/prepare/", {"session": str(treatment.ref)}).cookies[capture.COOKIE]
    assert (cookie["path"], cookie["max-age"]) == (PAGE, 18 * 60 * 60)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["domain"] == ""


def test_nobody_makes_it_ready_for_a_session_of_somebody_else(bobs: Client, treatment: Treatment):
    assert bobs.post("/journal/prepare/", {"session": str(treatment.ref)}).status_code == 404
    assert bobs.post("/journal/prepare/", {"session": "x"}).status_code == 404


def test_it_is_written_without_sign_in_and_is_a_note_of_that_session(alice: User, phone: Client, treatment: Treatment):
    check_page(phone.get(PAGE).content)
    add(phone, noticed="A blue field", feeling="light, in the chest", at="2")
    entry = Entry.objects.get()
    assert (entry.owner, entry.kind, entry.treatment) == (alice, Kind.NOTE, treatment)
    assert words_of(alice) == [
        {"v": 1, "shape": "capture", "noticed": "A blue field", "feeling": "light, in the chest"}
    ]


def test_next_shows_the_next_box_and_back_the_one_before_with_its_words(phone: Client):
    assert add(phone, noticed="A blue field", at="2").headers["Location"] == f"{PAGE}?at=2"
    page = phone.get(f"{PAGE}?at=2")
    assert boxes(page)["noticed"] == "A blue field"
    shown = [part for part in check_page(page.content).all("div") if "data-screen" in part.attributes]
    assert [part.attributes["data-screen"] for part in shown if "hidden" not in part.attributes] == ["2"]


def test_what_was_saved_survives_a_reload(phone: Client):
    add(phone, picture="the door")
    for _load in range(2):
        assert boxes(phone.get(PAGE))["picture"] == "the door"


def test_each_pause_saves_and_nothing_that_stood_there_is_gone(alice: User, phone: Client):
    token = token_in(phone.get(PAGE))
    for text in ("A", "A blue", "A blue field"):
        answer = phone.post(PAGE, {"token": token, "noticed": text}, headers={"accept": "application/json"}).json()
        assert answer["state"].startswith("Saved at ")
        token = answer["token"]
    assert [words["noticed"] for words in words_of(alice)] == ["A blue field"]
    assert EntryVersion.objects.count() == 2


def test_an_answer_that_was_lost_costs_nothing(alice: User, phone: Client):
    token = token_in(phone.get(PAGE))
    for text in ("A blue", "A blue", "A blue field"):
        phone.post(PAGE, {"token": token, "noticed": text}, headers={"accept": "application/json"})
    assert [words["noticed"] for words in words_of(alice)] == ["A blue field"]


def test_two_pages_of_it_lose_nothing(alice: User, phone: Client):
    pages = [token_in(phone.get(PAGE)) for _page in range(2)]
    phone.post(PAGE, {"token": pages[0], "noticed": "The sea"})
    phone.post(PAGE, {"token": pages[1], "noticed": "A bell", "idea": "Call Ruth"})
    (words,) = words_of(alice)
    assert "The sea" in str(words["noticed"])
    assert "A bell" in str(words["noticed"])
    assert words["idea"] == "Call Ruth"


def test_what_two_pages_wrote_stays_with_the_next_pause_of_one(alice: User, phone: Client):
    one, other = (token_in(phone.get(PAGE)) for _page in range(2))
    paused(phone, one, noticed="The sea", picture="my door")
    told = paused(phone, other, noticed="A bell")
    assert told["boxes"] == {"noticed": "The sea\n\nA bell", "picture": "my door", "feeling": "", "idea": ""}
    paused(phone, told["token"], noticed="The sea\n\nA bell rang", picture="my door")
    (words,) = words_of(alice)
    assert (words["noticed"], words["picture"]) == ("The sea\n\nA bell rang", "my door")


def test_what_one_page_corrects_is_corrected_though_the_other_wrote_elsewhere(alice: User, phone: Client):
    one, other = (token_in(phone.get(PAGE)) for _page in range(2))
    token = paused(phone, one, noticed="A bleu field")["token"]
    paused(phone, other, idea="Call Ruth")
    paused(phone, token, noticed="A blue field")
    (words,) = words_of(alice)
    assert (words["noticed"], words["idea"]) == ("A blue field", "Call Ruth")


def test_a_mark_that_was_set_on_it_elsewhere_stays(alice: User, alices: Client, phone: Client):
    token = paused(phone, token_in(phone.get(PAGE)), noticed="The sea")["token"]
    alices.post(f"/journal/entries/{Entry.objects.get().ref}/keep/", {"keep": "on"})
    paused(phone, token, noticed="The sea. Blue")
    assert words_of(alice) == [{"v": 1, "shape": "capture", "noticed": "The sea. Blue", "keep": True}]


def test_what_was_put_in_the_trash_meanwhile_is_out_of_it_with_the_next_word(alice: User, phone: Client):
    token = paused(phone, token_in(phone.get(PAGE)), noticed="The sea")["token"]
    writing.put_in_trash(Entry.objects.get(), now=timezone.now())
    paused(phone, token, noticed="The sea. Blue")
    assert Entry.objects.get().trashed_at is None


def test_done_for_now_closes_what_was_written(alice: User, phone: Client):
    response = phone.post(PAGE, {"token": token_in(phone.get(PAGE)), "noticed": "The sea", "at": "done"})
    assert "Saved. Rest now." in text_of(response)
    assert set(boxes(phone.get(PAGE)).values()) == {""}
    add(phone, noticed="A bell")
    assert [words["noticed"] for words in words_of(alice)] == ["The sea", "A bell"]


def test_a_page_that_was_closed_keeps_its_words_as_unsaved_text(alice: User, phone: Client):
    token = token_in(phone.get(PAGE))
    phone.post(PAGE, {"token": token, "noticed": "The sea", "at": "done"})
    page = text_of(phone.post(PAGE, {"token": token, "noticed": "The sea, again"}))
    assert "A newer page is open for this. What you wrote here is kept as unsaved text in your journal." in page
    (found,) = drafts.unsaved_of(alice, sealed.to_read(alice))
    assert (found.fields or {})["noticed"] == "The sea, again"


def test_of_empty_boxes_no_entry_is_made(phone: Client):
    add(phone, at="2")
    page = text_of(add(phone, noticed="  ", at="done"))
    assert not Entry.objects.exists()
    assert page.startswith("Rest now.")
    assert "Saved" not in page


def test_it_reads_nothing_else_wherever_its_cookie_is_sent(alice: User, phone: Client):
    entry_of(alice, "Goldfinch in a note.")
    wrong = []
    for name, path in PATHS.items():
        if name in {"capture", "exit"}:
            continue
        browser = Client()
        browser.cookies[capture.COOKIE] = phone.cookies[capture.COOKIE].value
        response = browser.get(path)
        if b"Goldfinch" in response.content or alice.ref.hex.encode() in response.content:
            wrong.append(path)
        check_stranger(name)
        assert response.status_code == Client().get(path).status_code, path
    assert wrong == []
    assert b"Goldfinch" not in phone.get(PAGE).content


def test_it_is_over_after_18_hours_and_what_comes_later_is_kept(alice: User, phone: Client):
    token = token_in(phone.get(PAGE))
    with time_machine.travel(timezone.now() + 18 * HOURS, tick=False):
        page = phone.get(PAGE)
        assert page.status_code == 404
        assert "This page is closed" in text_of(page)
        phone.post(PAGE, {"token": token, "noticed": "The sea"})
    (found,) = drafts.unsaved_of(alice, sealed.to_read(alice))
    assert found.fields == {"noticed": "The sea"}


def test_shortly_before_it_is_open(phone: Client):
    with time_machine.travel(timezone.now() + 18 * HOURS - dt.timedelta(minutes=1), tick=False):
        assert phone.get(PAGE).status_code == 200


def test_words_of_which_it_cannot_be_told_whose_they_are_come_back(phone: Client):
    """As after a day without a network: the page’s token is too old to say whose they are."""
    token = token_in(phone.get(PAGE))
    with time_machine.travel(timezone.now() + 25 * HOURS, tick=False):
        response = phone.post(PAGE, {"token": token, "noticed": "The sea"})
    assert response.status_code == 403
    page = text_of(response)
    assert "This page is closed" in page
    assert "Not saved yet. Your words are still here." in page
    assert "The sea" in response.content.decode()
    assert "What you saved on it is in your journal." not in page


@pytest.mark.parametrize(
    ("time", "hours"), [(dt.time(13), 23), (None, 22), (dt.time(5), 18)], ids=["at one", "some time", "over by now"]
)
def test_made_ready_before_a_session_it_is_open_until_18_hours_after(alice: User, time: dt.time | None, hours: int):
    """On the eve or in the morning: it is for the hours after."""
    zone = zoneinfo.ZoneInfo(alice.time_zone)
    at_eight = dt.datetime(2026, 11, 4, 8, tzinfo=zone)
    treatment = treatment_of(alice, at_eight.date(), time=time)
    with timezone.override(zone):
        assert capture.over_at(treatment, now=at_eight) == at_eight + hours * HOURS


@pytest.mark.parametrize("value", ["", "nothing", "a:b:c"])
def test_a_cookie_that_this_site_did_not_make_opens_nothing(db: None, value: str):
    other = Client()
    other.cookies[capture.COOKIE] = value
    assert other.get(PAGE).status_code == 404


def test_nobody_writes_for_somebody_else(bob: User, bobs: Client, phone: Client):
    """Bob's own token under Alice's page is not hers."""
    bobs.post("/journal/prepare/")
    theirs = token_in(bobs.get(PAGE))
    assert phone.post(PAGE, {"token": theirs, "noticed": "The sea"}).status_code in {400, 403}
    assert not Entry.objects.exists()


def test_after_a_long_silence_it_still_asks_nobody_who_they_are(alices: Client, treatment: Treatment):
    alices.post("/journal/prepare/", {"session": str(treatment.ref)})
    with time_machine.travel(timezone.now() + 2 * HOURS, tick=False):
        assert alices.get(PAGE).status_code == 200


def test_heavy_words_are_saved_and_answered_with_help(alice: User, phone: Client):
    response = add(phone, noticed="I want to die")
    assert response.status_code == 200
    assert "Your words are saved." in text_of(response)
    assert [words["noticed"] for words in words_of(alice)] == ["I want to die"]


def test_the_script_is_told_once_that_words_sound_heavy_and_nothing_of_it_is_kept(alice: User, phone: Client):
    told = paused(phone, token_in(phone.get(PAGE)), noticed="I want to die")
    assert told["larger"] is True
    assert paused(phone, told["token"], noticed="I want to die. No.")["larger"] is False
    assert words_of(alice) == [{"v": 1, "shape": "capture", "noticed": "I want to die. No."}]


@pytest.mark.parametrize("paused_before", [True, False])
def test_whoever_leaves_after_heavy_words_meets_the_help(phone: Client, paused_before: bool):
    token = token_in(phone.get(PAGE))
    if paused_before:
        token = paused(phone, token, noticed="I want to die")["token"]
    page = text_of(phone.post(PAGE, {"token": token, "noticed": "I want to die", "at": "done"}))
    assert page.startswith("Saved. Rest now.")
    assert "Some of them sounded heavy." in page
    assert "Not what I meant" not in page


def test_the_help_stays_as_it_is_for_those_who_switched_that_off(alice: User, phone: Client):
    Choices.objects.create(owner=alice, larger_help=False)
    assert add(phone, noticed="I want to die", at="2").status_code == 302
    assert paused(phone, token_in(phone.get(PAGE)), noticed="I want to die now")["larger"] is False
    assert "sounded heavy" not in text_of(add(phone, noticed="I want to die", at="done"))


def test_each_screen_says_what_to_do_where_it_feels_rough(phone: Client):
    for at in range(1, 5):
        page = check_page(phone.get(f"{PAGE}?at={at}").content)
        assert "This feels rough" in [summary.text for summary in page.all("summary")]
        assert "Chest pain, can’t stay awake, hard to breathe: 911." in page.one("main").text


def test_only_so_many_come_in_a_minute(phone: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("journal.limits.PER_MINUTE", 2)
    with time_machine.travel(timezone.now(), tick=False):  # one minute, however long this takes
        answers = [add(phone, noticed=str(number)).status_code for number in range(4)]
    assert answers == [302, 302, 429, 429]


def test_over_https_its_cookie_is_secure(settings: Settings):
    assert capture.COOKIE == "capture"
    settings.HTTPS = True
    held = capture.Pass(uuid.uuid4(), None, uuid.uuid4(), until=2**33)
    response = HttpResponse()
    held.set_on(response, now=timezone.now())
    assert response.cookies[capture.COOKIE]["secure"] is True


def test_what_was_captured_is_read_after_signing_in(alices: Client, phone: Client):
    add(phone, noticed="A blue field")
    assert "A blue field" in text_of(alices.get(f"/journal/entries/{Entry.objects.get().ref}/"))
    change = f"/journal/entries/{Entry.objects.get().ref}/change/"
    assert list(boxes(alices.get(change))) == ["noticed", "picture", "feeling", "idea"]
    write(alices, change, noticed="A blue field, wide", shape="capture")
    assert "wide" in text_of(alices.get("/journal/entries/"))
