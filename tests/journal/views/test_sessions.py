"""Sessions: added before or after, counted, moved and called off, with all that was written about them."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from journal import sealed
from journal.models import Entry, Kind, Phase, Treatment
from ketcare.accounts.models import User
from tests.journal.conftest import TODAY, entry_of, treatment_of
from tests.journal.pages import open_form, text_of, write

pytestmark = pytest.mark.django_db
NEW = "/journal/sessions/new/"
DAY = dt.timedelta(days=1)


def test_a_first_session_is_number_one_of_the_first_weeks(alice: User, alices: Client):
    response = write(alices, NEW, date="2026-11-20", time="14:30", notes="Bring a blanket.")
    treatment = Treatment.objects.get()
    assert (treatment.owner, treatment.date, treatment.time) == (alice, dt.date(2026, 11, 20), dt.time(14, 30))
    assert (treatment.zone, treatment.phase, treatment.number) == ("America/New_York", Phase.INDUCTION, None)
    assert sealed.to_read(alice).notes_of(treatment) == {"v": 1, "text": "Bring a blanket."}
    page = text_of(alices.get(response.headers["Location"]))
    for words in ("Session 1", "Friday, November 20, 2026, 14:30", "The first weeks", "Bring a blanket."):
        assert words in page


def test_whoever_had_sessions_before_says_which_was_the_last(alices: Client):
    response = write(alices, NEW, date="2026-11-20", had_before="6")
    assert Treatment.objects.get().number == 7
    assert "Session 7 Friday, November 20, 2026 · Keeping it going" in text_of(alices.get(response.headers["Location"]))
    assert "already had sessions" not in text_of(alices.get(NEW))
    response = write(alices, NEW, date="2026-12-20")
    assert "Session 8" in text_of(alices.get(response.headers["Location"]))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"date": ""}, "Please say on which date the session is or was."),
        ({"date": "soon"}, "Write the date as year, month and day, such as 2026-11-02."),
        ({"date": "2206-11-02"}, "Please look at the year again."),
        ({"date": "2026-11-20", "time": "noon"}, "Write the time as hours and minutes, such as 14:30."),
        ({"date": "2026-11-20", "had_before": "many"}, "Write the number with digits, or leave it out."),
        ({"date": "2026-11-20", "notes": "a\0b"}, "There is a character in it (NUL) that cannot be kept."),
    ],
)
def test_what_does_not_fit_is_said(alices: Client, fields: dict[str, str], problem: str):
    response = write(alices, NEW, **fields)
    assert response.status_code == 400
    assert problem in text_of(response)
    assert not Treatment.objects.exists()


def test_sent_twice_it_is_added_once(alices: Client):
    fields = {"token": open_form(alices, NEW), "date": "2026-11-20", "notes": "Once."}
    assert {alices.post(NEW, fields).status_code for _time in range(3)} == {302}
    assert Treatment.objects.get().version == 1


def test_moved_it_keeps_what_was_written(alice: User, alices: Client):
    treatment = treatment_of(alice)
    entry_of(alice, "About that day.", treatment=treatment)
    write(alices, f"/journal/sessions/{treatment.ref}/change/", date="2026-11-09", number="3", notes="Moved.")
    treatment.refresh_from_db()
    assert (treatment.date, treatment.number, treatment.version) == (dt.date(2026, 11, 9), 3, 2)
    page = text_of(alices.get(f"/journal/sessions/{treatment.ref}/"))
    for words in ("Session 3", "November 9, 2026", "Moved.", "About that day."):
        assert words in page


def test_called_off_it_keeps_what_was_written_and_may_take_place_after_all(alice: User, alices: Client):
    first, second = treatment_of(alice), treatment_of(alice, TODAY + 3 * DAY)
    entry_of(alice, "What I go in with.", treatment=first, kind=Kind.INTENTION)
    alices.post(f"/journal/sessions/{first.ref}/call-off/")
    page = text_of(alices.get(f"/journal/sessions/{first.ref}/"))
    assert "A session that was called off" in page
    assert "What I go in with." in page
    assert "Session 1" in text_of(alices.get(f"/journal/sessions/{second.ref}/"))
    alices.post(f"/journal/sessions/{first.ref}/takes-place/")
    assert "Session 2" in text_of(alices.get(f"/journal/sessions/{second.ref}/"))


def test_the_page_of_a_session_shows_before_notes_and_days(alice: User, alices: Client):
    treatment = treatment_of(alice, timezone.localdate() - 4 * DAY)
    entry_of(alice, "A hallway.", treatment=treatment)
    entry_of(alice, "Slow.", treatment=treatment, kind=Kind.REFLECTION, day=2)
    entry_of(alice, "Of no session.")
    page = text_of(alices.get(f"/journal/sessions/{treatment.ref}/"))
    assert page.index("A hallway.") < page.index("Slow.")
    assert "Of no session." not in page
    assert "A day can be written later, too: day 1, day 3" in page


def test_notes_that_do_not_open_say_so(alice: User, alices: Client):
    treatment = treatment_of(alice, notes=b"plain words")
    response = alices.get(f"/journal/sessions/{treatment.ref}/")
    assert "The notes on this session cannot be opened." in text_of(response)
    assert "plain words" not in response.content.decode()


def test_entries_stay_where_a_session_goes(alice: User):
    entry = entry_of(alice, treatment=treatment_of(alice))
    Treatment.objects.all().delete()
    assert Entry.objects.get().treatment is None
    assert sealed.to_read(alice).words_of(entry)["text"] == "Rest first."
