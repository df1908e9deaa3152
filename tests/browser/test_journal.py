"""Writing in a real browser: what is typed is kept, whatever happens to the page, with a script and without."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from journal import drafts, sealed, writing
from journal.models import Draft, Entry, Treatment
from journal.models import Kind as EntryKind
from journal.tokens import FormToken, Place
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, check_both_themes, headline, press
from tests.browser.conftest import Pages
from tests.browser.losing import PATIENCE, TROUBLES, Trial, stored, text_for
from tests.journal.conftest import entry_of, treatment_of
from tests.ketcare.accounts.signing_in import account

pytestmark = [pytest.mark.django_db(transaction=True)]
BOX = "Your note"


@pytest.fixture
def alice(transactional_db: None) -> User:
    cache.clear()
    return account("alice@example.org", time_zone="America/New_York")


@pytest.fixture
def note(live_server, page_at: Pages, alice: User) -> Page:
    """An empty note on Alice's phone."""
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(live_server.url + "/journal/note/")
    return page


def state(page: Page, words: str) -> None:
    expect(page.locator("[data-save-state]")).to_have_text(re.compile(words), timeout=PATIENCE)


def kept_for(user: User, page: Page, fields: dict[str, str]) -> None:
    """Waits until that, and no more, is the user’s unsaved text."""
    until = time.monotonic() + PATIENCE / 1000
    while not Draft.objects.exists() and time.monotonic() < until:
        page.wait_for_timeout(100)
    [found] = drafts.unsaved_of(user, sealed.to_read(user))
    assert found.fields == fields


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
@pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
def test_no_byte_is_lost(live_server, page_at: Pages, alice: User, trouble, js: bool):
    pages = page_at
    trial = Trial(pages(375, 812, js=js), live_server.url, alice)
    trouble(trial, text_for(1))
    assert stored(alice, 1) == [text_for(1)]
    assert not Draft.objects.exists()
    # What the browser itself says of a refused post or a cut wire is what this test is about.
    pages.errors.clear()


def test_what_is_typed_is_on_the_server_within_five_seconds(live_server, page_at: Pages, alice: User):
    note = page_at(375, 812)
    note.clock.install()  # five of the page’s own, however slow the machine is
    bring_session(note, alice, live_server.url)
    note.goto(live_server.url + "/journal/note/")
    note.get_by_label(BOX, exact=True).press_sequentially("Half a line")
    with note.expect_request("**/journal/unsaved/keep/"):
        note.clock.run_for(5000)
    state(note, r"Kept at \d\d:\d\d, not saved yet\.")
    [found] = drafts.unsaved_of(alice, sealed.to_read(alice))
    assert found.fields == {"text": "Half a line"}


def test_what_is_typed_is_kept_when_the_page_goes(note: Page, live_server, alice: User):
    note.get_by_label(BOX, exact=True).fill("A last word")
    note.goto(live_server.url + "/crisis/")
    until = time.monotonic() + PATIENCE / 1000
    while not Draft.objects.exists() and time.monotonic() < until:
        note.wait_for_timeout(100)
    note.goto(live_server.url + "/journal/")
    expect(note.get_by_text("You have unsaved text.")).to_be_visible(timeout=PATIENCE)
    note.get_by_role("link", name="Look at it").click()
    note.get_by_role("link", name="Go on").click()
    expect(note.get_by_label(BOX, exact=True)).to_have_value("A last word")
    press(note, "Save")
    headline(note, "Note")
    expect(note).to_have_url(re.compile("/journal/entries/[0-9a-f-]+/$"), timeout=PATIENCE)
    assert (Entry.objects.count(), Draft.objects.count()) == (1, 0)


def test_without_network_the_page_says_so_and_saves_when_it_is_back(note: Page, page_at: Pages):
    note.get_by_label(BOX, exact=True).fill("Through the tunnel")
    note.context.set_offline(True)
    press(note, "Save")
    state(note, "Not saved yet. Your words are still here; we keep trying.")
    assert not Entry.objects.exists()
    note.context.set_offline(False)
    expect(note.get_by_role("heading", level=1)).to_have_text("Note", timeout=PATIENCE)
    assert Entry.objects.count() == 1
    page_at.errors.clear()


def test_a_long_text_is_saved_once_the_site_is_back(
    note: Page, page_at: Pages, alice: User, monkeypatch: pytest.MonkeyPatch
):
    """A page may have 64 KiB on their way that go on without it; an answer that is not read to its end counts, too."""
    text = "Trial 1: " + "one long line " * 3000
    save, away = writing.save, iter(range(3))

    def save_when_back(*given: Any, **more: Any) -> Entry:
        for _time in away:
            raise OperationalError("The database is away.")
        return save(*given, **more)

    monkeypatch.setattr(writing, "save", save_when_back)
    note.get_by_label(BOX, exact=True).fill(text)
    press(note, "Save")
    headline(note, "Note")
    assert stored(alice, 1) == [text]
    page_at.errors.clear()


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_too(note: Page, alice: User):
    on_its_way: list[Route] = []
    note.route("**/journal/note/", lambda route: on_its_way.append(route), times=1)
    note.get_by_label(BOX, exact=True).fill("Trial 1: a line")
    with note.expect_request("**/journal/note/"):
        press(note, "Save")
    note.get_by_label(BOX, exact=True).press_sequentially(", and one more word")
    on_its_way[0].continue_()
    headline(note, "Note")
    assert stored(alice, 1) == ["Trial 1: a line, and one more word"]
    assert not Draft.objects.exists()


def test_a_page_that_is_left_while_it_tries_to_save_keeps_the_words(
    note: Page, page_at: Pages, alice: User, live_server
):
    note.route("**/journal/note/", lambda route: route.abort("connectionreset"))
    note.get_by_label(BOX, exact=True).fill("Through the tunnel")
    press(note, "Save")
    state(note, "Not saved yet. Your words are still here; we keep trying.")
    note.goto(live_server.url + "/journal/back/")
    kept_for(alice, note, {"text": "Through the tunnel"})
    page_at.errors.clear()


def test_the_way_back_from_what_is_saved_leads_to_no_second_entry(note: Page, live_server):
    note.goto(live_server.url + "/journal/")
    note.goto(live_server.url + "/journal/note/")
    note.get_by_label(BOX, exact=True).fill("Once")
    press(note, "Save")
    headline(note, "Note")
    note.go_back()
    expect(note).to_have_url(live_server.url + "/journal/")


def test_what_is_thrown_away_does_not_come_back(note: Page, live_server, alice: User):
    note.get_by_label(BOX, exact=True).fill("A first")
    state(note, "Kept at")
    note.goto(f"{live_server.url}/journal/unsaved/{Draft.objects.get().form}/")
    note.get_by_label(BOX, exact=True).fill("A first line")
    press(note, "Throw this text away")
    expect(note.get_by_role("status").first).to_have_text("The unsaved text is thrown away.")
    note.wait_for_timeout(1000)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("js", [True, False])
def test_enter_in_a_line_saves_though_the_way_out_stands_first(live_server, page_at: Pages, alice: User, js: bool):
    User.objects.filter(pk=alice.pk).update(shares_device=True)
    page = page_at(375, 812, js=js)
    bring_session(page, alice, live_server.url)
    page.goto(live_server.url + "/journal/sessions/new/")
    page.get_by_label("Time of day").press("Enter")
    expect(page).to_have_url(re.compile("/journal/sessions/[0-9a-f-]{36}/$"))
    assert Treatment.objects.count() == 1


def test_enter_on_a_short_answer_saves_it(live_server, page_at: Pages, alice: User):
    treatment = treatment_of(alice, timezone.localdate() - dt.timedelta(days=9))
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/sessions/{treatment.ref}/day/7/")
    page.get_by_label("Better", exact=True).press(" ")
    page.get_by_label("Better", exact=True).press("Enter")
    headline(page, "Day 7 after")


def test_a_chip_is_sent_with_its_answer(live_server, page_at: Pages, alice: User):
    treatment = treatment_of(alice, timezone.localdate() - dt.timedelta(days=2))
    for js, day in ((True, 1), (False, 2)):
        page = page_at(375, 812, js=js)
        bring_session(page, alice, live_server.url)
        page.goto(f"{live_server.url}/journal/sessions/{treatment.ref}/day/{day}/")
        press(page, "Nothing today")
        headline(page, f"Day {day} after")
        expect(page.get_by_role("main").get_by_text("Nothing today")).to_be_visible()


def test_the_browser_stores_nothing(note: Page):
    note.get_by_label(BOX, exact=True).fill("Nowhere but here")
    state(note, "Kept at")
    kept = note.evaluate(
        """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
                         (await caches.keys()).length]"""
    )
    assert kept == [0, 0, 0, 0]


def test_how_every_page_looks(live_server, page_at: Pages, alice: User, axe):
    today = timezone.localdate()
    treatment, ahead = (
        treatment_of(alice, today - dt.timedelta(days=3)),
        treatment_of(alice, today + dt.timedelta(days=2)),
    )
    entry = entry_of(alice, "Rest first.", treatment=treatment)
    token = FormToken.for_new(alice, Place.of(EntryKind.NOTE, treatment))
    drafts.keep(alice, sealed.to_write(alice), token, {"text": "Half"}, now=timezone.now())
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    session, here = f"sessions/{treatment.ref}/", f"entries/{entry.ref}/"
    paths = [
        "",
        "note/",
        "sessions/",
        "sessions/new/",
        session,
        f"{session}day/2/",
        f"sessions/{ahead.ref}/intentions/",
    ]
    paths += ["entries/", here, f"{here}change/", f"{here}versions/", f"{here}delete/", "trash/"]
    for path in [*paths, "unsaved/", f"unsaved/{token.form}/"]:
        page.goto(f"{live_server.url}/journal/{path}")
        check_both_themes(page, axe)
