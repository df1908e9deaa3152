"""Who may do what with a guide: each role on each deed, by its address and by its button."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from articles import review
from articles.models import Guide, Revision
from tests.articles.review.verbs import everything
from tests.conftest import NOW, body_with
from tests.ketcare.accounts.signing_in import account
from tests.ketcare.at_work import colleague, sit_down

# Each deed with its address, and who may do it.
DEEDS = {
    #                  address                      editor reviewer manager no role
    "list":           ("",                          "yes",  "yes",  "yes",  "no"),
    "all versions":   ("{pk}/words/",               "yes",  "yes",  "yes",  "no"),
    "read a version": ("{pk}/words/1/",             "yes",  "yes",  "yes",  "no"),
    "begin":          ("add/",                      "yes",  "no",   "no",   "no"),
    "write":          ("{pk}/change/",              "yes",  "no",   "no",   "no"),
    "hand in":        ("{pk}/words/2/hand-in/",     "yes",  "no",   "no",   "no"),
    "throw away":     ("{pk}/words/2/discard/",     "yes",  "no",   "no",   "no"),
    "move":           ("{pk}/move/",                "yes",  "no",   "no",   "no"),
    "sign":           ("{pk}/words/1/sign/",        "no",   "yes",  "no",   "no"),
    "take back":      ("{pk}/take-back/",           "no",   "yes",  "no",   "no"),
    "withdraw":       ("{pk}/withdraw/",            "no",   "yes",  "yes",  "no"),
    "bring back":     ("{pk}/bring-back/",          "no",   "yes",  "yes",  "no"),
    "hide a sample":  ("{pk}/hide/",                "no",   "yes",  "yes",  "no"),
    "hide all":       ("hide-samples/",             "no",   "yes",  "yes",  "no"),
}  # fmt: skip
ROLES = ["editor", "reviewer", "manager", ""]
# What stands on the page of a guide's versions, and leads to which deed.
BUTTONS = {
    "Write": "write",
    "Read and sign again": "sign",
    "Another address": "move",
    "Take the signature back": "take back",
    "Withdraw": "withdraw",
    "Hand in": "hand in",
}


@pytest.fixture
def written(signed: Guide, ed) -> Guide:
    """A guide that Dr Rao signed, with a newer draft."""
    words = {"title": "Rest first", "summary": "", "body": body_with("Later."), "also_known_as": [], "sources": []}
    review.write(signed, **words, by=ed, now=NOW)  # type: ignore[arg-type]
    return signed


def in_role(role: str, request: pytest.FixtureRequest) -> Client:
    if role == "reviewer":
        return request.getfixturevalue("lee")  # type: ignore[no-any-return]
    return sit_down(colleague(f"{role or 'nobody'}@example.net", *filter(None, [role])))


def allowed(client: Client, address: str) -> str:
    """Whether that browser may see the page and post to it: both or neither. Who may only look at a guide is led from
    the form to its versions; a page that is only read takes no posts from anybody."""
    looks = client.get(address).status_code
    before = everything()
    posts = client.post(address, {}).status_code
    if posts == 403 or looks == 403:
        assert (looks, posts) in {(403, 403), (403, 405), (302, 403)}, address
        assert everything() == before
        return "no"
    assert posts in {200, 302, 404, 405, 409}, address
    return "yes"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_this_and_no_more_by_address_v8_2_1(request, written: Guide, role: str):
    client = in_role(role, request)
    # Throwing away and withdrawing change what the others look at, so they come last.
    for deed, (address, *may) in sorted(DEEDS.items(), key=lambda item: item[0] in {"throw away", "withdraw"}):
        found = allowed(client, "/admin/articles/guide/" + address.format(pk=written.pk))
        assert (deed, found) == (deed, may[ROLES.index(role)])


@pytest.mark.parametrize("role", ROLES[:3])
def test_each_role_finds_the_buttons_of_what_it_may_do_and_no_others(request, written: Guide, role: str):
    page = in_role(role, request).get(f"/admin/articles/guide/{written.pk}/words/").text
    shown = {" ".join(words.split()) for words in re.findall(r"<a [^>]*>([^<]*)</a>", page)}
    for button, deed in BUTTONS.items():
        assert (button, button in shown) == (button, DEEDS[deed][1 + ROLES.index(role)] == "yes")


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_for_a_patient_none_of_it_is_there(db, deed: str):
    client = sit_down(account("alice@example.org"))
    address = "/admin/articles/guide/" + DEEDS[deed][0].format(pk=1)
    assert {client.get(address).status_code, client.post(address, {}).status_code} == {404}


def test_the_table_names_every_address_of_a_guide_on_the_desk():
    stock = {"changelist", "add", "history", "delete", "change", None}
    own = {
        pattern.name.removeprefix("articles_guide_")
        for pattern in admin.site._registry[Guide].get_urls()
        if pattern.name and pattern.name != "articles_preview"
    }
    assert own - stock == {
        "words", "read", "discard", "hand_in", "sign", "take_back", "withdraw", "bring_back", "move", "hide",
        "articles_hide_samples",
    }  # fmt: skip


def test_nothing_of_a_guide_is_deleted_on_the_desk(request, written: Guide):
    client = in_role("editor", request)
    assert client.post(f"/admin/articles/guide/{written.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Revision.objects.count() == 2


def test_columns_that_no_form_has_are_not_taken_from_a_post_v8_2_3(editor, typed, written: Guide):
    before = Guide.objects.values().get()
    form = {**typed("Other words."), "live": "", "withdrawn_at": "2026-01-01", "language": "es", "slug": "stolen"}
    form |= {"author": "999", "digest": "x" * 64, "submitted_at": "2026-01-01"}
    address = f"/admin/articles/guide/{written.pk}/change/"
    form["base"] = editor.get(address).context["adminform"].form["base"].value()
    assert editor.post(address, {**form, "_continue": "x"}).status_code == 302
    after = Guide.objects.values().get()
    assert after == before
    newest = Revision.objects.order_by("-number").first()
    assert newest is not None
    assert (newest.author.email if newest.author else "", newest.digest, newest.submitted_at) == (
        "ed@example.org",
        "",
        None,
    )
