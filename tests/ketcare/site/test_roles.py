"""Who may do what on the desk: each role on each model, by address."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from articles.models import Guide, Reviewer, Source
from ketcare.accounts import factor_resets, invitations
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.models import Clinic, GlossaryTerm, LineCheck, Prompt
from tests.conftest import NOW, clinician
from tests.ketcare.at_work import colleague, sit_down

NOTHING = ""
LOOK = "list, see"
WRITE = "list, see, add, change"
SEND = "list, add"  # its rows are never changed by a form
MAY = {
    #                         editor   reviewer  manager  no role
    "accounts/user":         (NOTHING, NOTHING, "list, see, change", NOTHING),
    "accounts/factorreset":  (SEND,    SEND,    SEND,    NOTHING),
    "articles/guide":        (WRITE,   LOOK,    LOOK,    NOTHING),
    "articles/reviewer":     (LOOK,    LOOK,    WRITE,   NOTHING),
    "articles/source":       (WRITE,   LOOK,    LOOK,    NOTHING),
    "site/clinic":           (NOTHING, NOTHING, "list, see, change", NOTHING),
    "site/event":            (NOTHING, NOTHING, LOOK,    NOTHING),
    "site/linecheck":        (LOOK,    LOOK,    LOOK,    NOTHING),
    "site/glossaryterm":     (WRITE,   LOOK,    LOOK,    NOTHING),
    "site/invitation":       (NOTHING, NOTHING, SEND,    NOTHING),
    "site/prompt":           ("list, see, change", LOOK, LOOK, NOTHING),
}  # fmt: skip
ROLES = ["editor", "reviewer", "manager", ""]


@pytest.fixture
def rows(db: None) -> dict[str, str]:
    """The key of one row of each model."""
    bob, ed = colleague("bob@example.net"), colleague("ed@example.org")
    invitation, _link = invitations.invite(email="alice@example.org", for_staff=False, by=None, now=NOW)
    Clinic.objects.get_or_create(pk=1)
    found: dict[str, object] = {
        "accounts/user": bob,
        "accounts/factorreset": factor_resets.ask(bob, by=ed, reason="Called me.", now=NOW),
        "articles/guide": Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW),
        "articles/reviewer": clinician("Asha Rao", "asha-rao"),
        "articles/source": Source.objects.create(key="trial-2020", record={"title": "A trial"}, kind="trial"),
        "site/clinic": Clinic.objects.get(pk=1),
        "site/event": events.record(events.Verb.SIGNED_IN, owner=bob.ref),
        "site/glossaryterm": GlossaryTerm.objects.create(key="set", term="set", meaning="What you bring."),
        "site/invitation": invitation,
        "site/linecheck": LineCheck.objects.create(line="us-988", digest="0" * 64, by=ed, at=NOW),
        "site/prompt": Prompt.objects.create(key="day-1", heading="Body and rest"),
    }
    return {place: str(row.pk) for place, row in found.items()}  # type: ignore[attr-defined]


def deeds_of(client: Client, place: str, pk: str) -> str:
    """What the addresses of that model let this browser do."""
    found = []
    listed = client.get(f"/admin/{place}/")
    if listed.status_code in {200, 302}:
        found.append("list")
    else:
        assert listed.status_code == 403
    seen = client.get(f"/admin/{place}/{pk}/change/")
    assert seen.status_code in {200, 302, 403}  # a guide is looked at on a page of its own
    if seen.status_code != 403:
        found.append("see")
    if client.get(f"/admin/{place}/add/").status_code == 200:
        found.append("add")
        assert client.post(f"/admin/{place}/add/", {}).status_code == 200
    else:
        assert client.post(f"/admin/{place}/add/", {}).status_code == 403
    if client.post(f"/admin/{place}/{pk}/change/", {}).status_code != 403:
        found.append("change")
    assert client.post(f"/admin/{place}/{pk}/delete/", {"post": "yes"}).status_code == 403
    return ", ".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_this_and_no_more_v8_2_1(rows: dict[str, str], role: str):
    client = sit_down(colleague(f"{role or 'nobody'}@example.org", *filter(None, [role])))
    found = {place: deeds_of(client, place, pk) for place, pk in rows.items()}
    assert found == {place: may[ROLES.index(role)] for place, may in MAY.items()}


def test_the_table_names_every_model_of_the_desk():
    assert set(MAY) == {f"{model._meta.app_label}/{model._meta.model_name}" for model in admin.site._registry}


def test_the_migration_makes_the_roles(db: None):
    assert set(Group.objects.values_list("name", flat=True)) == set(invitations.ROLES)


def test_the_first_page_of_the_desk_shows_what_is_ones_own(db: None):
    page = sit_down(colleague("ed@example.org", "editor")).get("/admin/").content.decode()
    assert "/admin/site/glossaryterm/" in page
    assert "/admin/accounts/user/" not in page


def test_an_account_is_listed_by_its_address_with_its_roles(db: None):
    colleague("ed@example.org", "editor", "reviewer")
    page = sit_down(colleague("rao@example.org", "manager")).get("/admin/accounts/user/").content.decode()
    assert "ed@example.org" in page
    assert "editor, reviewer" in page


def test_a_manager_makes_a_reviewer_of_a_colleague(db: None):
    ed = colleague("ed@example.org", "reviewer")
    client = sit_down(colleague("rao@example.org", "manager"))
    profile = {
        "user": ed.pk,
        "slug": "ed-hill",
        "name": "Ed Hill",
        "credential": "MD",
        "licence_state": "New York",
        "licence_no": "000002",
        "verified_on": "2026-11-01",
        "expires_on": "2028-11-01",
        "conflict": "None.",
        "sample": "on",
    }
    assert client.post("/admin/articles/reviewer/add/", profile).status_code == 302
    made = Reviewer.objects.get(slug="ed-hill")
    assert (made.user, made.sample, made.expires_on) == (ed, False, dt.date(2028, 11, 1))


def test_the_sample_reviewer_is_only_looked_at(morgan: Reviewer):
    client = sit_down(colleague("rao@example.org", "manager"))
    assert client.get(f"/admin/articles/reviewer/{morgan.pk}/change/").status_code == 200
    assert client.post(f"/admin/articles/reviewer/{morgan.pk}/change/", {"name": "Real"}).status_code == 403


def test_other_spellings_stand_one_to_a_line(db: None):
    client = sit_down(colleague("ed@example.org", "editor"))
    word = {"key": "set", "term": "set", "meaning": "What you bring.", "also": "sett\n\n mindset ", "guides": ""}
    assert client.post("/admin/site/glossaryterm/add/", word).status_code == 302
    made = GlossaryTerm.objects.get()
    assert (made.also, made.guides) == (["sett", "mindset"], [])
    page = client.get(f"/admin/site/glossaryterm/{made.pk}/change/").content.decode()
    assert "sett\nmindset" in page


def test_who_works_on_the_desk_has_no_way_to_more_rights(db: None):
    """A superuser is made by the first link alone."""
    ed = colleague("ed@example.org", "editor")
    client = sit_down(colleague("rao@example.org", "manager"))
    client.post(f"/admin/accounts/user/{ed.pk}/change/", {"is_active": "on", "is_staff": "on", "is_superuser": "on"})
    assert not User.objects.get(pk=ed.pk).is_superuser
