"""The desk's first page in a browser: what waits for whom, and the pages that it leads to."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings as site_settings
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import review
from articles.models import Guide, Reviewer, Source, SourceChanged
from ketcare.accounts.models import User
from ketcare.site.models import LineCheck
from tests import databases
from tests.browser.conftest import Pages
from tests.conftest import NOW
from tests.ketcare.accounts.signing_in import cookie_of
from tests.ketcare.at_work import colleague, sit_down

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]


@pytest.fixture(autouse=True)
def site(transactional_db: None, live_server, settings, tmp_path) -> Iterator[None]:
    settings.SITE_URL, settings.VAR_DIR = live_server.url, tmp_path
    databases.settle()
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def rita(site: None) -> User:
    """Rita reviews."""
    user = colleague("rita@example.org", "reviewer")
    today = timezone.now().date()
    Reviewer.objects.create(
        user=user,
        slug="rita-stone",
        name="Rita Stone",
        credential="MD",
        verified_on=today - dt.timedelta(days=100),
        expires_on=today + dt.timedelta(days=20),
    )
    return user


@pytest.fixture
def something_of_each(rita, sample: Guide, submit, trial: Source, ed) -> None:
    """A sample, words to sign, a changed source, a draft and a credential that runs out."""
    ed.groups.add(Group.objects.get(name="editor"))
    waiting = Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    submit(waiting, "Call at once.", title="When to call, and whom, at any hour of the day or the night")
    review.warn_of_source(trial, notice="A letter of the agency.", by=ed, now=NOW)
    draft = Guide.objects.create(section="integration", slug="sleep-first", changed_at=NOW)
    review.write(draft, title="Sleep first", summary="", body="B", also_known_as=[], sources=[], by=ed, now=NOW)


def come_in(page: Page, address: str, user: User, path: str = "/admin/") -> Page:
    cookie = {"name": site_settings.SESSION_COOKIE_NAME, "value": cookie_of(sit_down(user)), "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(address + path)
    return page


def is_narrow(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


@pytest.mark.parametrize(("width", "height", "scheme"), [(375, 812, "light"), (1280, 900, "dark")])
def test_rita_sees_what_waits_for_her_first(
    live_server, page_at: Pages, axe, rita, something_of_each, width, height, scheme
):
    page = come_in(page_at(width, height, scheme), live_server.url, rita)
    work = page.locator(".work")
    expect(work.get_by_role("heading", level=2)).to_have_text(
        ["Waits for you (4)", "Waits for others", "Everything on the desk"]
    )
    expect(work.get_by_role("heading", level=3)).to_have_text(
        ["Sources that changed (1)", "To sign (1)", "Credentials that run out (1)", "Sample guides (1)", "Drafts (1)"]
    )
    expect(work.get_by_text("0 of 1 signed by a clinician.")).to_be_visible()
    is_narrow(page)
    axe(page)


@pytest.mark.both
def test_she_clears_a_changed_source_with_a_note_without_javascript(live_server, page_at, rita, something_of_each):
    page = come_in(page_at(375, 812, js=False), live_server.url, rita)
    page.get_by_role("region", name="Sources that changed (1)").get_by_role("link", name="Rest first").click()
    expect(page.get_by_text("A letter of the agency.")).to_be_visible()
    is_narrow(page)
    page.get_by_label("Why the words stand as they are").fill("It is of another dose.")
    page.get_by_role("button", name="The words stand: clear this").click()
    expect(page.get_by_text("Cleared, with your note.")).to_be_visible()
    expect(page.get_by_text("Sources that changed")).to_have_count(0)
    assert SourceChanged.objects.get().cleared_note == "It is of another dose."


def test_she_calls_a_crisis_line_and_says_so(live_server, page_at: Pages, axe, rita):
    page = come_in(page_at(375, 812), live_server.url, rita, "/admin/site/linecheck/")
    is_narrow(page)
    axe(page)
    page.get_by_role("button", name="I called it: 988 Suicide & Crisis Lifeline", exact=True).click()
    expect(page.get_by_text("Noted. This line asks again in 180 days.")).to_be_visible()
    expect(page.get_by_text("by rita@example.org")).to_be_visible()
    assert LineCheck.objects.get().line == "us-988"


def test_the_other_pages_keep_the_rules_too(live_server, page_at: Pages, axe, rita, something_of_each, trial):
    page = come_in(page_at(375, 812, "dark"), live_server.url, rita, f"/admin/articles/source/{trial.pk}/notice/")
    expect(page.get_by_text("Guides that rest on it")).to_be_visible()
    is_narrow(page)
    axe(page)
    mark = SourceChanged.objects.get()
    for path in (f"articles/source/changes/{mark.pk}/", f"articles/source/{trial.pk}/change/"):
        page.goto(f"{live_server.url}/admin/{path}")
        expect(page.get_by_text("A safety notice").first).to_be_visible()
        is_narrow(page)
        axe(page)


def test_where_nothing_waits_it_says_so(live_server, page_at: Pages, axe, site):
    page = come_in(page_at(375, 812), live_server.url, colleague("ed@example.net", "editor"))
    expect(page.get_by_text("Nothing waits for you.", exact=True)).to_be_visible()
    axe(page)
    nobody = come_in(page_at(375, 812), live_server.url, colleague("new@example.net"))
    expect(nobody.get_by_text("You have no role here yet: ask a manager for one.")).to_be_visible()
