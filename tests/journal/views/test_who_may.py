"""Who may do what: every address of the journal, by every method, for everybody there is. All rows are Alice's."""

import datetime as dt
import uuid
from typing import Any, Final

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from articles.models import Reviewer
from journal import drafts, sealed
from journal.models import Draft, Entry, EntryVersion, Kind, Treatment
from journal.tokens import FormToken, Place
from journal.urls import urlpatterns
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of
from tests.journal.pages import write
from tests.ketcare.accounts.signing_in import account, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.answers]

PEOPLE: Final = ("anonymous", "alice", "bob", "editor", "reviewer", "superuser")
OTHERS: Final = ("bob", "editor", "reviewer", "superuser")
REF, FORM, STEP = uuid.UUID(int=0xA11CE), uuid.UUID(int=0xA11CEF), uuid.UUID(int=0xA11CE5)
CANARY = "alices-canary-word"

# Whose what an address shows is: a row of Alice's; the asker's own, whoever that is; nobody's.
HERS, OWN, ANYBODYS = "hers", "own", "anybody's"
# Of each address: what it answers Alice to GET and to POST (without any field), and whose it is. 400: a form without
# words. Everybody else is told 404 of what is hers, and is shown their own where it is the asker's.
TABLE: Final[dict[str, tuple[int, int, str]]] = {
    "today": (200, 405, OWN),
    "write_note": (200, 400, OWN),
    "sessions": (200, 405, OWN),
    "add_session": (200, 400, OWN),
    "session": (200, 405, HERS),
    "change_session": (200, 400, HERS),
    "call_off_session": (405, 302, HERS),
    "session_takes_place": (405, 302, HERS),
    "write_intentions": (200, 400, HERS),
    "write_session_note": (200, 400, HERS),
    "write_day": (200, 400, HERS),
    "entries": (200, 405, OWN),
    "entries_before": (200, 405, HERS),
    "entry": (200, 405, HERS),
    "change_entry": (200, 400, HERS),
    "keep_entry": (405, 302, HERS),
    "versions": (200, 405, HERS),
    "bring_back_version": (405, 302, HERS),
    "trash_entry": (405, 302, HERS),
    "restore_entry": (405, 302, HERS),
    "delete_entry": (200, 302, HERS),
    "trash": (200, 405, OWN),
    "unsaved_texts": (200, 405, OWN),
    "keep_draft": (405, 400, OWN),
    "draft": (200, 405, HERS),
    "drop_draft": (405, 302, HERS),
    "prepare_capture": (405, 302, OWN),
    "look_back": (200, 405, OWN),
    "find": (405, 200, OWN),
    "for_therapist": (200, 405, OWN),
    "start": (405, 302, OWN),
    "start_when": (200, 400, OWN),
    "try": (302, 405, OWN),
    "write_since": (200, 400, OWN),
    "faded": (200, 405, OWN),
    "meaning": (200, 400, HERS),
    "steps": (200, 405, OWN),
    "write_step": (200, 400, OWN),
    "settle_step": (405, 404, HERS),  # 302 with the state that a button names
    "plan": (200, 405, OWN),
    "write_plan": (200, 400, OWN),
    "journal_choices": (200, 302, OWN),
    # 302: everybody is asked first who sits there.
    "export": (302, 405, OWN),
    "export_zip": (405, 302, OWN),
    "print": (200, 405, OWN),
    "print_before": (200, 405, HERS),
    "delete_everything": (302, 302, OWN),
    "capture": (404, 403, ANYBODYS),
    "rough": (200, 405, ANYBODYS),
    "stop_reminders": (404, 404, ANYBODYS),
    "exit": (405, 200, ANYBODYS),
}
ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    "write_day": {"ref": REF, "day": 2},
    "bring_back_version": {"ref": REF, "number": 1},
    "draft": {"form": FORM},
    "drop_draft": {"form": FORM},
    "start_when": {"where": "coming"},
    "try": {"moment": "day-2"},
    "settle_step": {"ref": STEP},
    "stop_reminders": {"token": "nobody-gave-this"},
}


def path_of(name: str) -> str:
    return reverse(name, kwargs=ARGUMENTS.get(name, {"ref": REF} if TABLE[name][2] == HERS else {}))


def expected(who: str, name: str, method: str) -> int:
    """The cell of the table."""
    read, write, whose = TABLE[name]
    status = write if method == "POST" else read
    if method not in {"GET", "HEAD", "POST"}:
        return 405
    if status == 405:
        return 405
    if who == "anonymous" and whose != ANYBODYS:
        return 302
    return 404 if whose == HERS and who in OTHERS else status


@pytest.fixture
def hers(alice: User) -> None:
    """A session, an entry with an earlier version, and an unsaved text, all with a word that nobody else may see."""
    journal = sealed.to_write(alice)
    notes = journal.seal_notes(REF, 1, {"v": 1, "text": CANARY})
    treatment_of(alice, ref=REF, notes=notes)
    entry = entry_of(alice, CANARY, ref=REF, version=2)
    entry_of(alice, CANARY, ref=STEP, kind=Kind.STEP)
    before = journal.seal_entry(REF, 1, {"v": 1, "text": CANARY})
    EntryVersion.objects.create(entry=entry, version=1, body=before, at=NOW)
    drafts.keep(alice, journal, FormToken(alice.ref, Place(Kind.NOTE), uuid.uuid4(), FORM), {"text": CANARY}, now=NOW)


@pytest.fixture
def browsers(alice: User, bob: User, alices: Client, bobs: Client) -> dict[str, Client]:
    staff = {who: account(f"{who}@example.org", is_staff=True) for who in ("editor", "reviewer", "superuser")}
    for who in ("editor", "reviewer"):
        staff[who].groups.add(Group.objects.get(name=who))
    clinic_day = {"verified_on": NOW.date(), "expires_on": NOW.date() + dt.timedelta(days=365)}
    Reviewer.objects.create(user=staff["reviewer"], slug="asha-rao", name="Asha Rao", credential="MD", **clinic_day)
    User.objects.filter(pk=staff["superuser"].pk).update(is_superuser=True)
    others = {who: sign_in(Client(), user) for who, user in staff.items()}
    return {"anonymous": Client(), "alice": alices, "bob": bobs, **others}


def rows() -> list[Any]:
    found = [Treatment, Entry, EntryVersion, Draft]
    return [list(model._default_manager.order_by("pk").values()) for model in found]


def test_every_address_has_its_row_in_the_table():
    assert set(TABLE) == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("name", TABLE)
def test_who_may(hers: None, browsers: dict[str, Client], name: str):
    path, before = path_of(name), rows()
    for who in [*OTHERS, "anonymous", "alice"]:
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "POST"):
            response = browsers[who].generic(method, path)
            assert response.status_code == expected(who, name, method), (who, method, response.status_code)
            if who != "alice":
                assert CANARY not in response.content.decode()
                assert rows() == before, (who, method)
        if who == "anonymous" and TABLE[name][0] == 200 and TABLE[name][2] != ANYBODYS:
            assert browsers[who].get(path).headers["Location"] == f"/accounts/login/?next={path}"


def test_what_is_not_theirs_and_what_is_not_there_are_told_alike(hers: None, browsers: dict[str, Client]):
    theirs = browsers["superuser"].get(path_of("entry"))
    nobodys = browsers["superuser"].get(f"/journal/entries/{uuid.UUID(int=404)}/")
    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)


def test_no_row_changes_hands(hers: None, alice: User, bob: User, bobs: Client):
    """What a form does not ask for is not taken, whoever adds it."""
    write(bobs, "/journal/note/", text="His.", owner=str(alice.pk), ref=str(REF), version="9", kind="plan", day="3")
    entry = Entry.objects.get(owner=bob)
    assert (entry.kind, entry.day, entry.version) == (Kind.NOTE, 0, 1)
    assert entry.ref != REF


@pytest.mark.parametrize("name", ["entry", "session", "change_entry", "draft", "versions"])
def test_a_title_tells_nothing(hers: None, alices: Client, name: str):
    html = alices.get(path_of(name)).content.decode()
    title = html.split("<title>")[1].split("</title>")[0]
    assert title.endswith(" · Notes")
    for word in ("ketamine", "session", "therapy", CANARY):
        assert word not in title.lower()
