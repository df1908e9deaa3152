"""The address of the preview: for who writes guides, within limits, by the site's own renderer."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from articles.models import Guide, Revision, Source
from ketcare.accounts.models import User
from tests.conftest import body_with
from tests.ketcare.accounts.signing_in import session_of
from tests.ketcare.at_work import colleague, sit_down

pytestmark = pytest.mark.django_db

GOOD = {"body": body_with("Take it slowly."), "sources": "trial-2020\r\n", "title": "Rest first", "summary": "A day."}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


@pytest.fixture
def editor(db: None) -> User:
    return colleague("ed@example.org", "editor")


@pytest.fixture
def client(editor: User, trial: Source) -> Client:
    """Ed's browser, at the desk."""
    return sit_down(editor)


def ask(client: Client, **fields: str):
    return client.post(reverse("admin:articles_preview"), {**GOOD, **fields})


def test_it_shows_the_page_with_this_sites_numbers_and_sources(client: Client):
    answer = ask(client)
    found = answer.json()
    assert (answer.status_code, found["findings"], found["summary"]) == (200, [], "Nothing to mend.")
    for part in ("<h1>Rest first</h1>", 'class="part part-safety"', 'href="tel:911"', "Doe J et al. A trial. 2020."):
        assert part in found["html"]
    assert "{emergency}" not in found["html"]


def test_hostile_text_stays_text(client: Client):
    html = ask(client, title="<b>x</b>", body=GOOD["body"] + "\n<script>x()</script> [y](javascript:z)\n").json()[
        "html"
    ]
    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html


def test_findings_come_with_their_lines_those_that_stop_first(client: Client):
    found = ask(client, body="## A {: .quick-answer }\n\nA miracle.\n").json()
    assert found["findings"][0]["stops"] is True
    assert {"line": 3, "message": "“miracle”: say plainly what happens", "stops": False} in found["findings"]


def test_a_text_that_is_no_page_has_no_html_and_its_line(client: Client):
    found = ask(client, body="Words.\n\n# Title").json()
    assert found["html"] is None
    assert found["findings"] == [{"line": 3, "message": "h1 is the title's: start with ##", "stops": True}]


def test_an_unknown_language_is_a_finding(client: Client):
    found = ask(client, language="xx").json()
    assert found["findings"][0]["message"] == "is in the language xx, which this site does not speak"


def test_a_text_that_is_too_long_is_refused_in_words(client: Client):
    answer = ask(client, body="é" * (128 * 1024 + 1))
    assert (answer.status_code, answer.json()) == (
        413,
        {"problem": "The text is longer than 256 KB. Make two guides of it."},
    )


def test_whoever_asks_all_the_time_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("articles.desk.preview.MOST_OFTEN", "2/m/user")
    answers = [ask(client, body="# no") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "your text is not touched" in answers[2].json()["problem"]
    assert answers[2].headers["Retry-After"] == "60"


def test_it_is_kept_nowhere(client: Client, editor: User):
    before = session_of(client)
    answer = ask(client)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Guide.objects.exists()
    assert not Revision.objects.exists()
    assert session_of(client).keys() == before.keys()


@pytest.mark.parametrize("role", ["reviewer", "manager"])
def test_who_writes_no_guides_is_refused(trial: Source, role: str):
    assert ask(sit_down(colleague("x@example.org", role))).status_code == 403


def test_a_stranger_is_led_to_the_door(trial: Source):
    answer = ask(Client())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_it_answers_to_a_form_alone(client: Client):
    assert client.get(reverse("admin:articles_preview")).status_code == 405


def test_a_form_without_its_token_is_refused(editor: User, trial: Source):
    strict = sit_down(editor)
    strict.handler.enforce_csrf_checks = True
    assert ask(strict).status_code == 403
