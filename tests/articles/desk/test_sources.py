"""Sources on the desk: what a change, a retraction or a notice does to the guides that rest on it, and who may what."""

import pytest
from django.test import Client

from articles import review
from articles.models import Guide, Source, SourceChanged
from articles.models.guide import State
from ketcare.site.events import Verb
from ketcare.site.models import Event
from tests.articles.states import state_of
from tests.conftest import NEXT_YEAR, NOW
from tests.ketcare.at_work import colleague, sit_down

NOTICE = "The agency warns of a dose above 80 mg."


@pytest.fixture
def editor(db: None) -> Client:
    return sit_down(colleague("eva@example.org", "editor"))


@pytest.fixture
def reviewer(db: None) -> Client:
    return sit_down(colleague("rita@example.org", "reviewer"))


def form_of(source: Source, **fields: str) -> dict[str, str]:
    return {
        "key": source.key,
        "title": "A trial",
        "year": "2020",
        "pmid": "1234567",
        "authors": "Doe J et al.",
        "kind": source.kind,
        "checked_on": "2026-10-01",
        **fields,
    }


def path_of(source: Source, page: str) -> str:
    return f"/admin/articles/source/{source.pk}/{page}/"


def clearing(mark: SourceChanged) -> str:
    return f"/admin/articles/source/changes/{mark.pk}/"


@pytest.fixture
def mark(signed: Guide, trial: Source, dr_rao) -> SourceChanged:
    review.warn_of_source(trial, notice=NOTICE, by=dr_rao.user, now=NOW)
    return SourceChanged.objects.get()


# A record that is changed -----------------------------------------------------------------------------------------


def test_a_changed_record_marks_the_guide_that_rests_on_it_and_unsigns_nothing(editor, signed, trial):
    page = editor.post(path_of(trial, "change"), form_of(trial, kind="opinion"), follow=True)
    made = SourceChanged.objects.get()
    assert (made.guide, made.kind, made.reason) == (signed, "record", "Its record was changed: kind.")
    assert made.raised_by is not None
    assert made.raised_by.email == "eva@example.org"
    assert "1 guide rests on it: it is marked on the first page of the desk." in page.content.decode()
    assert state_of(signed).kind == State.REVIEWED
    assert Event.objects.filter(verb=Verb.SOURCE_CHANGED, object_ref="trial-2020").count() == 1


def test_a_retraction_is_marked_as_one(editor, signed, trial):
    editor.post(path_of(trial, "change"), form_of(trial, retracted_on="2026-11-01"))
    made = SourceChanged.objects.get()
    assert (made.kind, made.reason) == ("retracted", "Retracted on 2026-11-01.")


def test_saving_without_a_change_marks_nothing(editor, signed, trial):
    editor.post(path_of(trial, "change"), form_of(trial))
    assert not SourceChanged.objects.exists()
    assert not Event.objects.filter(verb=Verb.SOURCE_CHANGED).exists()


def test_a_new_source_marks_nothing(editor, signed):
    new = {"key": "new-2026", "title": "New", "kind": "trial"}
    assert editor.post("/admin/articles/source/add/", new).status_code == 302
    assert not SourceChanged.objects.exists()


def test_a_record_is_kept_as_a_file_would_have_it(editor, trial):
    says = {"says": "It found little.", "doi": "10.1000/1", "pmcid": "PMC1", "url": "https://example.org/a"}
    assert editor.post(path_of(trial, "change"), form_of(trial, authors="", **says)).status_code == 302
    trial.refresh_from_db()
    assert trial.record == {"title": "A trial", "year": 2020, "pmid": "1234567", **says}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": ""}, "This field is required."),
        ({"year": "long ago"}, "Enter a whole number."),
        ({"pmid": "PM12"}, "Enter a valid value."),
        ({"doi": "12/34"}, "Enter a valid value."),
        ({"url": "http://example.org"}, "The address begins with https://."),
        ({"says": "It\u202e turns."}, "It has a says that is too long or holds an invisible character."),
    ],
    ids=str,
)
def test_a_record_that_no_file_could_hold_is_refused_and_nothing_typed_is_lost(editor, trial, fields, problem):
    page = editor.post(path_of(trial, "change"), form_of(trial, **{"authors": "Roe R et al.", **fields}))
    assert problem in page.content.decode()
    assert "Roe R et al." in page.content.decode()
    trial.refresh_from_db()
    assert trial.record["authors"] == "Doe J et al."


def test_whoever_only_looks_sees_the_record(reviewer, trial):
    assert "Doe J et al." in reviewer.get(path_of(trial, "change")).content.decode()


def test_the_page_of_a_source_lists_what_happened_to_it(editor, mark, trial, dr_rao):
    page = editor.get(path_of(trial, "change")).content.decode()
    assert "What happened to it" in page
    assert "A safety notice. Waits for somebody to look." in page
    assert clearing(mark) in page
    review.clear_change(mark, note="Another dose.", by=dr_rao.user, now=NOW)
    assert "Cleared by asha-rao@example.org, Nov. 2, 2026." in editor.get(path_of(trial, "change")).content.decode()


# A safety notice --------------------------------------------------------------------------------------------------


def test_a_notice_says_first_which_guides_rest_on_the_source(reviewer, signed, trial):
    page = reviewer.get(path_of(trial, "notice")).content.decode()
    assert "Guides that rest on it" in page
    assert "Rest first" in page


def test_a_notice_marks_the_guides_and_its_words_stay_out_of_messages_and_events(reviewer, signed, trial):
    answer = reviewer.post(path_of(trial, "notice"), {"notice": NOTICE})
    assert answer.headers["Location"] == path_of(trial, "change")
    made = SourceChanged.objects.get()
    assert (made.guide, made.kind, made.reason) == (signed, "notice", NOTICE)
    assert NOTICE not in reviewer.get("/admin/").content.decode()
    assert Event.objects.get(verb=Verb.SOURCE_WARNED).object_ref == "trial-2020"


def test_a_notice_without_words_is_asked_for_again(reviewer, signed, trial):
    assert reviewer.post(path_of(trial, "notice"), {"notice": "  "}).status_code == 200
    assert not SourceChanged.objects.exists()


# Clearing ---------------------------------------------------------------------------------------------------------


def test_a_note_clears_a_mark_with_a_name(reviewer, mark):
    assert NOTICE in reviewer.get(clearing(mark)).content.decode()
    answer = reviewer.post(clearing(mark), {"note": "It is of another dose."})
    assert answer.headers["Location"] == "/admin/"
    mark.refresh_from_db()
    assert (mark.cleared_note, mark.cleared_with) == ("It is of another dose.", None)
    assert mark.cleared_by is not None
    assert mark.cleared_by.email == "rita@example.org"
    assert Event.objects.get(verb=Verb.SOURCE_CLEARED).object_ref == str(mark.pk)


def test_without_a_note_it_stays(reviewer, mark):
    assert reviewer.post(clearing(mark), {"note": " "}).status_code == 200
    mark.refresh_from_db()
    assert mark.cleared_at is None


def test_of_two_who_clear_it_the_second_is_told(reviewer, mark, dr_rao):
    review.clear_change(mark, note="Mine.", by=dr_rao.user, now=NOW)
    page = reviewer.post(clearing(mark), {"note": "Theirs."})
    assert page.status_code == 409
    assert "Somebody cleared this meanwhile." in page.content.decode()
    mark.refresh_from_db()
    assert mark.cleared_note == "Mine."


def test_a_signature_clears_it_and_the_page_says_so(reviewer, mark, signed, dr_rao):
    words = signed.live
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NEXT_YEAR)
    page = reviewer.get(clearing(mark)).content.decode()
    assert "signed the guide again" in page
    assert "Why the words stand as they are" not in page


# Who may ----------------------------------------------------------------------------------------------------------

MAY = {
    #          see the mark  clear it  enter a notice
    "editor":   (True,       False,    False),
    "reviewer": (True,       True,     True),
    "manager":  (True,       False,    False),
    "":         (False,      False,    False),
}  # fmt: skip


@pytest.mark.parametrize("role", MAY)
def test_who_may_see_clear_and_warn_by_address_and_by_button(mark, trial, role):
    client = sit_down(colleague(f"{role or 'nobody'}@example.net", *filter(None, [role])))
    sees, clears, warns = MAY[role]
    page = client.get(clearing(mark))
    assert page.status_code == (200 if sees else 403)
    assert ("clear this" in page.content.decode()) == clears
    source = client.get(path_of(trial, "change"))
    assert ("Enter a safety notice" in source.content.decode()) == warns
    assert client.get(path_of(trial, "notice")).status_code == (200 if warns else 403)
    assert client.post(path_of(trial, "notice"), {"notice": "N"}).status_code == (302 if warns else 403)
    assert client.post(clearing(mark), {"note": "N"}).status_code == (302 if clears else 403)
    mark.refresh_from_db()
    assert (mark.cleared_at is not None) == clears


def test_a_form_from_elsewhere_does_nothing(mark, trial):
    user = colleague("rita@example.org", "reviewer")
    client = sit_down(user)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(clearing(mark), {"note": "N"}).status_code == 403
    assert strict.post(path_of(trial, "notice"), {"notice": "N"}).status_code == 403
    assert SourceChanged.objects.filter(cleared_at__isnull=True).count() == 1


def test_an_address_of_no_mark_or_source_is_none(reviewer):
    assert reviewer.get("/admin/articles/source/changes/999/").status_code == 404
    assert reviewer.get("/admin/articles/source/999/notice/").status_code == 404
