"""A download has everything that somebody wrote, in the form that is published, and nothing of anybody else."""

import datetime as dt
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from journal import export, sealed, steps, words
from journal.cards import Card
from journal.models import DataKey, Draft, Entry, Kind, Phase, Treatment
from ketcare.accounts.models import User
from tests.conftest import NOW
from tests.journal.conftest import LATER, REFLECTION, change, entry_of, treatment_of


def exported(owner: User) -> Any:
    return json.loads("".join(export.as_json(owner, sealed.to_read(owner), now=NOW)))


def check(found: Any) -> Any:
    """Assert that this is what the published schema says."""
    Draft202012Validator(json.loads(export.schema())).validate(found)
    return found


# What is in it -----------------------------------------------------------------------------------------------------


def test_a_whole_journal_is_as_the_schema_says(alice, whole):
    found = check(exported(alice))
    assert (found["format"], found["version"]) == ("ketcare-journal", 1)
    assert (found["exported_at"], found["time_zone"]) == ("2026-11-02T15:30:00.000000+00:00", "America/New_York")


def test_an_empty_journal_is_as_the_schema_says(alice):
    found = check(exported(alice))
    assert [found[name] for name in ("sessions", "entries", "unsaved")] == [[], [], []]
    assert not DataKey.objects.exists()


def test_every_entry_is_in_it_with_all_its_words(alice, whole):
    found = {entry["ref"]: entry for entry in exported(alice)["entries"]}
    assert found.keys() == {str(ref) for ref in Entry.objects.values_list("ref", flat=True)}
    day = found[str(whole["day"].ref)]
    assert day["words"] == REFLECTION
    assert (day["kind"], day["session"], day["day"]) == ("reflection", str(whole["session"].ref), 2)
    assert found[str(whole["intentions"].ref)]["words"]["intentions"] == ["Rest", "", "Be kind"]
    assert found[str(whole["answer"].ref)]["words"] == {"v": 1, "answer": "not-looking"}


def test_what_became_of_a_step_is_in_it(alice, whole):
    steps.settle(alice, sealed.to_write(alice), whole["day"], words.State.KEPT, now=LATER)
    found = {entry["ref"]: entry["words"] for entry in check(exported(alice))["entries"]}
    assert found[str(whole["day"].outcome_ref)] == {"v": 1, "state": "kept", "of": str(whole["day"].ref)}


def test_what_an_entry_said_before_is_in_it(alice, whole):
    change(whole["note"], {"v": 1, "text": "Third."})
    [note] = [entry for entry in exported(alice)["entries"] if entry["ref"] == str(whole["note"].ref)]
    assert (note["version"], note["words"]["text"]) == (3, "Third.")
    assert [(earlier["version"], earlier["words"]["text"]) for earlier in note["earlier"]] == [
        (1, "First."),
        (2, "Second."),
    ]


def test_what_lies_in_the_trash_is_in_it_and_marked(alice, whole):
    trashed = {entry["words"].get("text"): entry["trashed_at"] for entry in exported(alice)["entries"]}
    assert trashed["Thrown away."] == "2026-11-02T16:30:00.000000+00:00"
    assert trashed["Second."] is None


def test_sessions_are_in_it_with_their_notes(alice, whole):
    held, called_off = exported(alice)["sessions"]
    assert (held["date"], held["time"], held["time_zone"]) == ("2026-11-02", "10:30", "America/New_York")
    assert (held["phase"], held["number"], held["notes"]) == ("induction", 3, {"v": 1, "text": "In the morning."})
    assert called_off["called_off_at"] == "2026-11-02T15:30:00.000000+00:00"
    assert called_off["notes"] == {}


def test_unsaved_text_is_in_it(alice, whole):
    [unsaved] = exported(alice)["unsaved"]
    assert unsaved["fields"] == {"text": "Not saved.", "sleep": "Well"}
    assert (unsaved["kind"], unsaved["session"], unsaved["day"]) == ("reflection", str(whole["session"].ref), 4)


def test_nothing_of_somebody_else_is_in_it(alice, whole, bob):
    entry_of(bob, "Of Bob's.")
    treatment_of(bob)
    found = "".join(export.as_json(alice, sealed.to_read(alice), now=NOW))
    assert "Of Bob's." not in found
    assert len(json.loads(found)["sessions"]) == 2


def test_many_entries_come_in_the_order_of_writing(alice, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(export, "BATCH", 3)
    for number in (5, 3, 8, 1, 7, 2, 6, 4):
        entry_of(alice, str(number), written_at=NOW + dt.timedelta(minutes=number), saved_at=LATER)
    with django_assert_max_num_queries(13):
        found = exported(alice)["entries"]
    assert [entry["words"]["text"] for entry in found] == list("12345678")


@pytest.mark.parametrize("model", [Entry, Draft, Treatment])
def test_what_does_not_open_is_named_and_has_no_words(alice, whole, model):
    column = "notes" if model is Treatment else "body"
    model.objects.exclude(**{column: b""}).update(**{column: b"damaged"})
    found = check(exported(alice))
    if model is Entry:
        assert {json.dumps(entry["words"]) for entry in found["entries"]} == {"null"}
        assert len(found["entries"]) == 5
    elif model is Draft:
        assert [draft["fields"] for draft in found["unsaved"]] == [None]
    else:
        assert [session["notes"] for session in found["sessions"]] == [None, {}]


# The schema --------------------------------------------------------------------------------------------------------


def test_the_schema_is_one():
    Draft202012Validator.check_schema(json.loads(export.schema()))


def test_the_schema_names_every_word_that_an_entry_can_hold():
    """Whoever gives an entry a new name publishes it."""
    said = {name: name for name in (*words.TEXTS, *words.CHOSEN, "first", "when", "then")}
    names = words.words_from({**said, "keep": True}).keys()
    assert names <= json.loads(export.schema())["$defs"]["words"]["properties"].keys()


def test_the_schema_names_every_kind_and_choice():
    known = json.loads(export.schema())["$defs"]
    assert known["kind"]["enum"] == Kind.values
    assert known["session"]["properties"]["phase"]["enum"] == Phase.values
    chosen = {"mood": words.Mood, "answer": words.Answer, "shape": words.Shape, "state": words.State}
    for name, choices in chosen.items():
        assert known["words"]["properties"][name]["enum"] == choices.values
    assert known["words"]["properties"]["card"]["enum"] == [str(int(card)) for card in Card]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("entries", 0, "kind"), "poem"),
        (("entries", 0, "day"), 8),
        (("entries", 0, "words"), "text"),
        (("sessions", 0, "number"), "three"),
        (("version",), 2),
        (("diary",), []),
    ],
)
def test_the_schema_refuses_what_is_not_so(alice, whole, place, value):
    found = here = exported(alice)
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    assert not Draft202012Validator(json.loads(export.schema())).is_valid(found)
