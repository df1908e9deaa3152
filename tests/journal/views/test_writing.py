"""Writing, changing and reading entries, as a person does it in a browser."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from journal import sealed
from journal.models import Entry, EntryVersion, Kind
from journal.words import Words
from ketcare.accounts.models import User
from tests.journal.conftest import TODAY, entry_of, treatment_of
from tests.journal.pages import boxes, open_form, text_of, write

pytestmark = pytest.mark.django_db
NOTE = "/journal/note/"


def words_of(owner: User) -> list[Words]:
    journal = sealed.to_read(owner)
    return [journal.words_of(entry) for entry in Entry.objects.filter(owner=owner).order_by("pk")]


def test_a_note_is_saved_and_shown(alice: User, alices: Client):
    response = write(alices, NOTE, text="A quiet morning.")
    entry = Entry.objects.get()
    assert (entry.owner, entry.kind, entry.day, entry.treatment, entry.version) == (alice, Kind.NOTE, 0, None, 1)
    assert response.headers["Location"] == f"/journal/entries/{entry.ref}/"
    page = text_of(alices.get(response.headers["Location"]))
    assert "A quiet morning." in page
    assert "Saved at " in page
    assert words_of(alice) == [{"v": 1, "text": "A quiet morning."}]


def test_of_nothing_no_entry_is_made(alices: Client):
    response = write(alices, NOTE, text="", keep="on")
    assert response.status_code == 400
    assert "There is nothing to save yet. A single word is enough." in text_of(response)
    assert not Entry.objects.exists()


def test_line_ends_and_accents_are_kept_in_one_form(alice: User, alices: Client):
    write(alices, NOTE, text="  Cafe\u0301\r\n\r\nend \r\n")
    assert words_of(alice) == [{"v": 1, "text": "  Caf\u00e9\n\nend \n"}]


def test_what_is_longer_than_fits_stays_in_the_box(alices: Client):
    text = "word " * 10_001
    response = write(alices, NOTE, text=text)
    assert response.status_code == 400
    assert "It is 5 characters longer than fits." in text_of(response)
    assert boxes(response)["text"] == text


def test_intentions_are_one_to_three(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY + dt.timedelta(days=3))
    path = f"/journal/sessions/{treatment.ref}/intentions/"
    write(alices, path, first="Rest", second="", third="A question I carry")
    entry = Entry.objects.get()
    assert (entry.kind, entry.treatment, entry.day) == (Kind.INTENTION, treatment, 0)
    assert words_of(alice) == [{"v": 1, "intentions": ["Rest", "", "A question I carry"]}]
    response = alices.get(path)
    assert boxes(response) == {"first": "Rest", "second": "", "third": "A question I carry"}
    write(alices, path, first="Rest")
    assert words_of(alice) == [{"v": 1, "intentions": ["Rest"]}]
    assert Entry.objects.count() == 1


def test_a_day_takes_mood_sleep_movement_and_a_step(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY - dt.timedelta(days=4))
    path = f"/journal/sessions/{treatment.ref}/day/4/"
    told = {"mood": "very-low", "sleep": "Six hours", "movement": "None", "when": "I wake", "then": "open a window"}
    write(alices, path, text="Slow.", keep="on", **told)
    entry = Entry.objects.get()
    assert (entry.kind, entry.treatment, entry.day) == (Kind.REFLECTION, treatment, 4)
    assert words_of(alice) == [
        {
            "v": 1,
            "text": "Slow.",
            "mood": "very-low",
            "sleep": "Six hours",
            "movement": "None",
            "step": {"when": "I wake", "then": "open a window"},
            "keep": True,
        }
    ]
    page = text_of(alices.get(f"/journal/entries/{entry.ref}/"))
    for words in ("Slow.", "Very low", "Six hours", "I wake", "open a window", "Kept for my therapist"):
        assert words in page


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("nothing", "Nothing today"),
        ("rather-not", "I’d rather not"),
        ("not-looking", "I don’t want to look at this"),
    ],
)
def test_one_tap_is_a_whole_answer(alice: User, alices: Client, answer: str, label: str):
    treatment = treatment_of(alice, TODAY - dt.timedelta(days=1))
    path = f"/journal/sessions/{treatment.ref}/day/1/"
    assert label in text_of(alices.get(path))
    response = write(alices, path, text="", answer=answer)
    assert words_of(alice) == [{"v": 1, "answer": answer}]
    assert label in text_of(alices.get(response.headers["Location"]))
    assert "why" not in text_of(alices.get(response.headers["Location"])).lower()


def test_a_text_takes_the_place_of_such_an_answer(alice: User, alices: Client):
    treatment = treatment_of(alice, TODAY - dt.timedelta(days=1))
    path = f"/journal/sessions/{treatment.ref}/day/1/"
    write(alices, path, answer="nothing")
    write(alices, path, answer="nothing", text="After all, something.")
    assert words_of(alice) == [{"v": 1, "text": "After all, something."}]


@pytest.mark.parametrize("day", [0, 8, 99])
def test_there_are_seven_days(alice: User, alices: Client, day: int):
    treatment = treatment_of(alice)
    assert alices.get(f"/journal/sessions/{treatment.ref}/day/{day}/").status_code == 404


def test_a_day_that_is_written_later_says_so(alice: User, alices: Client):
    treatment = treatment_of(alice, dt.date.today() - dt.timedelta(days=5))  # noqa: DTZ011
    for day, later in ((2, True), (7, False)):
        response = write(alices, f"/journal/sessions/{treatment.ref}/day/{day}/", text="A line.")
        assert ("written later" in text_of(alices.get(response.headers["Location"]))) == later


def test_what_was_saved_over_stays_and_can_be_brought_back(alice: User, alices: Client):
    entry = entry_of(alice, "First words.")
    write(alices, f"/journal/entries/{entry.ref}/change/", text="Second words.")
    write(alices, f"/journal/entries/{entry.ref}/change/", text="Third words.")
    assert [version.version for version in EntryVersion.objects.order_by("version")] == [1, 2]
    page = text_of(alices.get(f"/journal/entries/{entry.ref}/versions/"))
    assert "First words." in page
    assert "Second words." in page
    alices.post(f"/journal/entries/{entry.ref}/versions/1/")
    assert words_of(alice) == [{"v": 1, "text": "First words."}]
    assert "Third words." in text_of(alices.get(f"/journal/entries/{entry.ref}/versions/"))


def test_an_entry_is_kept_for_the_therapist_and_no_longer(alice: User, alices: Client):
    page = f"/journal/entries/{entry_of(alice).ref}/"
    assert '<button class="button" name="keep" value="yes">Keep for' in alices.get(page).content.decode()
    alices.post(f"{page}keep/", {"keep": "yes"})
    assert words_of(alice)[0]["keep"] is True
    assert "Kept for my therapist" in text_of(alices.get(page))
    assert '<button class="button" name="keep" value="no">No longer' in alices.get(page).content.decode()
    alices.post(f"{page}keep/", {"keep": "no"})
    assert "keep" not in words_of(alice)[0]


@pytest.mark.parametrize("keep", ["yes", "no"])
def test_a_double_press_on_keep_is_one_press(alice: User, alices: Client, keep: str):
    entry = entry_of(alice)
    if keep == "no":
        alices.post(f"/journal/entries/{entry.ref}/keep/", {"keep": "yes"})
    before = Entry.objects.get().version
    for _press in range(2):
        alices.post(f"/journal/entries/{entry.ref}/keep/", {"keep": keep})
    assert ("keep" in words_of(alice)[0]) == (keep == "yes")
    assert Entry.objects.get().version == before + 1


def test_above_each_box_stands_that_nobody_reads_along(alice: User, alices: Client):
    now = timezone.now()
    treatment = treatment_of(alice, now.date() - dt.timedelta(days=2))
    entry = entry_of(alice, written_at=now, saved_at=now)
    session = f"/journal/sessions/{treatment.ref}"
    paths = [NOTE, f"{session}/note/", f"{session}/intentions/", f"{session}/day/1/", f"{session}/change/"]
    for path in [*paths, "/journal/", "/journal/sessions/new/", f"/journal/entries/{entry.ref}/change/"]:
        html = alices.get(path).content.decode()
        line = html.index("No one reads this unless you share it, and no one will reply. Help now:")
        assert line < html.index("<textarea")
        assert 'href="tel:988"' in html[line : line + 300]


def test_the_newest_entries_come_first_and_older_ones_are_a_link_away(alice: User, alices: Client):
    for number in range(60):
        at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number // 2)
        entry_of(alice, f"number-{number:02}.", written_at=at, saved_at=at)
    seen: list[str] = []
    path = "/journal/entries/"
    for _page in range(3):
        response = alices.get(path)
        words = text_of(response)
        page = [number for number in range(60) if f"number-{number:02}." in words]
        seen += [str(number) for number in reversed(page)]
        last = Entry.objects.order_by("pk")[min(page)]
        path = f"/journal/entries/before/{last.ref}/"
        assert (path in response.content.decode()) == (min(page) > 0)
    assert seen == [str(number) for number in range(59, -1, -1)]


def test_the_form_that_is_opened_anew_has_a_token_of_its_own(alices: Client):
    assert open_form(alices, NOTE) != open_form(alices, NOTE)
