"""20 kB of text at the worst moments, in Chromium against the site's own server: how many bytes are lost.

    python -m bench.lost_text [--trials 200] [--only script|no-script]

The moments: the web session is over, the token against forged forms has changed, the network ends before the site has
the post, and after it has saved it; each with the page's script and without. A trial is what a person would do then
(`tests/browser/losing.py`). Exits with 1 where a text is not there afterwards, byte for byte and once.
"""

import argparse
import os
import sys
import tempfile
import time

from bench.machine import machine
from bench.server import free_port, serving


def main(trials: int, arms: tuple[bool, ...]) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, find_program

    print(machine())
    port = free_port()
    with serving("ketcare.wsgi:application", port, dict(os.environ)), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program(), args=ARGUMENTS)
        lost = [run(browser, f"http://localhost:{port}", js=js, trials=trials) for js in arms]
        browser.close()
    return 1 if any(lost) else 0


def run(browser: object, address: str, *, js: bool, trials: int) -> int:
    """Every trouble so many times; gives how many trials lost something."""
    from django.core.cache import cache
    from playwright.sync_api import Browser, Error

    from journal.models import Draft, Entry
    from tests.browser.losing import TROUBLES, Trial, stored, text_for
    from tests.ketcare.accounts.signing_in import account

    if not isinstance(browser, Browser):
        raise TypeError
    user = account("alice@example.org" if js else "alice@example.net")
    bad = 0
    # One window for all: what it has in its cache spares most of a trial's time.
    page = browser.new_context(java_script_enabled=js).new_page()
    for trouble in TROUBLES:
        begun, lost, twice, strayed = time.monotonic(), 0, 0, []
        for number in range(trials):
            cache.clear()  # so many sign-ins from one address are otherwise refused
            page.context.clear_cookies()
            text = text_for(number)
            try:
                trouble(Trial(page, address, user), text)
            except (Error, AssertionError) as problem:
                strayed.append(str(problem).splitlines()[0])
            found = stored(user, number)
            lost += len(text.encode()) if text not in found else 0
            twice += len(found) > 1
            Entry.objects.all().delete()
            Draft.objects.all().delete()
        bad += bool(lost or twice or strayed)
        print(
            f"{trouble.__name__}, {'script' if js else 'no script'}: {trials} trials, {lost} bytes lost, {twice} saved "
            f"twice, {len(strayed)} strayed {strayed[:2]} ({time.monotonic() - begun:.0f} s)",
            flush=True,
        )
    return bad


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--trials", type=int, default=200)
    options.add_argument("--only", choices=["script", "no-script"])
    asked = options.parse_args()
    arms = {"script": (True,), "no-script": (False,), None: (True, False)}[asked.only]
    with tempfile.TemporaryDirectory(prefix="ketcare-lost-") as folder:
        from tests.environment import set_up

        set_up(folder)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
        sys.exit(main(asked.trials, arms))
