"""Writing on the desk: drafts, two people in one of them, what stops a hand-in, and that saving publishes nothing."""

import re

import pytest

from articles import review
from articles.models import Guide, GuideAddress, Revision
from articles.models.guide import State
from ketcare.site.models import Event
from tests.articles.desk.conftest import write
from tests.articles.states import state_of
from tests.conftest import NOW, body_with


def place(guide: Guide, rest: str) -> str:
    return f"/admin/articles/guide/{guide.pk}/{rest}"


def test_a_new_guide_begins_as_a_draft_that_nobody_else_sees(editor, ed, typed, client):
    form = {**typed(), "section": "integration", "slug": "rest-first"}
    response = editor.post("/admin/articles/guide/add/", {**form, "_continue": "x"}, follow=True)
    assert re.search(r"Saved at \d\d:\d\d\.", response.text)
    guide = Guide.objects.get()
    [draft] = guide.revisions.all()
    assert (draft.number, draft.title, draft.author, draft.submitted_at) == (1, "Rest first", ed, None)
    assert client.get("/guides/integration/rest-first/").status_code == 404


def test_a_guide_needs_an_address_that_is_free(editor, typed, guide):
    form = {**typed(), "section": guide.section, "slug": guide.slug}
    response = editor.post("/admin/articles/guide/add/", form)
    assert response.status_code == 200
    assert "Take it slowly." in response.text
    assert Guide.objects.count() == 1


def test_a_guide_does_not_take_an_address_that_leads_to_another(editor, typed, guide):
    GuideAddress.objects.create(path="/guides/safety/old/", guide=guide)
    response = editor.post("/admin/articles/guide/add/", {**typed(), "section": "safety", "slug": "old"})
    assert "This address leads to a guide that had it before." in response.text
    assert Guide.objects.count() == 1


def test_a_draft_is_saved_over_by_who_wrote_it(editor, typed, guide):
    write(editor, guide, typed("First thoughts."))
    write(editor, guide, typed("Second thoughts."))
    [draft] = Revision.objects.all()
    assert draft.body == body_with("Second thoughts.")


def test_the_draft_of_somebody_else_is_followed_by_one_of_ones_own(editor, second_editor, typed, guide):
    write(editor, guide, typed("Ed wrote this."))
    write(second_editor, guide, typed("Ed wrote this, Eve went on."))
    authors = Revision.objects.order_by("number").values_list("number", "author__email")
    assert list(authors) == [(1, "ed@example.org"), (2, "eve@example.org")]


def test_saving_without_a_change_makes_nothing(editor, second_editor, typed, guide):
    write(editor, guide, typed())
    before = list(Revision.objects.values())
    write(second_editor, guide, typed())
    assert list(Revision.objects.values()) == before


def test_saving_words_that_are_handed_in_makes_nothing_and_says_so(editor, typed, submitted):
    response = editor.get(place(submitted.guide, "change/"))
    form = response.context["adminform"].form
    same = {name: form[name].value() for name in form.fields}
    response = editor.post(place(submitted.guide, "change/"), {**same, "_handin": "x"}, follow=True)
    assert "Nothing was changed, so nothing was saved" in response.text
    assert Revision.objects.count() == 1


def test_what_readers_see_stays_while_a_draft_is_written(editor, typed, signed, client):
    write(editor, signed, typed("Other words."))
    assert state_of(signed).kind == State.REVIEWED
    page = client.get(signed.get_absolute_url()).text
    assert "Take it slowly." in page
    assert "Other words." not in page


# Two people in one draft


def test_the_second_who_saves_sees_both_texts_and_loses_nothing(editor, second_editor, typed, guide):
    write(editor, guide, typed())
    base = review.version_of(Revision.objects.get())
    write(second_editor, guide, typed("Eve was faster.", base=base))
    response = write(editor, guide, typed("Ed was slower.", base=base))
    assert response.status_code == 200
    assert "Somebody else saved this draft while you were writing" in response.text
    assert "Ed was slower." in response.context["adminform"].form["body"].value()
    assert any("Eve was faster." in text.saved for text in response.context["texts"])
    assert not Revision.objects.filter(body__contains="Ed was slower.").exists()


def test_once_both_texts_were_seen_the_second_save_counts_and_the_other_text_stays(editor, second_editor, typed, guide):
    write(editor, guide, typed())
    base = review.version_of(Revision.objects.get())
    write(second_editor, guide, typed("Eve was faster.", base=base))
    shown = write(editor, guide, typed("Ed was slower.", base=base)).context["adminform"].form
    response = write(editor, guide, typed("Eve was faster. Ed was slower.", base=shown["base"].value()))
    assert response.status_code == 302
    bodies = list(Revision.objects.order_by("number").values_list("body", flat=True))
    assert bodies[-2:] == [body_with("Eve was faster."), body_with("Eve was faster. Ed was slower.")]


# Bad input


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "Rest\tfirst"}, "It holds a line end, a tab or an invisible character."),
        ({"summary": "One\nTwo"}, "It holds a line end, a tab or an invisible character."),
        ({"sources": "trial-2020\nnobody-2020"}, "There is no source nobody-2020."),
        ({"change": "urgent"}, "Say why it cannot wait"),
        ({"change": "magic"}, "Select a valid choice."),
        ({"body": " "}, "This field is required."),
    ],
    ids=lambda value: str(value)[:24],
)
def test_bad_input_is_explained_and_nothing_is_lost(editor, typed, guide, fields, problem):
    response = write(editor, guide, typed("My long afternoon of work.", **fields))
    assert response.status_code == 200
    assert problem in response.text
    if "body" not in fields:
        assert "My long afternoon of work." in response.text
    assert not Revision.objects.exists()


def test_a_nul_byte_is_refused_with_words(editor, typed, guide):
    response = write(editor, guide, typed("Take\x00it slowly."))
    assert response.status_code == 200
    assert "Null characters are not allowed." in response.text


# Handing in


def hand_in(client, guide, number=1):
    address = place(guide, f"words/{number}/hand-in/")
    page = client.get(address)
    return client.post(address, {"version": page.context["version"]}, follow=True)


def test_handing_in_freezes_the_words_and_writes_it_down(editor, ed, typed, guide):
    response = write(editor, guide, typed(), "_handin")
    assert response.headers["Location"] == place(guide, "words/1/hand-in/")
    assert "These words do not change any more" in hand_in(editor, guide).text
    assert Revision.objects.get().is_unchanged()
    assert Event.objects.get(verb="guide handed in").owner_ref == ed.ref


@pytest.mark.parametrize(
    ("change", "sources", "problem"),
    [
        (lambda body: body.replace("{: .safety }", ""), "trial-2020", "safety"),
        (lambda body: body.replace(" [@trial-2020]", ""), "", "source"),
        (lambda body: body.replace("@trial-2020", "@nobody-2020"), "trial-2020", "nobody-2020"),
    ],
    ids=["no safety part", "no source cited", "unknown citation"],
)
def test_what_stops_a_hand_in_is_named_and_the_draft_stays(editor, typed, guide, change, sources, problem):
    write(editor, guide, typed(body=change(body_with("Take it slowly.")), sources=sources))
    address = place(guide, "words/1/hand-in/")
    page = editor.get(address)
    assert "Stops the hand-in" in page.text
    assert problem in page.text
    assert "Hand in for review" not in page.text
    response = editor.post(address, {"version": page.context["version"]})
    assert response.status_code == 409
    assert Revision.objects.get().submitted_at is None


def test_a_warning_stops_nothing(editor, typed, guide):
    write(editor, guide, typed("Never call 911 yourself."))
    assert "911" in editor.get(place(guide, "words/1/hand-in/")).text
    hand_in(editor, guide)
    assert Revision.objects.get().submitted_at is not None


def test_a_draft_that_changed_since_the_last_look_is_not_handed_in(editor, typed, guide):
    write(editor, guide, typed())
    version = editor.get(place(guide, "words/1/hand-in/")).context["version"]
    write(editor, guide, typed("Other words."))
    response = editor.post(place(guide, "words/1/hand-in/"), {"version": version})
    assert response.status_code == 409
    assert "This draft was changed meanwhile." in response.text
    assert Revision.objects.get().submitted_at is None


def test_a_draft_is_thrown_away_by_who_wrote_it_alone(editor, second_editor, typed, guide):
    write(editor, guide, typed())
    second_editor.post(place(guide, "words/1/discard/"))
    assert Revision.objects.count() == 1
    editor.post(place(guide, "words/1/discard/"))
    assert not Revision.objects.exists()


def test_words_that_are_handed_in_are_not_thrown_away(editor, submitted):
    editor.post(place(submitted.guide, "words/1/discard/"))
    assert Revision.objects.get().is_unchanged()


def test_a_version_is_read_as_its_page_would_look_and_no_reader_comes_there(editor, typed, guide, client):
    write(editor, guide, typed())
    page = editor.get(place(guide, "words/1/")).text
    assert "Version 1, a draft." in page
    assert "Take it slowly." in page
    assert client.get(place(guide, "words/1/")).status_code == 302


def test_the_list_of_versions_says_what_became_of_each(editor, submit, signed, dr_lee):
    asked = submit(signed, "Too much.")
    review.ask_for_changes(asked, by=dr_lee, digest=asked.digest, note="The number is wrong.", now=NOW)
    page = editor.get(place(signed, "words/")).text
    assert "Readers see this one." in page
    assert "The number is wrong." in page
