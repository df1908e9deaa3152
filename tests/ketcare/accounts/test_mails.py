"""Every mail about an account: neutral, one sentence first, what to do if it was not you, a crisis line last."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings as site_settings
from django.template.loader import render_to_string
from pytest_django import Settings

from ketcare import crisis

TEMPLATES = site_settings.BASE_DIR / "templates"
KINDS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_subject.txt")
    for folder in ("account", "mfa")
    for path in (TEMPLATES / folder / "email").glob("*_subject.txt")
)
CONTEXT = {
    "code": "BCDF-GHJK",
    "password_reset_url": "http://localhost:8000/accounts/password/reset/",
    "email": "o'hara@example.org",
    "ip": "192.0.2.7",
    "user_agent": "Firefox",
}
MEDICAL = re.compile(
    r"ketamin|ketcare|clinic|patient|therap|treatment|session|depress|journal|medic|health|suicid|infusion", re.I
)


def body(kind: str) -> str:
    return render_to_string(f"{kind}_message.txt", CONTEXT).strip()


def subject(kind: str) -> str:
    return render_to_string(f"{kind}_subject.txt", CONTEXT).strip()


def test_each_mail_that_allauth_can_send_is_in_words_of_ours():
    theirs = Path(allauth.__file__).parent / "templates"
    names = [
        str(path.relative_to(theirs)) for path in theirs.glob("*/email/*_message.txt") if "social" not in str(path)
    ]
    assert len(names) > 15
    assert [name for name in names if not (TEMPLATES / name).exists()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_says_nothing_medical(kind: str):
    assert not MEDICAL.search(subject(kind) + body(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_begins_with_one_sentence_and_ends_with_the_crisis_line(kind: str):
    paragraphs = body(kind).split("\n\n")
    assert paragraphs[0].count("\n") == 0
    assert len(paragraphs) >= 3
    assert paragraphs[-1] == "Need to talk to someone now? Call or text 988."


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_says_what_to_do_if_it_was_not_you_and_tells_no_address_of_a_machine(kind: str):
    assert re.search(r"If (it was not you|you did not ask for it)", body(kind))
    assert "192.0.2.7" not in body(kind)
    assert "&#" not in body(kind)  # plain text, not escaped


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_one_short_line_without_the_code(kind: str):
    assert 0 < len(subject(kind)) < 40
    assert "\n" not in subject(kind)
    assert "BCDF" not in subject(kind)


@pytest.mark.parametrize("code", sorted(crisis.regions()))
def test_the_last_line_is_that_of_the_region(settings: Settings, code: str):
    settings.CRISIS_REGION = code
    last = body("account/email/password_changed").splitlines()[-1]
    line = crisis.region().primary
    expected = (line.call or line.text) if line else crisis.region().elsewhere_url
    assert last.startswith("Need to talk to someone now? ")
    assert expected in last


def test_who_lost_the_mailbox_is_not_sent_to_it_for_a_code():
    told = body("account/email/email_changed")
    assert "/accounts/password/reset/" not in told
    assert "tell those who run the site: http://localhost:8000/about/" in told
