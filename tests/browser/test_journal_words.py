"""Every page of the journal with long words in it: those of a longer language, and those that have no end.

With KETCARE_FULL_GRID=1 in English, too.
"""

import os
from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from ketcare.accounts.models import User
from tests import pseudo
from tests.browser.accounts import bring_session
from tests.browser.conftest import Pages
from tests.browser.journal_pages import HIGHEST, NOON, STATES, filled
from tests.ketcare.accounts.signing_in import account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

WIDTHS = (1280, 375, 320)
LONGER = {"40 percent longer": True, **({"english": False} if os.environ.get("KETCARE_FULL_GRID") else {})}
# Notes are read before one writes about them; all other boxes come first on their page.
READ_FIRST = ("meaning/",)
BOX = "main :is(textarea, input:not([type=hidden], [type=radio], [type=checkbox])):visible"

# Words that stand on others, out of the page, or under an edge that cuts them off.
ILL_PLACED = """() => {
    const lines = [], found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode, holder = text.parentElement;
        if (!text.data.trim() || !holder.checkVisibility() || holder.closest('.unseen, textarea, select')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const said = text.data.trim();
        for (const box of range.getClientRects()) if (box.width > 1) lines.push({ holder, box, said });
        for (let around = holder; around !== document.body; around = around.parentElement) {
            const cuts = !['visible', 'auto'].includes(getComputedStyle(around).overflowX);
            if (cuts && around.scrollWidth > around.clientWidth + 1) found.push(`cut off: ${said}`);
        }
    }
    lines.forEach((one, at) => {
        if (one.box.left < -1 || one.box.right > innerWidth + 1) found.push(`out of the page: ${one.said}`);
        for (const other of lines.slice(at + 1)) {
            if (one.holder === other.holder) continue;
            const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            const least = Math.min(one.box.height, other.box.height);
            if (across > 2 && down > least / 3) found.push(`on each other: ${one.said} and ${other.said}`);
        }
    });
    return [...new Set(found)];
}"""


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON):
        yield


@pytest.fixture
def alice(db: None) -> User:
    return account("alice@example.org", time_zone="America/New_York")


def check_words(page: Page) -> None:
    """At each width, from the widest to the narrowest."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 812})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {width}"
        assert page.evaluate(ILL_PLACED) == [], f"{page.url} at {width}"


def top_of(box: Locator) -> float:
    top: float = box.evaluate("box => box.getBoundingClientRect().top")
    return top


def firsts(page: Page, address: str) -> Iterator[str]:
    """The first page of the journal in each of its states, each of somebody else."""
    for number, (name, begin) in enumerate(STATES.items()):
        owner = account(f"somebody-{number}@example.org", time_zone="America/New_York")
        begin(owner, NOON.date())
        page.context.clear_cookies()
        bring_session(page, owner, address)
        page.goto(f"{address}/journal/")
        yield name


def test_a_word_out_of_its_place_is_seen(page_at: Pages):
    page = page_at(375, 812)
    page.set_content(
        "<p>In its place</p><p style='margin-top: -2em'>Over it</p><p style='margin-left: 370px'>Outside</p>"
        "<p style='overflow: hidden; white-space: nowrap; width: 5em'>Longer than there is room</p>"
    )
    assert {said.split(":")[0] for said in page.evaluate(ILL_PLACED)} == {"on each other", "out of the page", "cut off"}


@pytest.mark.parametrize("longer", LONGER.values(), ids=LONGER)
def test_no_word_is_out_of_its_place(
    live_server, page_at: Pages, alice: User, monkeypatch: pytest.MonkeyPatch, longer: bool
):
    paths = filled(alice, NOON)
    page = page_at()
    bring_session(page, alice, live_server.url)
    if longer:
        pseudo.speak(monkeypatch)
    for path in paths:
        page.goto(f"{live_server.url}/journal/{path}")
        assert (pseudo.OPEN in page.locator("main").inner_text()) == longer
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        check_words(page)


def test_no_word_of_today_is_out_of_its_place(live_server, page_at: Pages, monkeypatch: pytest.MonkeyPatch):
    pseudo.speak(monkeypatch)
    page = page_at()
    for _state in firsts(page, live_server.url):
        check_words(page)


def test_the_box_begins_where_one_sees_it(live_server, page_at: Pages, alice: User):
    """Of somebody who shares a device: the way out takes a row."""
    User.objects.filter(pk=alice.pk).update(shares_device=True)
    page = page_at(375, 812)
    paths = filled(alice, NOON)
    bring_session(page, alice, live_server.url)
    tops = {}
    for path in paths:
        page.goto(f"{live_server.url}/journal/{path}")
        box = page.locator(BOX).first
        if box.count() and not path.endswith(READ_FIRST):
            tops[path] = top_of(box)
    for state in firsts(page, live_server.url):
        box = page.locator(BOX).first
        if box.count():
            tops[state] = top_of(box)
    assert len(tops) > 15
    with_unsaved_text = tops.pop("")  # a word on that stands above the box, too
    assert {path: top for path, top in tops.items() if top >= HIGHEST} == {}
    assert with_unsaved_text < HIGHEST + 50


def test_below_a_word_on_unsaved_text_the_box_begins_where_one_sees_it(live_server, page_at: Pages, alice: User):
    page = page_at(375, 812)
    filled(alice, NOON)
    bring_session(page, alice, live_server.url)
    page.goto(f"{live_server.url}/journal/")
    expect(page.get_by_text("You have unsaved text.")).to_be_visible()
    assert top_of(page.locator(BOX).first) < HIGHEST
