"""A real browser for the tests of this folder: what it loads, refuses or complains about is written down and judged."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.http import HttpResponseBase
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django import Settings

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",  # as root, and in most containers, Chromium does not start with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Chromium itself asks its maker for news; nothing of that leaves this machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# Milliseconds for whatever a test waits for: ten browsers may share two cores, and nobody waits longer than it takes.
PATIENCE = 30_000
OWN_HOSTS = {"localhost", "127.0.0.1"}
VIOLATION = "securitypolicyviolation: "
TELL_VIOLATIONS = f"""
addEventListener("securitypolicyviolation", (event) => console.debug(
    "{VIOLATION}" + event.violatedDirective + " " + event.blockedURI + " on " + event.documentURI
));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_program() -> str | None:
    """The system's Chromium, the one without windows first: it starts and ends faster."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@pytest.fixture(scope="package")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """The system's Chromium, started once for this folder (and per process).

    Not for the whole session: while Playwright runs, its event loop runs in the main thread. There Django has to be
    told that using the database is well, keeps connections of its own (so the test database must exist before, and
    they are closed here), and async code of other tests could not run.
    """
    # The one without windows is the same engine, and takes a third of the processor time.
    program = find_program()
    if program is None:
        reason = "Chromium is missing: install Debian's package chromium-headless-shell, or run script/test, which does"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, timeout=4 * PATIENCE)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """A live server serves static files from where they lie: nothing is collected, so there are no hashed names."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def connections_end_with_their_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live server answers each connection of the browser in a new thread, with which a database connection ends."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture(autouse=True)
def a_slow_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """With KETCARE_SLOW_SITE=0.5, each answer begins after half a second and ends half a second later.

    A test that looks at a page before it is there then fails every time, and not only on a busy machine.
    """
    seconds = float(os.environ.get("KETCARE_SLOW_SITE", "0"))
    if not seconds:
        return
    answer = WSGIHandler.__call__

    def in_two_parts(response: HttpResponseBase) -> Iterator[bytes]:
        try:
            body = b"".join(response)
            yield body[: len(body) // 3]
            time.sleep(seconds)
            yield body[len(body) // 3 :]
        finally:
            response.close()

    def answer_late(handler: WSGIHandler, *request: Any) -> Iterator[bytes]:
        time.sleep(seconds)
        return in_two_parts(answer(handler, *request))

    monkeypatch.setattr(WSGIHandler, "__call__", answer_late)


@pytest.fixture
def no_tries_counted(transactional_db: None) -> None:
    """The counters of rate limits lie in a table that belongs to no model, which nothing else empties."""
    cache.clear()


class Pages:
    """Opens pages and keeps what happens in all of them.

    `hosts`: every host that was asked for something. `violations`: what the content security policy refused.
    `errors`: errors in the console and uncaught exceptions. When the test ends, all three are judged; what a test
    expects (a 404 is an error in the console, too), it looks at and then clears.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.hosts: set[str] = set()
        self.violations: list[str] = []
        self.errors: list[str] = []

    def __call__(
        self,
        width: int = 1280,
        height: int = 800,
        scheme: Literal["light", "dark"] = "light",
        *,
        js: bool = True,
        **options: Any,
    ) -> Page:
        """An empty page of that size in a browser profile of its own; `options` go to Playwright's new_context."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=js, **options
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: self._note_host(request.url))
        context.on("console", self._note_console)
        context.on("weberror", lambda problem: self.errors.append(f"uncaught: {problem.error}"))
        context.add_init_script(TELL_VIOLATIONS)
        return context.new_page()

    def _note_host(self, url: str) -> None:
        if host := urlsplit(url).hostname:  # data: and blob: addresses have none
            self.hosts.add(host)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(VIOLATION):
            self.violations.append(message.text.removeprefix(VIOLATION))
        elif message.type == "error" and not (where := message.location.get("url", "")).endswith("/favicon.ico"):
            # That one the browser asks for by itself, at a time of its own, where a page names no icon.
            self.errors.append(f"{message.text} ({where})")

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def judge(self) -> None:
        assert self.hosts <= OWN_HOSTS, f"Pages asked other hosts: {sorted(self.hosts - OWN_HOSTS)}"
        assert not self.violations, "The content security policy refused:\n" + "\n".join(self.violations)
        assert not self.errors, "The console shows errors:\n" + "\n".join(self.errors)


@pytest.fixture
def page_at(chromium: Browser) -> Iterator[Pages]:
    """`page = page_at(375, 812, "dark", js=False)`; see Pages for what is judged at the end."""
    pages = Pages(chromium)
    yield pages
    pages.close()
    pages.judge()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with every accessibility rule that the page breaks, and where."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        # Without JavaScript its answer would never come.
        assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe needs a page with JavaScript on"
        # "preload" serves rules that are off, and makes a style element for a shadow tree, which no page may.
        options = {"resultTypes": ["violations"], "preload": False}
        violations = Axe().run(page, options=options).response["violations"]
        assert not violations, f"{page.url} breaks {len(violations)} accessibility rules:\n" + "\n".join(
            line for violation in violations for line in told(violation)
        )

    return check


def told(violation: dict[str, Any]) -> Iterator[str]:
    yield f"- {violation['id']} ({violation['impact']}): {violation['help']}"
    for node in violation["nodes"]:
        yield f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}"
        yield from (f"      {line.strip()}" for line in (node.get("failureSummary") or "").splitlines()[1:])
