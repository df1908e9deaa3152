"""The hours after a session: a dark page that loses no word and says where they are, with a script and without."""

import datetime as dt
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from journal import sealed
from journal.capture import LIFE, PATH
from journal.models import Draft, Entry, Kind
from journal.texts import LONGEST
from ketcare.accounts.models import User
from tests.browser.accounts import bring_session, headline, press
from tests.browser.conftest import PATIENCE, Pages
from tests.browser.journal_pages import NOON, alice, check_box, clock
from tests.journal.conftest import treatment_of

__all__ = ["alice", "clock"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

STATE = "[data-save-state]"
FIRST = "Something I noticed"


@pytest.fixture
def phone(live_server, page_at: Pages, alice: User, clock: Any) -> Page:
    """The page for the hours after Alice’s session, open on her phone."""
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    treatment_of(alice, NOON.date())
    page.goto(f"{live_server.url}/journal/")
    press(page, "Open the page for now")
    headline(page, "Nothing to work out today.")
    return page


def captured(alice: User) -> list[str]:
    """What the first box of each fragment holds, on the server."""
    journal = sealed.to_read(alice)
    return [journal.words_of(entry)["noticed"] for entry in Entry.objects.filter(kind=Kind.NOTE)]


@pytest.mark.parametrize("js", [True, False])
def test_the_hours_after_are_captured_in_the_dark(live_server, page_at: Pages, alice: User, axe, js: bool):
    page = page_at(375, 812, js=js)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/")
    press(page, "I had one today")
    headline(page, "The day of your session")
    press(page, "Open the page for now")
    headline(page, "Nothing to work out today.")
    page.context.clear_cookies(name="session")  # nobody is signed in any more

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 26, 25)"
    for target in page.locator("main :is(button, summary, textarea):visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 56, target.inner_text()
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(part => part.checkVisibility() && part.textContent.trim())"
        ".map(part => parseFloat(getComputedStyle(part).fontSize))"
    )
    assert min(sizes) >= 20
    check_box(page)
    if js:
        axe(page)

    page.get_by_label(FIRST).fill("A blue field")
    press(page, "Next")
    page.get_by_label("A picture, a sound, a place").fill("My grandmother’s door")
    page.go_back()
    expect(page.get_by_label(FIRST)).to_have_value("A blue field")
    page.go_forward()
    press(page, "Next")
    expect(page.get_by_label("A feeling")).to_be_visible()
    press(page, "Skip")
    expect(page.get_by_text("This feels rough")).to_be_visible()
    if js:
        expect(page.locator(STATE)).to_contain_text("Saved at")
        page.reload()
    expect(page.locator("[name=noticed]")).to_have_value("A blue field")
    press(page, "Done for now")
    headline(page, "Saved. Rest now.")
    assert Entry.objects.get().kind == Kind.NOTE

    page.goto(f"{live_server.url}/journal/")
    headline(page, "Sign in")


def test_the_open_page_goes_on_for_two_hours_without_a_network_and_says_so(
    live_server, page_at: Pages, alice: User, clock: Any
):
    page = page_at(375, 812)
    bring_session(page, alice, live_server.url)
    treatment_of(alice, NOON.date())
    page.clock.install()
    page.goto(f"{live_server.url}/journal/")
    press(page, "Open the page for now")
    expect(page.get_by_label(FIRST)).to_be_visible()
    page.wait_for_load_state()  # its script comes after its words
    page.context.set_offline(True)
    page.get_by_label(FIRST).fill("A blue field")
    for _quarter in range(8):
        page.clock.run_for(15 * 60 * 1000)
        expect(page.locator(STATE)).to_have_text("No network just now. Your words are here, and we keep trying.")
    press(page, "Next")
    page.get_by_label("A picture, a sound, a place").fill("A bell")
    page.context.set_offline(False)
    page.clock.run_for(10_000)
    expect(page.locator(STATE)).to_contain_text("Saved at")
    press(page, "Done for now")
    headline(page, "Saved. Rest now.")
    page_at.errors = [error for error in page_at.errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_done_while_a_save_is_on_its_way_waits_for_it_and_is_done(phone: Page, alice: User):
    on_its_way: list[Route] = []
    phone.route(f"**{PATH}", lambda route: on_its_way.append(route), times=1)
    with phone.expect_request(f"**{PATH}"):  # it pauses, so the page saves
        phone.get_by_label(FIRST).fill("A blue")
    phone.get_by_label(FIRST).fill("A blue field")
    press(phone, "Done for now")
    press(phone, "Done for now")
    on_its_way[0].continue_()
    headline(phone, "Saved. Rest now.")
    assert captured(alice) == ["A blue field"]


def test_what_is_typed_while_a_save_is_on_its_way_is_saved_though_the_page_goes(phone: Page, alice: User):
    on_its_way: list[Route] = []
    phone.route(f"**{PATH}", lambda route: on_its_way.append(route), times=1)
    with phone.expect_request(f"**{PATH}"):
        phone.get_by_label(FIRST).fill("A blue")
    phone.get_by_label(FIRST).fill("A blue field")
    phone.goto("about:blank")
    until = time.monotonic() + PATIENCE / 1000
    while captured(alice) != ["A blue field"] and time.monotonic() < until:
        time.sleep(0.1)
    assert captured(alice) == ["A blue field"]


def test_after_heavy_words_help_comes_and_is_met_with_the_next_step(phone: Page, alice: User, axe):
    box = phone.get_by_label(FIRST)
    box.fill("I want to die")
    panel = phone.get_by_text("Some of them sounded heavy.")
    expect(panel).to_be_visible()
    expect(box).to_be_focused()  # it takes the box away from nobody
    axe(phone)
    press(phone, "Next")
    expect(phone.locator("[role=status]:focus")).to_contain_text("Your words are saved.")
    phone.get_by_role("link", name="Not what I meant").click()
    expect(panel).not_to_be_visible()
    expect(phone.get_by_label("A picture, a sound, a place")).to_be_focused()
    press(phone, "Back")
    expect(box).to_be_focused()
    press(phone, "Done for now")
    headline(phone, "Saved. Rest now.")
    expect(phone.get_by_text("Some of them sounded heavy.")).to_be_visible()


def test_the_way_back_after_done_shows_nothing_of_it(phone: Page):
    """Nobody has to sign in there."""
    phone.get_by_label(FIRST).fill("A blue field")
    press(phone, "Done for now")
    headline(phone, "Saved. Rest now.")
    phone.go_back()
    headline(phone, "Nothing to work out today.")
    expect(phone.get_by_label(FIRST)).to_have_value("")


def test_what_was_written_on_another_page_of_it_stands_in_the_box_too(phone: Page, alice: User):
    other = phone.context.new_page()
    other.goto(phone.url)
    other.get_by_label(FIRST).fill("The sea")
    expect(other.locator(STATE)).to_contain_text("Saved at")
    phone.get_by_label(FIRST).fill("A bell")
    expect(phone.get_by_label(FIRST)).to_have_value("The sea\n\nA bell")
    phone.get_by_label(FIRST).press_sequentially(" rang")
    press(phone, "Done for now")
    headline(phone, "Saved. Rest now.")
    assert captured(alice) == ["The sea\n\nA bell rang"]


def test_after_18_hours_the_open_page_says_where_the_words_go(phone: Page, page_at: Pages, alice: User, clock: Any):
    clock.move_to(NOON + LIFE + dt.timedelta(hours=1))
    phone.get_by_label(FIRST).fill("A blue field")
    expect(phone.locator(STATE)).to_have_text(
        "The time of this page is over. What you wrote is kept as unsaved text in your journal."
    )
    press(phone, "Done for now")
    headline(phone, "Your words are kept")
    assert (Entry.objects.count(), Draft.objects.count()) == (0, 1)
    page_at.errors.clear()  # the browser’s own word for a page that is closed


def test_too_many_words_stay_in_the_page_and_come_back_with_what_to_do(phone: Page, page_at: Pages):
    text = "word " * (LONGEST // 5) + "more"
    phone.get_by_label(FIRST).fill(text)
    expect(phone.locator(STATE)).to_have_text("Not saved yet. Your words are still here; we keep trying.")
    press(phone, "Done for now")
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Nothing to work out today.")
    phone.wait_for_load_state()
    assert text in phone.get_by_role("main").locator("textarea").first.input_value()
    page_at.errors.clear()
