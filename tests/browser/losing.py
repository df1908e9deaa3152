"""Trials in which a text could get lost: a page, a trouble at the worst moment, and what a person then does.

Each trial ends with the text saved, and says what the site has of it. `bench/lost_text.py` makes hundreds of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Error, Page, Route, expect

from journal import sealed
from journal.models import Entry
from ketcare.accounts.models import User, WebSession
from tests.browser.accounts import bring_session, give_password, press

PATIENCE = 30_000  # milliseconds, on a machine that is busy with other tests


def text_for(trial: int) -> str:
    """20 kB that occur once."""
    line = f"Trial {trial}: a line with é, 🌢, <b>, & and “quotes”.\n"
    return (line * (20_000 // len(line.encode()) + 1)).strip()


def stored(user: User, trial: int) -> list[str]:
    """The texts of entries that came of that trial."""
    journal = sealed.to_read(user)
    texts = [journal.words_of(entry).get("text", "") for entry in Entry.objects.filter(owner=user)]
    return [text for text in texts if text.startswith(f"Trial {trial}:")]


@dataclass
class Trial:
    """One page in one browser, and a text that is to be saved in it."""

    page: Page
    address: str
    user: User

    def fill_in(self, text: str) -> None:
        bring_session(self.page, self.user, self.address)
        self.page.goto(f"{self.address}/journal/note/")
        self.page.get_by_label("Your note", exact=True).fill(text)

    def save(self) -> None:
        press(self.page, "Save")

    def is_saved(self) -> None:
        """It shows the entry: only what is saved has such an address."""
        expect(self.page).to_have_url(re.compile(r"/journal/entries/[0-9a-f-]{36}/$"), timeout=PATIENCE)


def session_ends(trial: Trial, text: str) -> None:
    """Saved in a page whose web session is over: signs in again, and finds the text in its form."""
    trial.fill_in(text)
    WebSession.objects.filter(owner=trial.user).delete()
    trial.save()
    headline = trial.page.get_by_role("heading", level=1)
    expect(headline).to_have_text("Your words are kept", timeout=PATIENCE)
    trial.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    give_password(trial.page, trial.user.email)
    _save_what_was_kept(trial, text)


def token_rotates(trial: Trial, text: str) -> None:
    """Saved in a page whose token against forged forms is of yesterday."""
    trial.fill_in(text)
    trial.page.context.add_cookies([{"name": "csrf", "value": "b" * 32, "url": trial.address}])
    trial.save()
    trial.page.get_by_role("link", name="Look at them and save").click(timeout=PATIENCE)
    _save_what_was_kept(trial, text)


def _save_what_was_kept(trial: Trial, text: str) -> None:
    expect(trial.page.get_by_label("Your note", exact=True)).to_have_value(text, timeout=PATIENCE)
    trial.save()
    trial.is_saved()


def network_ends_before(trial: Trial, text: str) -> None:
    """The post never reaches the site."""
    _network_ends(trial, text, lambda route: route.abort("connectionreset"))


def network_ends_after(trial: Trial, text: str) -> None:
    """The site has saved it, and its answer never comes."""

    def cut(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    _network_ends(trial, text, cut)


def _network_ends(trial: Trial, text: str, cut: Callable[[Route], None]) -> None:
    """With a script the page tries again by itself; without one, its reader loads it again, which sends it again."""
    page, here = trial.page, "**/journal/note/"
    trial.fill_in(text)
    scripts = page.evaluate("matchMedia('(scripting: enabled)').matches")
    page.route(here, lambda route: cut(route) if route.request.method == "POST" else route.continue_(), times=1)
    if scripts:
        trial.save()
    else:
        with page.expect_event("requestfailed", timeout=PATIENCE):
            trial.save()
        _load_again(page)
    trial.is_saved()


def _load_again(page: Page) -> None:
    """On the browser's own page about the failure: loading that again sends the form again."""
    page.wait_for_url("chrome-error://**", wait_until="commit", timeout=PATIENCE)
    for _try in range(40):
        try:
            page.reload()
        except Error:  # that page is still being put up
            page.wait_for_timeout(250)
        else:
            return
    raise AssertionError("The page about the failure could not be loaded again.")


TROUBLES = [session_ends, token_rotates, network_ends_before, network_ends_after]
