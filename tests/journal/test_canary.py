"""A word is written into every box, on good ways and on every bad one, and then looked for wherever bytes are kept."""

import io
import logging
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test import Client
from django.utils.log import AdminEmailHandler
from pytest_django import Settings

from journal import limits
from journal.forms import FORMS, EntryForm, IntentionForm, NoteForm, PlanForm, ReflectionForm, StepForm
from journal.models import Draft, Entry, EntryVersion, Treatment
from journal.texts import TextField
from journal.words import CAPTURED
from ketcare import outbox, sealing
from ketcare.accounts.models import User, WebSession
from ketcare.sealing import Seal
from tests.conftest import NOW
from tests.journal.canaries import forms_of, places, seen_in, temporary_files
from tests.journal.conftest import treatment_of
from tests.journal.pages import open_form, token_in
from tests.ketcare.accounts.signing_in import account, sign_in

pytestmark = [pytest.mark.django_db(transaction=True)]
# Beyond ASCII and with a space, so that each form of it is another.
CANARY = f"canäry {uuid.uuid4().hex}"
NOTE = "/journal/note/"


@pytest.fixture
def alice(transactional_db: None) -> User:
    return account("alice@example.org", time_zone="America/New_York")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anything logs, at every level, with its traceback."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def reports(settings: Settings) -> Iterator[None]:
    """The mail that Django can send of an error: this site sends none, and it would hold nothing of a post."""
    settings.ADMINS = ["root@example.org"]
    handler = AdminEmailHandler(include_html=True)

    def report(request: Any, **_more: Any) -> None:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "broken", (), sys.exc_info())
        record.request = request
        handler.emit(record)

    got_request_exception.connect(report)
    yield
    got_request_exception.disconnect(report)


def write_everywhere(owner: User, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every box, saved, changed, given up, refused and broken."""
    client = sign_in(Client(raise_request_exception=False), owner)
    good_ways(owner, client)
    bad_ways(owner, client, settings, monkeypatch)


def fill(client: Client, path: str, *names: str, **more: str) -> Any:
    fields = {"token": open_form(client, path), "csrfmiddlewaretoken": "a" * 64, **dict.fromkeys(names, CANARY)}
    return client.post(path, {**fields, **more})


def text_fields(form: type[EntryForm]) -> list[str]:
    """The boxes of a form in which somebody writes."""
    return [name for name, field in form.base_fields.items() if isinstance(field, TextField)]


def good_ways(owner: User, client: Client) -> None:
    treatment = treatment_of(owner)
    session = f"/journal/sessions/{treatment.ref}/"
    fill(client, NOTE, *text_fields(NoteForm), keep="on")
    fill(client, f"{session}intentions/", *text_fields(IntentionForm))
    fill(client, f"{session}day/1/", *text_fields(ReflectionForm), mood="low")
    fill(client, f"{session}note/", "text")
    fill(client, f"{session}meaning/", "text")
    fill(client, "/journal/since/", *text_fields(NoteForm))
    fill(client, "/journal/plan/change/", *text_fields(PlanForm))
    fill(client, "/journal/steps/new/", *text_fields(StepForm))
    client.post("/journal/prepare/")
    fill(client, "/journal/capture/", *CAPTURED, at="2")
    assert client.post("/journal/back/find/", {"q": CANARY}).content != b""
    fill(client, f"{session}change/", "notes", date="2026-11-20")
    fill(client, "/journal/sessions/new/", "notes", date="2026-11-21")
    assert set(Entry.objects.values_list("kind", flat=True)) == {*FORMS}
    assert (Entry.objects.count(), Treatment.objects.count()) == (9, 2)
    entry = Entry.objects.filter(kind="note", owner=owner).first()
    assert entry is not None
    here = f"/journal/entries/{entry.ref}/"
    fill(client, f"{here}change/", "text", text=f"{CANARY} changed")
    client.post("/journal/unsaved/keep/", {"token": open_form(client, NOTE), "text": CANARY})
    client.post(f"{here}versions/1/")
    client.post(f"{here}keep/")
    for path in ("", "entries/", "unsaved/", f"unsaved/{Draft.objects.get().form}/", f"sessions/{treatment.ref}/"):
        assert client.get(f"/journal/{path}").status_code == 200
    client.get(f"{here}versions/")
    client.post(f"{here}trash/")
    client.get("/journal/trash/")
    client.post(f"{here}restore/")


def bad_ways(owner: User, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Entry.objects.filter(owner=owner, kind="note").latest("pk")
    path = f"/journal/entries/{entry.ref}/change/"
    told = set()
    stale = open_form(client, path)
    fill(client, path, text=f"{CANARY} first")
    response = client.post(path, {"token": stale, "text": f"{CANARY} second"})  # in two places
    told.add(response.status_code)
    client.post(path, {"token": token_in(response), "text": f"{CANARY} second", "settle": "both"})
    told.add(fill(client, NOTE, text=CANARY + "\0").status_code)
    told.add(fill(client, NOTE, text=CANARY * 2000).status_code)
    told.add(client.post(NOTE, {"text": CANARY}).status_code)  # no token
    told.add(client.post(f"/journal/sessions/{uuid.uuid4()}/note/", {"text": CANARY}).status_code)
    told.add(client.post("/journal/entries/", {"text": CANARY}).status_code)
    told.add(client.get("/journal/no-such-page/", {"text": "x"}).status_code)
    big = "text=" + CANARY * 70_000
    told.add(client.post(NOTE, big, content_type="application/x-www-form-urlencoded").status_code)
    with monkeypatch.context() as broken:
        broken.setattr(Entry, "save", lambda *_a, **_k: 1 / 0)
        told.add(fill(client, NOTE, "text").status_code)
    settings.ROOT_URLCONF = "tests.journal.faulty_urls"
    told.add(client.post("/journal/fails/503/", {"text": CANARY}).status_code)
    settings.ROOT_URLCONF = "ketcare.urls"
    token = open_form(client, NOTE)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    strict.post(NOTE, {"token": token, "text": CANARY})
    WebSession.objects.all().delete()
    for _time in range(3 * limits.PER_MINUTE):  # a new minute may begin meanwhile
        told.add(client.post(NOTE, {"token": token, "text": CANARY}).status_code)
        if 429 in told:
            break
    client.post(NOTE, {"text": CANARY})
    assert told >= {400, 404, 405, 409, 413, 429, 500, 503}, told
    assert EntryVersion.objects.exists()


def found(before: Any, log: io.StringIO, told: str, mails: list[Any], words: str = CANARY) -> dict[str, set[str]]:
    """Each place where these words stand, and in which forms."""
    forms = forms_of(words)
    texts = {"log": log.getvalue(), "stdout and stderr": told}
    texts |= {f"mail {number}": f"{mail.message()} {mail.alternatives}" for number, mail in enumerate(mails)}
    everywhere = [*places(before), *((name, text.encode("utf-8", "replace")) for name, text in texts.items())]
    kept_by_database = [name for name, _content in everywhere if "tests.sqlite3" in name or "/base/" in name]
    assert kept_by_database, [name for name, _content in everywhere]
    return {name: seen for name, content in everywhere if (seen := seen_in(content, forms))}


def test_the_word_is_nowhere(
    alice: User, log: io.StringIO, reports: None, settings: Settings, monkeypatch, mailoutbox, capfd
):
    before = temporary_files()
    cache.clear()
    write_everywhere(alice, settings, monkeypatch)
    outbox.deliver(NOW)
    told = "".join(capfd.readouterr())
    assert "ZeroDivisionError" in log.getvalue()
    assert [mail.subject for mail in mailoutbox if "broken" in mail.subject]
    assert found(before, log, told, mailoutbox) == {}


@pytest.mark.parametrize("words", ["kill myself", "sounded heavy"])
def test_neither_heavy_words_nor_that_help_grew_are_anywhere(
    alice: User, log: io.StringIO, mailoutbox, capfd, words: str
):
    """Whatever was noted of a match would say so in some word: the one that matched, or that of the help."""
    before = temporary_files()
    answer = fill(sign_in(Client(), alice), NOTE, text="Tonight I want to kill myself.")
    assert "sounded heavy" in answer.content.decode()
    outbox.deliver(NOW)
    assert found(before, log, "".join(capfd.readouterr()), mailoutbox, words) == {}


def test_were_it_not_sealed_the_word_would_be_found(
    alice: User, log: io.StringIO, settings: Settings, monkeypatch, mailoutbox, capfd
):
    """The control: the same walk with a seal that seals nothing, as no setting of the site can have it."""
    before = temporary_files()
    cache.clear()
    head = bytes([sealing.VERSION, 1]) + b"x" + bytes(sealing.NONCE_BYTES)
    monkeypatch.setattr(Seal, "seal", lambda _self, text, *, context: head + text)
    monkeypatch.setattr(Seal, "unseal", lambda _self, sealed, *, context: bytes(sealed)[len(head) :])
    monkeypatch.setattr(sealing, "seal", lambda text, **_more: head + text)
    monkeypatch.setattr(sealing, "unseal_for", lambda _purpose, sealed, **_more: bytes(sealed)[len(head) :])
    write_everywhere(alice, settings, monkeypatch)
    assert "raw" in set().union(*found(before, log, "".join(capfd.readouterr()), mailoutbox).values())


@pytest.mark.parametrize("form", forms_of(CANARY))
def test_each_form_would_be_found(form: str):
    forms = forms_of(CANARY)
    assert form in seen_in(b"before " + forms[form] + b" after", forms)


def test_a_compressed_word_would_be_found():
    import zlib

    assert "zlib" in seen_in(b"x" * 99 + zlib.compress(f"say {CANARY} twice".encode()) + b"y", forms_of(CANARY))
