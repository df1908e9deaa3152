"""Equal posts at once, and two tabs from one version, against the site's own server with two workers.

    python -m bench.journal_races [--bursts 200] [--races 1000]
    python -m tests.postgresql python -m bench.journal_races

Exits with 1 where a burst made more than one entry, or a race overwrote a text that nobody was shown.
"""

import argparse
import http.client
import os
import sys
import tempfile
from collections import Counter
from urllib.parse import urlencode

from bench.machine import machine
from bench.server import free_port, serving


class Browser:
    """Somebody's, signed in; every post has a connection of its own."""

    def __init__(self, port: int, cookies: dict[str, str], csrf: str) -> None:
        self.port, self.csrf = port, csrf
        self.cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies}
        headers["Host"] = f"localhost:{self.port}"
        body = urlencode({**fields, "csrfmiddlewaretoken": self.csrf})
        connection.request("POST", path, body.encode(), headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, response.headers.get("Location", "")


def main(bursts: int, races: int) -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from tests.ketcare.accounts.signing_in import account, sign_in

    print(f"{connection.vendor}; {machine()}")
    alice = account("alice@example.org")
    client = sign_in(Client(), alice)
    client.get("/journal/note/")
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    port = free_port()
    with serving("ketcare.wsgi:application", port, dict(os.environ), workers=2):
        browser = Browser(port, cookies, cookies[settings.CSRF_COOKIE_NAME])
        bad = many_bursts(alice.pk, browser, bursts) + many_races(alice.pk, browser, races)
    return 1 if bad else 0


def many_bursts(pk: int, browser: Browser, times: int) -> int:
    from journal.models import Entry, Kind
    from journal.tokens import FormToken, Place
    from ketcare.accounts.models import User
    from tests.journal.racing import BURST, burst

    alice, answers, bad = User.objects.get(pk=pk), Counter[int](), 0
    for number in range(times):
        token = FormToken.for_new(alice, Place(Kind.NOTE))
        told = burst(browser, "/journal/note/", {"token": token.signed(), "text": f"Burst {number}."})
        answers.update(status for status, _to in told)
        bad += Entry.objects.filter(owner=alice).count() != number + 1
    entries = Entry.objects.filter(owner=alice).count()
    print(f"{times} bursts of {BURST} equal posts: {entries} entries, {bad} wrong; answers {dict(answers)}", flush=True)
    Entry.objects.all().delete()
    return bad


def many_races(pk: int, browser: Browser, times: int) -> int:
    from journal import drafts, sealed, writing
    from journal.models import Draft, Entry, Kind
    from journal.tokens import FormToken, Place
    from ketcare.accounts.models import User
    from tests.conftest import NOW
    from tests.journal.racing import race

    alice = User.objects.get(pk=pk)
    place, journal = Place(Kind.NOTE), sealed.to_write(alice)
    entry = writing.save(alice, journal, FormToken.for_new(alice, place), {"v": 1, "text": "First."}, now=NOW)
    outcomes, lost = Counter[str](), 0
    for number in range(times):
        entry.refresh_from_db()
        texts = [f"Tab {name}, {number}." for name in "AB"]
        fields = [
            {"token": FormToken.for_old(alice, place, entry.ref, entry.version).signed(), "text": text}
            for text in texts
        ]
        statuses = race(browser, f"/journal/entries/{entry.ref}/change/", *fields)
        kept = {journal.words_of(Entry.objects.get(pk=entry.pk)).get("text", "")}
        shown = {(found.fields or {}).get("text", "") for found in drafts.unsaved_of(alice, journal)}
        lost += len(set(texts) - kept - shown)
        outcomes["/".join(map(str, sorted(statuses)))] += 1
        Draft.objects.all().delete()
    print(f"{times} races of two tabs: {lost} texts lost; answers {dict(outcomes)}", flush=True)
    return lost


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--bursts", type=int, default=200)
    options.add_argument("--races", type=int, default=1000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ketcare-races-") as folder:
        from tests.environment import set_up

        set_up(folder)
        sys.exit(main(asked.bursts, asked.races))
