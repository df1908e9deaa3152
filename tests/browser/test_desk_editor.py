"""The editor of guides in a browser: with a mouse, with keys alone, with a screen too small, and without JavaScript."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import review
from articles.digest import normal_text
from articles.models import Guide, Revision, Source
from ketcare.accounts.models import User, WebSession
from tests.browser.conftest import Pages
from tests.conftest import NOW, body_with
from tests.ketcare.accounts.signing_in import cookie_of
from tests.ketcare.at_work import colleague, sit_down

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tries_counted")]

GOOD = body_with("Take it slowly.")
SLOW = 20_000  # milliseconds: each look at a text starts a process


@pytest.fixture(autouse=True)
def here(live_server, monkeypatch, tmp_path) -> None:
    """Links lead to this server; the site has the roles that its migrations make, and two sources."""
    monkeypatch.setattr(settings, "SITE_URL", live_server.url)
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)
    import_module("ketcare.site.migrations.0005_roles").settle(apps, None)
    import_module("articles.migrations.0003_roles_at_the_desk").settle(apps, None)
    Source.objects.create(key="trial-2020", record={"authors": "Doe J et al.", "title": "A trial"}, kind="trial")
    Source.objects.create(key="review-2021", record={"title": "A review"}, kind="review")


def draft(author: User, body: str = GOOD) -> Guide:
    """A guide of which somebody wrote a draft."""
    guide = Guide.objects.create(section="integration", slug="rest-first", changed_at=NOW)
    words = {"title": "Rest first", "summary": "A day.", "also_known_as": [], "sources": ["trial-2020"]}
    review.write(guide, body=body, **words, by=author, now=timezone.now())  # type: ignore[arg-type]
    return guide


def open_form(page: Page, address: str, body: str = GOOD) -> Page:
    """Ed at the form of his own draft."""
    ed = colleague("ed@example.org", "editor")
    bring(page, address, ed)
    page.goto(f"{address}/admin/articles/guide/{draft(ed, body).pk}/change/")
    return page


def bring(page: Page, address: str, user: User) -> None:
    """That browser is signed in, with a second factor shown just now."""
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_of(sit_down(user)), "url": address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def text_of(page: Page) -> str:
    """What the form would send."""
    return str(page.locator("textarea[name=body]").input_value())


def expect_summary(page: Page, words: str) -> None:
    expect(page.locator("[data-summary]")).to_have_text(words, timeout=SLOW)


def put_in(page: Page, value: str) -> None:
    page.get_by_label("Put in", exact=True).select_option(value)
    page.get_by_role("button", name="Put in here").click()


def go_to_line(page: Page, line: int) -> None:
    """The cursor at the end of that line."""
    page.locator(".CodeMirror").evaluate("(e, line) => e.CodeMirror.setCursor({line: line - 1, ch: 1000})", line)


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (375, 812, "dark")])
def test_ed_writes_sees_what_to_mend_and_saves(live_server, page_at: Pages, axe, width, height, scheme):
    page = open_form(page_at(width, height, scheme), live_server.url)
    expect_summary(page, "Nothing to mend.")
    preview = page.get_by_role("region", name="Preview of the page")
    expect(preview.get_by_role("heading", name="Call 911 now if")).to_be_visible()

    go_to_line(page, 3)
    put_in(page, "[@review-2021]")
    page.keyboard.type(" It is a miracle.")
    expect_summary(page, "1 warning")
    expect(preview.get_by_text("It is a miracle.")).to_be_visible()
    assert page.locator("textarea[name=sources]").input_value() == "trial-2020\nreview-2021"
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"

    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text(re.compile(r"Saved at \d\d:\d\d"))).to_be_visible()
    [saved] = Revision.objects.all()
    assert saved.body == body_with("Take it slowly. [@review-2021] It is a miracle.")
    assert [source["key"] for source in saved.sources] == ["trial-2020", "review-2021"]


def test_a_finding_leads_to_its_line_and_what_stops_the_guide_is_told_apart(live_server, page_at: Pages):
    body = GOOD.replace(" {: .safety }", "").replace("slowly", "slowly, a miracle")
    page = open_form(page_at(), live_server.url, body)
    expect_summary(page, "1 warning, 1 stops the hand-in")
    first, second = page.locator("[data-list] li").all()
    expect(first).to_contain_text("Stops the hand-in: lacks a safety part")
    expect(page.locator(".mark-warns")).to_have_count(1)
    second.get_by_role("button", name=re.compile("^Line 3: ")).press("Enter")
    page.keyboard.type("Now: ")
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile("\n\nNow: Rest comes first"))


def test_a_text_that_is_no_page_keeps_the_preview_and_says_that_it_is_older(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    expect_summary(page, "Nothing to mend.")
    go_to_line(page, 3)
    put_in(page, "[@review-2021]")
    page.get_by_label("Sources:", exact=True).fill("trial-2020")
    expect_summary(page, "1 stops the hand-in")
    expect(page.locator("[data-list]")).to_contain_text("Line 3: cites [@review-2021], which is not in its sources")
    expect(page.locator(".mark-stops")).to_have_count(1)
    expect(page.locator("[data-note]")).to_contain_text("this preview is older")
    expect(page.get_by_role("heading", name="Call 911 now if")).to_be_visible()


def test_a_part_is_put_in_between_empty_lines(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    go_to_line(page, 3)
    put_in(page, "## What to do {: .steps }")
    page.keyboard.type("1. Lie down")
    part = "Take it slowly.\n\n## What to do {: .steps }\n\n1. Lie down\n\n## Call {emergency} now if"
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile(re.escape(part)))


def test_the_keyboard_comes_in_and_out_of_the_text(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    text = page.get_by_role("textbox", name="Text")
    page.get_by_label("Summary:").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Smaller heading")).to_be_focused()
    for _stop in ("the choice", "its button", "the text"):
        page.keyboard.press("Tab")
    expect(text).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Put in here")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()
    text.focus()
    page.keyboard.press("Escape")
    expect(text).not_to_be_focused()
    assert page.evaluate("document.activeElement !== document.body")
    assert text_of(page) == GOOD


def test_no_other_renderer_runs_and_nothing_is_kept_in_the_browser(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    expect_summary(page, "Nothing to mend.")
    shown = """async () => {
        const other = new EasyMDE({element: document.querySelector("[name=sources]"), autoDownloadFontAwesome: false,
                                   spellChecker: false, toolbar: false, status: false});
        EasyMDE.togglePreview(other);
        await new Promise((done) => setTimeout(done, 50));
        return other.markdown("**b**") + document.querySelector(".editor-preview-full").innerHTML;
    }"""
    assert page.evaluate(shown) == ""
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "slowly" not in kept  # the admin itself keeps there whether its list of models is open


def test_text_that_is_not_saved_is_asked_about(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    asked: list[str] = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    form = page.url
    page.get_by_label("Title:").press("End")  # a page that nobody touched would never ask
    page.get_by_role("link", name="Settings").click()
    page.wait_for_url("**/accounts/settings/")
    assert asked == []

    page.goto(form)
    page.get_by_role("textbox", name="Text").focus()
    page.keyboard.type("Words ")
    page.get_by_role("link", name="Settings").click(no_wait_after=True)
    expect(page.locator("textarea[name=body]")).to_have_value("Words " + GOOD)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text(re.compile(r"Saved at \d\d:\d\d"))).to_be_visible()
    assert asked == ["beforeunload"]


def test_two_people_in_one_draft_both_keep_their_words(live_server, page_at: Pages, axe):
    page = open_form(page_at(375, 812), live_server.url)
    eve = colleague("eve@example.org", "editor")
    guide = Guide.objects.get()
    theirs = {"title": "Rest first", "summary": "A day.", "also_known_as": [], "sources": ["trial-2020"]}
    review.write(guide, body=body_with("Take it easy."), **theirs, by=eve, now=timezone.now())  # type: ignore[arg-type]

    go_to_line(page, 3)
    page.locator(".CodeMirror").evaluate("(e) => e.CodeMirror.replaceSelection(' One day at a time.')")
    page.get_by_role("button", name="Save the draft").click()
    both = page.get_by_role("region", name="Somebody else saved this draft while you were writing")
    expect(both).to_contain_text("eve@example.org saved it")
    expect(both.locator(".changes del")).to_contain_text("easy")
    expect(both.locator(".changes ins").last).to_contain_text("slowly. One day at a time")
    expect_summary(page, "Nothing to mend.")
    axe(page)

    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text(re.compile(r"Saved at \d\d:\d\d"))).to_be_visible()
    assert [words.body for words in Revision.objects.order_by("number")] == [
        GOOD,
        body_with("Take it easy."),
        body_with("Take it slowly. One day at a time."),
    ]


def test_whoever_was_signed_out_is_told_and_keeps_the_text(live_server, page_at: Pages):
    page = open_form(page_at(), live_server.url)
    expect_summary(page, "Nothing to mend.")
    WebSession.objects.all().delete()
    page.get_by_role("textbox", name="Text").focus()
    page.keyboard.type("Words ")
    expect(page.locator("[data-summary]")).to_contain_text("You were signed out", timeout=SLOW)
    assert text_of(page) == "Words " + GOOD


def test_without_javascript_it_is_a_text_area_and_the_server_says_what_to_mend(live_server, page_at: Pages):
    page = open_form(page_at(375, 812, js=False), live_server.url)
    expect(page.get_by_role("button", name="Bold")).to_be_hidden()
    page.get_by_label("Text:").fill(GOOD.replace("slowly", "slowly, it is a miracle"))
    page.get_by_text("How to write: parts, sources, numbers").click()
    expect(page.get_by_text("[@review-2021]")).to_be_visible()
    page.get_by_role("button", name="Save, and go on to hand in").click()
    expect(page.get_by_role("heading", name="What to mend")).to_be_visible()
    expect(page.locator(".findings-list")).to_contain_text("Line 3: “miracle”: say plainly what happens")
    expect(page.locator(".findings-list code")).to_have_text("Rest comes first. Take it slowly, it is a miracle.")
    assert Revision.objects.get().body == normal_text(GOOD.replace("slowly", "slowly, it is a miracle"))
