"""What the database itself refuses of a journal: one breach or more of every named constraint."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from journal.models import DataKey, Draft, Entry, EntryVersion, Kind, Reminder, Treatment
from ketcare.accounts.models import User
from tests.articles.plain_sql import insert, overwrite
from tests.conftest import NOW
from tests.journal.conftest import entry_of, treatment_of


@dataclass(frozen=True)
class Rows:
    """Alice's, all well, to do something bad with."""

    alice: User
    treatment: Treatment
    intentions: Entry
    day: Entry
    note: Entry
    version: EntryVersion
    draft: Draft


@pytest.fixture
def rows(alice: User) -> Rows:
    treatment = treatment_of(alice)
    note = entry_of(alice)
    return Rows(
        alice,
        treatment,
        entry_of(alice, treatment=treatment, kind=Kind.INTENTION),
        entry_of(alice, treatment=treatment, kind=Kind.REFLECTION, day=3),
        note,
        EntryVersion.objects.create(entry=note, version=1, body=b"", at=NOW),
        Draft.objects.create(owner=alice, ref=uuid.uuid4(), form=uuid.uuid4(), body=b"", at=NOW),
    )


Breach = Callable[[Rows], None]
BREACHES: list[tuple[str, str, Breach]] = []


def breach_of(constraint: str) -> Callable[[Breach], Breach]:
    """Marks a deed that the constraint of that name has to stop; the deed's own name says what it is."""

    def mark(deed: Breach) -> Breach:
        BREACHES.append((constraint, deed.__name__, deed))
        return deed

    return mark


def another(row: models.Model, **columns: Any) -> None:
    """A row like that one, with other columns."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    insert(type(row)(**{**fields, "id": None, **columns}))


@breach_of("a_data_key_names_its_master_key")
def a_data_key_of_no_master_key(rows):
    overwrite(DataKey.objects.get(), master_key_id="")


@breach_of("a_treatment_has_a_ref_of_its_own")
def two_treatments_by_one_name(rows):
    another(rows.treatment)


@breach_of("a_treatment_is_in_a_known_phase")
def a_phase_of_its_own(rows):
    overwrite(rows.treatment, phase="elsewhere")


@breach_of("a_session_number_is_from_1_to_999")
def session_number_none(rows):
    overwrite(rows.treatment, number=0)


@breach_of("a_session_number_is_from_1_to_999")
def session_number_a_thousand(rows):
    overwrite(rows.treatment, number=1000)


@breach_of("a_treatment_has_a_time_zone")
def a_treatment_nowhere(rows):
    overwrite(rows.treatment, zone="")


@breach_of("versions_of_a_treatment_start_at_1")
def a_treatment_before_its_first_version(rows):
    overwrite(rows.treatment, version=0)


@breach_of("an_entry_has_a_ref_of_its_own")
def two_entries_by_one_name(rows):
    another(rows.note)


@breach_of("a_day_after_a_session_has_one_reflection")
def two_reflections_of_a_day(rows):
    another(rows.day, ref=uuid.uuid4())


@breach_of("a_session_has_one_set_of_intentions")
def two_sets_of_intentions(rows):
    another(rows.intentions, ref=uuid.uuid4())


@breach_of("a_person_has_one_safety_plan")
def two_safety_plans(rows):
    for _plan in range(2):
        entry_of(rows.alice, kind=Kind.PLAN)


@breach_of("a_reminder_has_an_hour_of_day")
def a_reminder_after_midnight(rows):
    Reminder.objects.create(owner=rows.alice, hour=24, asked_at=NOW)


@breach_of("an_entry_is_of_a_known_kind")
def an_entry_of_its_own_kind(rows):
    overwrite(rows.note, kind="elsewhere")


@breach_of("a_day_is_from_0_to_7")
def an_eighth_day(rows):
    overwrite(rows.day, day=8)


@breach_of("a_reflection_is_of_a_day_after")
def a_reflection_on_the_day_itself(rows):
    overwrite(rows.day, day=0)


@breach_of("versions_of_an_entry_start_at_1")
def an_entry_before_its_first_version(rows):
    overwrite(rows.note, version=0)


@breach_of("an_entry_is_not_saved_before_it_is_written")
def an_entry_saved_before_it_was_written(rows):
    overwrite(rows.note, saved_at=NOW - dt.timedelta(seconds=1))


@breach_of("a_version_of_an_entry_is_kept_once")
def one_version_kept_twice(rows):
    another(rows.version)


@breach_of("a_form_has_one_draft")
def two_drafts_of_one_form(rows):
    another(rows.draft)


def constraints() -> dict[str, type[models.Model]]:
    found = apps.get_app_config("journal").get_models()
    return {constraint.name: model for model in found for constraint in model._meta.constraints}


def columns_of(constraint: str) -> str:
    """What SQLite says of a unique constraint that has no condition: its columns instead of its name."""
    model = constraints()[constraint]
    [found] = [one for one in model._meta.constraints if one.name == constraint]
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return ", ".join(f"{model._meta.db_table}.{columns[name]}" for name in getattr(found, "fields", ()))


@pytest.mark.parametrize(("constraint", "deed"), [pytest.param(c, deed, id=name) for c, name, deed in BREACHES])
def test_the_database_refuses(rows: Rows, constraint: str, deed: Breach):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        deed(rows)
    told = str(refused.value)
    assert constraint in told or (columns_of(constraint) and columns_of(constraint) in told), told


def test_every_constraint_has_such_a_test():
    assert {constraint for constraint, _, _ in BREACHES} == set(constraints())


@pytest.mark.django_db
def test_every_constraint_of_the_models_is_in_the_database():
    with connection.cursor() as cursor:
        for name, model in constraints().items():
            assert name in connection.introspection.get_constraints(cursor, model._meta.db_table)


def test_a_constraint_is_named_as_a_sentence():
    assert [name for name in constraints() if not re.fullmatch(r"[a-z]+(_[a-z0-9]+){2,}", name)] == []


# What looks like a breach and is none


def test_a_day_may_be_written_anew_while_the_first_lies_in_the_trash(rows: Rows):
    overwrite(rows.day, trashed_at=NOW)
    another(rows.day, ref=uuid.uuid4())


def test_two_people_may_have_rows_by_one_name(rows: Rows, bob: User):
    another(rows.note, owner_id=bob.pk)
    another(rows.treatment, owner_id=bob.pk)


def test_days_without_a_session_do_not_get_in_each_other_s_way(rows: Rows):
    overwrite(rows.day, treatment_id=None)
    another(rows.day, ref=uuid.uuid4(), treatment_id=None)
