"""What the database itself refuses, whatever the code above it does: one breach or more of every named constraint."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from articles import review
from articles.models import (
    Citation,
    Guide,
    GuideAddress,
    Rendering,
    Review,
    Reviewer,
    Revision,
    Source,
    SourceChanged,
)
from articles.models.review import Verdict
from ketcare.accounts.models import FactorReset, User, WebSession
from ketcare.site.models import Clinic, Destroyed, GlossaryTerm, Invitation, LineCheck, Outbox, Prompt
from tests.articles.plain_sql import insert, overwrite
from tests.conftest import NEXT_YEAR, NOW

TODAY = NOW.date()
APPS = ("articles", "accounts", "site")


@dataclass(frozen=True)
class Cast:
    """Rows that are all well, to do something bad with."""

    guide: Guide
    revision: Revision
    draft: Revision
    signature: Review
    revocation: Review
    dr_rao: Reviewer
    dr_lee: Reviewer
    ed: User
    trial: Source
    clinic: Clinic


@pytest.fixture
def cast(guide, submit, ed, dr_rao, dr_lee, trial) -> Cast:
    revision = submit(guide)
    signature = review.sign(revision, by=dr_rao, digest=revision.digest, now=NOW, next_due=NEXT_YEAR)
    revocation = review.revoke(signature, by=dr_lee, why="A dose was wrong.", now=NOW)
    draft = review.write(guide, title="Later", summary="", body="Rest.\n", also_known_as=[], sources=[], by=ed, now=NOW)
    clinic = Clinic.objects.create(pk=1, name="Harbor Clinic")
    return Cast(guide, revision, draft, signature, revocation, dr_rao, dr_lee, ed, trial, clinic)


Breach = Callable[[Cast], None]
BREACHES: list[tuple[str, str, Breach]] = []


def breach_of(constraint: str) -> Callable[[Breach], Breach]:
    """Marks a deed that the constraint of that name has to stop; the deed's own name says what it is."""

    def mark(deed: Breach) -> Breach:
        BREACHES.append((constraint, deed.__name__, deed))
        return deed

    return mark


def another_review(cast: Cast, **columns: Any) -> None:
    """A signature like the one that is there, with other columns."""
    fields = {field.attname: getattr(cast.signature, field.attname) for field in Review._meta.concrete_fields}
    insert(Review(**{**fields, "id": uuid.uuid4(), **columns}))


# Guides


@breach_of("a_guide_has_its_own_address")
def a_second_guide_at_an_address(cast):
    Guide.objects.create(section=cast.guide.section, slug=cast.guide.slug, changed_at=NOW)


@breach_of("a_guide_is_in_a_known_section")
def a_guide_in_a_section_of_its_own(cast):
    overwrite(cast.guide, section="elsewhere")


@breach_of("a_withdrawn_guide_says_why")
def a_guide_withdrawn_without_a_word(cast):
    overwrite(cast.guide, withdrawn_at=NOW)


# Revisions and their HTML


@breach_of("a_guide_numbers_its_revisions")
def two_revisions_of_one_number(cast):
    overwrite(cast.draft, number=cast.revision.number)


@breach_of("submitted_words_have_a_digest")
def submission_without_a_digest(cast):
    overwrite(cast.draft, submitted_at=NOW)


@breach_of("submitted_words_have_a_digest")
def a_draft_with_a_digest(cast):
    overwrite(cast.draft, digest="a" * 64)


@breach_of("an_urgent_change_has_a_reason")
def an_urgent_change_without_a_reason(cast):
    overwrite(cast.draft, change="urgent")


@breach_of("a_change_is_of_a_known_kind")
def a_change_of_a_kind_of_its_own(cast):
    overwrite(cast.draft, change="cosmetic")


@breach_of("a_pipeline_renders_a_revision_once")
def a_second_html_of_one_pipeline(cast):
    held = Rendering.objects.get(revision=cast.revision)
    Rendering.objects.bulk_create([Rendering(revision=cast.revision, pipeline=held.pipeline, html="", contents={})])


# Reviews and reviewers


@breach_of("a_review_has_a_known_verdict")
def a_verdict_of_its_own(cast):
    another_review(cast, verdict="liked")


@breach_of("a_signature_names_its_next_review")
def a_signature_without_a_next_review(cast):
    another_review(cast, next_due=None)


@breach_of("a_signature_names_its_next_review")
def a_signature_without_the_day_of_the_review(cast):
    another_review(cast, reviewed_on=None)


@breach_of("a_signature_names_its_next_review")
def a_next_review_on_the_day_of_the_last(cast):
    another_review(cast, reviewed_on=TODAY, next_due=TODAY)


@breach_of("a_revocation_names_what_it_revokes")
def a_revocation_of_nothing(cast):
    another_review(cast, verdict=Verdict.REVOKED, note="Wrong.")


@breach_of("a_revocation_names_what_it_revokes")
def a_signature_that_revokes(cast):
    another_review(cast, revokes_id=cast.signature.pk)


@breach_of("a_review_that_does_not_sign_says_why")
def an_urgent_row_without_a_reason(cast):
    another_review(cast, verdict=Verdict.URGENT, note="")


@breach_of("a_review_that_does_not_sign_says_why")
def a_revocation_without_a_reason(cast):
    overwrite(cast.revocation, note="")


@breach_of("a_review_that_does_not_sign_says_why")
def changes_asked_for_without_saying_which(cast):
    another_review(cast, verdict=Verdict.CHANGES, note="")


@breach_of("a_signature_names_its_next_review")
def a_correction_that_names_no_review(cast):
    another_review(cast, verdict=Verdict.EDITORIAL, next_due=None)


@breach_of("only_a_real_signature_is_of_a_sole_clinician")
def a_sample_of_a_sole_clinician(cast):
    another_review(cast, sample=True, solo=True)


@breach_of("only_a_real_signature_is_of_a_sole_clinician")
def an_urgent_row_of_a_sole_clinician(cast):
    another_review(cast, verdict=Verdict.URGENT, note="A warning.", solo=True)


@breach_of("nobody_signs_their_own_words")
def a_signature_under_ones_own_words(cast):
    another_review(cast, author_id=cast.dr_rao.user.ref)


@breach_of("a_real_review_is_by_somebody_with_an_account")
def a_real_signature_by_nobody(cast):
    another_review(cast, signed_by_id=None)


@breach_of("a_credential_expires_after_it_is_verified")
def a_credential_that_ends_on_the_day_it_is_verified(cast):
    overwrite(cast.dr_lee, expires_on=cast.dr_lee.verified_on)


@breach_of("a_sample_reviewer_has_no_account")
def a_sample_reviewer_who_can_sign_in(cast):
    overwrite(cast.dr_lee, sample=True)


# Sources


@breach_of("a_source_has_a_kind_of_evidence")
def a_source_of_no_kind(cast):
    overwrite(cast.trial, kind="rumor")


@breach_of("a_revision_lists_a_source_once")
def one_source_under_two_numbers(cast):
    Citation.objects.create(revision=cast.revision, source=cast.trial, number=2)


@breach_of("a_citation_number_is_used_once")
def two_sources_under_one_number(cast):
    other = Source.objects.create(key="label-2023", record={}, kind="label")
    Citation.objects.create(revision=cast.revision, source=other, number=1)


@breach_of("citations_count_from_one")
def a_citation_number_zero(cast):
    overwrite(Citation.objects.get(), number=0)


def mark(cast: Cast, **columns: Any) -> None:
    insert(
        SourceChanged(
            **{"guide": cast.guide, "source": cast.trial, "kind": "record", "reason": "x", "raised_at": NOW, **columns}
        )
    )


@breach_of("somebody_clears_a_changed_source")
def a_changed_source_that_nobody_cleared(cast):
    mark(cast, cleared_at=NOW, cleared_note="It stands.")


@breach_of("a_changed_source_is_cleared_with_a_signature_or_a_note")
def a_changed_source_that_was_cleared_without_a_word(cast):
    mark(cast, cleared_at=NOW, cleared_by=cast.ed)


@breach_of("a_source_changes_in_a_known_way")
def a_source_that_changed_somehow(cast):
    mark(cast, kind="somehow")


@breach_of("a_changed_record_marks_a_guide_once")
def two_marks_for_one_changed_record(cast):
    mark(cast)
    mark(cast)


@breach_of("an_old_address_is_that_of_a_guide")
def an_old_address_outside_the_guides(cast):
    GuideAddress.objects.create(path="/admin/", guide=cast.guide)


@breach_of("a_check_is_of_what_a_line_says")
def a_check_of_a_line_that_says_nothing(cast):
    LineCheck.objects.create(line="us-988", digest="", by=cast.ed, at=NOW)


@breach_of("a_prompt_has_a_heading")
def a_prompt_without_a_heading(cast):
    Prompt.objects.create(key="day-1", heading="")


@breach_of("a_data_key_or_an_account_is_destroyed")
def a_destruction_of_nothing(cast):
    insert(Destroyed(what="nothing", ref=uuid.uuid4(), at=NOW))


# Accounts and the clinic


@breach_of("an_address_is_in_lower_case")
def an_address_with_a_capital(cast):
    overwrite(cast.ed, email="Ed@example.org")


@breach_of("idle_time_is_5_to_60_minutes")
def an_idle_time_of_four_minutes(cast):
    overwrite(cast.ed, idle_minutes=4)


@breach_of("idle_time_is_5_to_60_minutes")
def an_idle_time_of_61_minutes(cast):
    overwrite(cast.ed, idle_minutes=61)


@breach_of("a_theme_is_a_known_one")
def a_theme_that_nobody_drew(cast):
    overwrite(cast.ed, theme="pink")


@breach_of("a_web_session_ends_after_it_starts")
def a_web_session_that_ends_as_it_starts(cast):
    insert(WebSession(key_hash="a" * 64, sealed=b"x", started_at=NOW, seen_at=NOW, expires_at=NOW))


def factor_reset(cast: Cast, stop_hash: str = "a" * 64, **columns: Any) -> None:
    insert(FactorReset(owner=cast.ed, asked_at=NOW, stop_hash=stop_hash, **columns))


@breach_of("nobody_asks_to_reset_their_own_factor")
def a_factor_reset_for_oneself(cast):
    factor_reset(cast, asked_by=cast.ed)


@breach_of("two_others_agree_to_a_factor_reset")
def a_factor_reset_that_one_asks_for_and_agrees_to(cast):
    factor_reset(cast, asked_by=cast.dr_rao.user, agreed_by=cast.dr_rao.user, due_at=NOW)


@breach_of("an_agreed_factor_reset_is_due")
def a_factor_reset_that_is_due_before_a_second_agrees(cast):
    factor_reset(cast, asked_by=cast.dr_rao.user, due_at=NOW)


@breach_of("only_an_agreed_factor_reset_is_done")
def a_factor_reset_that_is_done_before_a_second_agrees(cast):
    factor_reset(cast, asked_by=cast.dr_rao.user, done_at=NOW)


@breach_of("one_factor_reset_at_a_time")
def two_factor_resets_for_one_person(cast):
    factor_reset(cast, asked_by=cast.dr_rao.user)
    factor_reset(cast, "b" * 64, asked_by=cast.dr_lee.user)


def mail(**columns: Any) -> None:
    insert(Outbox(key="welcome", kind="welcome", due=NOW, next_try=NOW, **columns))


@breach_of("a_mail_is_sent_or_given_up")
def a_mail_that_was_sent_and_given_up(cast):
    mail(sent_at=NOW, given_up_at=NOW)


def invitation(**columns: Any) -> None:
    insert(Invitation(**{"token_hash": "a" * 64, "made_at": NOW, "expires_at": NOW + dt.timedelta(1), **columns}))


@breach_of("an_invitation_works_for_a_while")
def an_invitation_that_never_works(cast):
    invitation(expires_at=NOW)


@breach_of("a_used_invitation_is_not_taken_back")
def an_invitation_that_was_used_and_taken_back(cast):
    invitation(used_at=NOW, revoked_at=NOW)


@breach_of("roles_are_for_staff_alone")
def a_role_for_a_patient(cast):
    invitation(roles=["editor"])


@breach_of("there_is_one_clinic")
def a_second_clinic(cast):
    Clinic.objects.create(pk=2, name="Hill Clinic")


@breach_of("a_word_has_a_meaning")
def a_word_without_a_meaning(cast):
    GlossaryTerm.objects.create(key="torpor", term="Torpor", meaning="")


@breach_of("a_booking_link_is_https")
def a_booking_link_in_the_clear(cast):
    overwrite(cast.clinic, booking_url="http://clinic.example/book")


@breach_of("a_booking_link_is_https")
def a_booking_link_that_runs_a_script(cast):
    overwrite(cast.clinic, booking_url="javascript:alert(1)")


def constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    return {
        constraint.name: (model, constraint)
        for label in APPS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }


def complaint(name: str) -> str:
    """What the database says of that constraint. SQLite names the columns of a unique one instead."""
    model, constraint = constraints()[name]
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = [
            field.column for own in constraint.fields for field in model._meta.concrete_fields if field.name == own
        ]
        return re.escape(", ".join(f"{model._meta.db_table}.{column}" for column in columns))
    return rf"\b{name}\b"


@pytest.mark.parametrize(
    ("constraint", "deed"),
    [pytest.param(constraint, deed, id=f"{constraint}-{what}") for constraint, what, deed in BREACHES],
)
def test_the_database_refuses(cast, constraint, deed):
    with pytest.raises(IntegrityError, match=complaint(constraint)), transaction.atomic():
        deed(cast)


def test_every_constraint_has_such_a_test():
    assert {constraint for constraint, _, _ in BREACHES} == set(constraints())


@pytest.mark.django_db
def test_every_constraint_of_the_models_is_in_the_database():
    with connection.cursor() as cursor:
        for name, (model, _constraint) in constraints().items():
            assert name in connection.introspection.get_constraints(cursor, model._meta.db_table)


def test_a_constraint_is_named_as_a_sentence():
    assert [name for name in constraints() if not re.fullmatch(r"[a-z]+(_[a-z0-9]+){2,}", name)] == []


# What looks like a breach and is none


def test_a_revocation_may_come_from_who_wrote_the_words(cast):
    another_review(
        cast,
        verdict=Verdict.REVOKED,
        note="I was wrong.",
        revokes_id=cast.signature.pk,
        author_id=cast.dr_rao.user.ref,
    )


def test_a_sole_clinician_may_sign_their_own_words(cast):
    another_review(cast, author_id=cast.dr_rao.user.ref, solo=True)


def test_a_changed_source_may_mark_a_guide_again_once_it_was_cleared(cast):
    mark(cast, cleared_at=NOW, cleared_by=cast.ed, cleared_note="It stands.")
    mark(cast)


def test_an_urgent_change_may_come_from_who_wrote_it(cast):
    another_review(cast, verdict=Verdict.URGENT, note="A warning.", author_id=cast.dr_rao.user.ref)


def test_words_that_nobody_here_wrote_may_be_signed(cast):
    another_review(cast, author_id=None)


def test_a_sample_signature_needs_no_account(cast):
    another_review(cast, sample=True, signed_by_id=None, author_id=None)


def test_the_same_address_may_be_used_in_another_language(cast):
    Guide.objects.create(language="es", section=cast.guide.section, slug=cast.guide.slug, changed_at=NOW)


def test_a_clinic_needs_no_booking_link(cast):
    overwrite(cast.clinic, booking_url="")


def test_a_next_review_may_follow_on_the_next_day(cast):
    another_review(cast, reviewed_on=TODAY, next_due=TODAY + dt.timedelta(days=1))
