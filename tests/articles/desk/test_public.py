"""What readers find at an address: taken down, brought back, moved, hidden; what each deed says, and writes down."""

import pytest

from articles import review
from articles.models import Guide, GuideAddress, Review
from articles.models.guide import State
from ketcare.site.models import Event
from tests.articles.desk.conftest import write
from tests.articles.review.verbs import everything
from tests.articles.states import state_of
from tests.articles.views.pages import GUIDE, HISTORY, JSON, LISTS, put, words_of
from tests.conftest import NOW

WHY = "A dose on it was <wrong> & old."


def at(guide: Guide, deed: str) -> str:
    return f"/admin/articles/guide/{guide.pk}/{deed}/"


def events() -> list[tuple[str, str]]:
    """What was written down, oldest first: the deed, and to what."""
    return list(Event.objects.order_by("pk").values_list("verb", "object_ref"))


@pytest.fixture(autouse=True)
def no_clinic(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture(autouse=True)
def nothing_written_down(request, db: None) -> None:
    """Whoever sits down has signed in before: what counts is what comes after."""
    for name in {"rao", "lee", "editor", "manager"} & set(request.fixturenames):
        request.getfixturevalue(name)
    Event.objects.all().delete()


# Withdraw and bring back


@pytest.mark.parametrize("who", ["rao", "manager"])
def test_a_guide_is_withdrawn_and_its_address_tells_why(request, who, signed, reader):
    response = request.getfixturevalue(who).post(at(signed, "withdraw"), {"why": f" {WHY}\n"}, follow=True)
    assert "Withdrawn. Its address tells readers why." in response.text
    page = reader.get(GUIDE)
    assert page.status_code == 410
    assert f"Why: {WHY}" in words_of(page)
    assert "Take it slowly." not in page.text
    assert [GUIDE in reader.get(address).text for address in LISTS] == [False] * len(LISTS)
    assert events() == [("guide withdrawn", "en/integration/rest-first")]


def test_a_withdrawal_remembers_who_did_it(rao, dr_rao, signed):
    rao.post(at(signed, "withdraw"), {"why": WHY})
    assert Guide.objects.get().withdrawn_by == dr_rao.user


def test_a_withdrawn_guide_about_safety_keeps_the_warning_signs(rao, dr_rao, submit, reader):
    guide = put(submit, "when-to-call", "safety", by=dr_rao)
    assert "chest pain" in reader.get(guide.get_absolute_url()).text
    rao.post(at(guide, "withdraw"), {"why": WHY})
    page = reader.get(guide.get_absolute_url())
    assert page.status_code == 410
    assert "chest pain" in words_of(page)


@pytest.mark.parametrize("why", ["", " \n", "x" * 1001], ids=["nothing", "blank", "too long"])
def test_without_a_reason_to_show_nothing_is_withdrawn(rao, signed, why):
    before = everything()
    response = rao.post(at(signed, "withdraw"), {"why": why})
    assert response.status_code == 200
    assert response.context["form"].errors["why"]
    assert everything() == before
    assert events() == []


def test_what_was_never_public_is_not_withdrawn_and_the_page_says_so(rao, submitted):
    response = rao.post(at(submitted.guide, "withdraw"), {"why": WHY})
    assert response.status_code == 409
    assert "Only a guide that was public can be withdrawn." in response.text
    assert WHY in response.context["form"]["why"].value()
    assert events() == []


def test_a_second_withdrawal_changes_no_reason(rao, signed):
    rao.post(at(signed, "withdraw"), {"why": "The first."})
    response = rao.post(at(signed, "withdraw"), {"why": "The second."})
    assert response.status_code == 409
    assert "This guide is withdrawn already." in response.text
    assert Guide.objects.get().withdrawn_why == "The first."


def test_a_guide_that_is_brought_back_has_the_words_and_the_signature_that_it_had(rao, signed, reader):
    before = reader.get(GUIDE).text
    rao.post(at(signed, "withdraw"), {"why": WHY})
    response = rao.post(at(signed, "bring-back"), follow=True)
    assert "It is back, with the words and the signature that it had." in response.text
    assert reader.get(GUIDE).text == before
    assert [verb for verb, _object in events()] == ["guide withdrawn", "guide brought back"]


def test_what_is_not_withdrawn_is_not_brought_back(rao, signed):
    before = everything()
    response = rao.post(at(signed, "bring-back"))
    assert response.status_code == 409
    assert "This guide is not withdrawn." in response.text
    assert everything() == before
    assert events() == []


# Move


def test_every_old_address_leads_to_the_new_one(editor, signed, reader):
    response = editor.post(at(signed, "move"), {"section": "safety", "slug": "rest"}, follow=True)
    assert "Moved. The old address leads to the new one." in response.text
    assert GUIDE in response.text, "the page of its versions names the old address"
    for old, new in {
        GUIDE: "/guides/safety/rest/",
        HISTORY: "/guides/safety/rest/history/",
        JSON: "/guides/safety/rest/review.json",
    }.items():
        answer = reader.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
        assert reader.get(new).status_code == 200
    assert state_of(signed).kind == State.REVIEWED
    assert events() == [("guide moved", "en/safety/rest")]


def test_a_guide_that_moves_twice_is_found_at_each_of_its_addresses(editor, signed, reader):
    editor.post(at(signed, "move"), {"section": "integration", "slug": "second"})
    editor.post(at(signed, "move"), {"section": "integration", "slug": "third"})
    for slug in ("rest-first", "second"):
        assert reader.get(f"/guides/integration/{slug}/").headers["Location"] == "/guides/integration/third/"


def test_a_guide_may_come_back_to_its_old_address(editor, signed, reader):
    editor.post(at(signed, "move"), {"section": "integration", "slug": "second"})
    editor.post(at(signed, "move"), {"section": "integration", "slug": "rest-first"})
    assert reader.get(GUIDE).status_code == 200
    assert reader.get("/guides/integration/second/").headers["Location"] == GUIDE


def test_a_withdrawn_guide_is_withdrawn_at_its_new_address_too(editor, signed, reader):
    review.withdraw(signed, why=WHY, now=NOW)
    editor.post(at(signed, "move"), {"section": "integration", "slug": "second"})
    assert reader.get(GUIDE, follow=True).status_code == 410


@pytest.mark.parametrize(
    ("section", "slug", "problem"),
    [
        ("safety", "taken", "Another guide has this address."),
        ("safety", "once", "This address leads to another guide, which had it before."),
        ("nowhere", "rest", "Select a valid choice."),
        ("safety", "not an address", "Enter a valid “slug”"),
        ("safety", "", "This field is required."),
    ],
)
def test_a_guide_does_not_move_where_it_cannot_be_found(editor, signed, section, slug, problem):
    other = Guide.objects.create(section="safety", slug="taken", changed_at=NOW)
    GuideAddress.objects.create(path="/guides/safety/once/", guide=other)
    before = everything()
    response = editor.post(at(signed, "move"), {"section": section, "slug": slug})
    assert problem in response.text
    assert everything() == before
    assert GuideAddress.objects.count() == 1
    assert events() == []


# Samples


@pytest.mark.parametrize("who", ["rao", "manager"])
def test_a_sample_is_hidden_and_comes_back_with_a_signature(request, who, lee, dr_lee, sample, reader):
    response = request.getfixturevalue(who).post(at(sample, "hide"), follow=True)
    assert "Hidden. It comes back when a clinician signs it." in response.text
    assert reader.get(GUIDE).status_code == 404
    assert events() == [("sample hidden", "en/integration/rest-first")]
    review.sign(
        words := sample.revisions.get(), by=dr_lee, digest=words.digest, now=NOW, next_due=NOW.date().replace(year=2027)
    )
    assert state_of(sample).kind == State.REVIEWED
    assert reader.get(GUIDE).status_code == 200


def test_who_hid_a_sample_stands_in_its_row(rao, dr_rao, sample):
    rao.post(at(sample, "hide"))
    row = Review.objects.get(verdict="revoked")
    assert (row.signed_by, row.sample, row.is_genuine()) == (dr_rao.user, True, True)


def test_what_a_clinician_signed_is_not_hidden(rao, signed, reader):
    before = everything()
    response = rao.post(at(signed, "hide"))
    assert response.status_code == 409
    assert "Only a guide under a sample signature is hidden." in response.text
    assert everything() == before
    assert reader.get(GUIDE).status_code == 200
    assert events() == []


def test_hide_all_leaves_no_sample_and_touches_nothing_that_is_signed(manager, submit, morgan, dr_rao, reader):
    samples = [put(submit, f"sample-{number}", by=morgan) for number in range(3)]
    real = put(submit, "real", by=dr_rao)
    gone = put(submit, "gone", by=morgan)
    review.withdraw(gone, why=WHY, now=NOW)
    page = manager.get("/admin/articles/guide/hide-samples/")
    assert [guide["title"] for guide in page.context["guides"]] == [
        "Guide sample-0",
        "Guide sample-1",
        "Guide sample-2",
    ]
    response = manager.post("/admin/articles/guide/hide-samples/", follow=True)
    assert "Hidden: 3." in response.text
    assert {reader.get(guide.get_absolute_url()).status_code for guide in samples} == {404}
    assert reader.get(real.get_absolute_url()).status_code == 200
    assert reader.get(gone.get_absolute_url()).status_code == 410
    assert {state_of(guide).kind for guide in Guide.objects.all()} == {
        State.UNPUBLISHED, State.REVIEWED, State.WITHDRAWN
    }  # fmt: skip
    assert events() == [("sample hidden", str(guide)) for guide in samples]
    assert "No sample guide is public." in manager.get("/admin/articles/guide/hide-samples/").text


# What is written down


def test_no_event_holds_a_word_of_what_was_written(editor, rao, manager, typed, signed, every_line):
    write(editor, signed, typed("Canary words."))
    rao.post(at(signed, "withdraw"), {"why": "Canary reason."})
    rao.post(at(signed, "bring-back"))
    editor.post(at(signed, "move"), {"section": "safety", "slug": "rest"})
    rao.post(at(signed, "take-back"), {"why": "Canary reason."})
    assert [verb for verb, _object in events()] == [
        "guide withdrawn", "guide brought back", "guide moved", "signature taken back",
    ]  # fmt: skip
    rows = str(list(Event.objects.values()))
    assert "anary" not in rows + every_line.text


@pytest.fixture
def every_line(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every line of the site's logs."""
    caplog.set_level("DEBUG", logger="ketcare")
    return caplog
