"""How long “Exit this page” takes in Chromium: from the third Shift to a blank screen, and to the neutral page (which
stands on this machine, so that its own network is not measured).

    python -m bench.leaving [--rounds 20]
"""

import argparse
import os
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

from bench.machine import machine
from bench.server import ROOT, free_port, serving, site
from tests.browser.conftest import ARGUMENTS, find_program

MAKE = """
import django
django.setup()
from django.test import Client
from django.conf import settings
from allauth.account.models import EmailAddress
from ketcare.accounts.models import User
settings.ALLOWED_HOSTS.append("testserver")
user, _made = User.objects.get_or_create(email="alice@example.org", defaults={"shares_device": True})
user.set_password("violet kettle anchors slowly")
user.save()
EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
client = Client()
client.post("/accounts/login/", {"login": user.email, "password": "violet kettle anchors slowly"})
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
WATCH = """
addEventListener("keyup", (event) => {
    const at = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => {
        if (document.body.hidden) sessionStorage.setItem("blank", String(performance.now() - at));
    }));
}, true);
"""


def median(found: list[float]) -> float:
    return sorted(found)[len(found) // 2]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=20)
    asked = options.parse_args()
    blank, neutral = [], []
    with site() as (_folder, environment), sync_playwright() as playwright:
        port = free_port()
        address = f"http://localhost:{port}"
        environment |= {"SITE_URL": address, "DJANGO_SETTINGS_MODULE": "ketcare.settings"}
        with serving("ketcare.wsgi:application", port, environment):
            browser = playwright.chromium.launch(executable_path=find_program(), args=ARGUMENTS)
            for _round in range(asked.rounds):
                made = [sys.executable, "-c", MAKE]
                told = subprocess.run(
                    made, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True, text=True
                )
                context = browser.new_context(viewport={"width": 375, "height": 812})
                context.add_cookies([{"name": "session", "value": told.stdout.strip(), "url": address}])
                # Nothing leads off this machine: the neutral page is answered here.
                context.route("https://**", lambda route: route.fulfill(body="<title>Weather</title>"))
                page = context.new_page()
                page.goto(f"{address}/journal/note/")
                page.evaluate(WATCH)
                page.get_by_label("Your note").fill("The red door.")
                for _time in range(2):
                    page.keyboard.press("Shift")
                began = time.monotonic()
                page.keyboard.press("Shift")
                page.wait_for_url("https://**")
                neutral.append((time.monotonic() - began) * 1000)
                page.goto(f"{address}/healthz")
                blank.append(float(page.evaluate("sessionStorage.getItem('blank')") or "nan"))
                context.close()
            browser.close()
    print(machine())
    seen = [each for each in blank if each == each]
    print(f"blank on the screen after {median(seen):.0f} ms (of {len(seen)}; at most {max(seen):.0f})")
    print(f"the neutral page after {median(neutral):.0f} ms (of {len(neutral)}; at most {max(neutral):.0f})")


if __name__ == "__main__":
    main()
