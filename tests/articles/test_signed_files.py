"""Real signatures in guide files: out, in again under the same keys, and nowhere else."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
import time_machine

from articles import content, importing, review, shelf
from articles.models import Citation, Guide, GuideAddress, Rendering, Review, Reviewer, Revision, Source, SourceChanged
from articles.models.guide import State
from articles.models.revision import Change
from articles.source import BadFile
from ketcare.accounts.models import User
from ketcare.keys import Ring, make_key
from ketcare.site.models import Clinic
from tests.articles.folder import ContentFolder
from tests.articles.plain_sql import remove
from tests.articles.states import sign, state_of
from tests.commands import run
from tests.conftest import NEXT_YEAR, NOW, body_with

pytestmark = pytest.mark.django_db

FILE = "guides/en/integration/rest-first.md"
LATER = NOW + dt.timedelta(days=3)
PROVED = "signed by Asha Rao on 2026-11-02, as this site's keys prove"


@pytest.fixture
def out(tmp_path) -> Path:
    return Path(tmp_path) / "out"


def export(out: Path) -> dict[str, bytes]:
    shutil.rmtree(out, ignore_errors=True)
    with time_machine.travel(LATER, tick=False):
        run("export_guides", out)
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def take_in(root: Path, now: dt.datetime = LATER) -> dict[str, str]:
    found = {}
    for result in importing.take_in(content.read(root, now.date()), now=now):
        if isinstance(result, BadFile):
            found[str(result.path).removeprefix(f"{root}/")] = f"refused: {result.reason}"
        else:
            found[result.what] = result.outcome
    return found


def lose_the_guides() -> None:
    """As in a new database under the same keys, into which accounts and reviewers came back."""
    for model in (SourceChanged, GuideAddress, Citation, Rendering):
        model.objects.all().delete()
    for guide in Guide.objects.all():
        guide.live = None
        guide.save()
    for row in Review.objects.order_by("-at", "-verdict"):
        remove(row)
    for words in Revision.objects.all():
        remove(words)
    Guide.objects.all().delete()
    Source.objects.all().delete()
    shelf.clear()


def only() -> Guide:
    [guide] = Guide.objects.all().with_words()
    return guide


# There and back ---------------------------------------------------------------------------------------------------


def test_a_real_signature_comes_back_under_the_same_keys(signed, out):
    before = Review.objects.get()
    export(out)
    lose_the_guides()
    assert take_in(out)[FILE] == PROVED
    state = only().public_state(NOW)
    assert state.kind == State.REVIEWED
    after = Review.objects.get()
    columns = [field.attname for field in Review._meta.concrete_fields]
    assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]
    assert only().words.author == before.revision.author


def test_what_came_back_comes_out_byte_for_byte(signed, out):
    first = export(out)
    lose_the_guides()
    take_in(out)
    assert export(out) == first
    assert b"[signature]" in first[FILE]


def test_where_nothing_changed_an_export_comes_in_without_a_deed(signed, out):
    export(out)
    assert take_in(out)[FILE] == "unchanged"
    assert Review.objects.count() == 1


def test_a_correction_and_a_sole_clinicians_signature_come_back_too(guide, submit, dr_rao, out):
    Clinic.objects.create(pk=1, solo=True)
    words = submit(guide, by=dr_rao.user)
    sign(words, dr_rao, now=NOW + dt.timedelta(days=1), statement="I read it.", checklist=["Doses", "Red flags"])
    fixed = submit(guide, "Take it slowly!", by=dr_rao.user, change=Change.EDITORIAL)
    review.sign_correction(fixed, by=dr_rao, digest=fixed.digest, now=NOW + dt.timedelta(days=2))
    first = export(out)
    lose_the_guides()
    take_in(out)
    row = Review.objects.get()
    assert (row.verdict, row.solo, row.reviewed_on) == ("editorial", True, (NOW + dt.timedelta(days=1)).date())
    assert export(out) == first


def test_words_keep_their_sources_as_they_were_signed(signed, trial, out):
    trial.record["title"] = "A trial, corrected"
    trial.save()
    first = export(out)
    assert b"[as_signed.trial-2020]" in first[FILE]
    digest = signed.live.digest
    lose_the_guides()
    assert take_in(out)[FILE] == PROVED
    assert only().words.digest == digest
    assert Source.objects.get().record["title"] == "A trial, corrected"
    assert export(out) == first


def test_a_sample_guide_has_no_signature_in_its_file(sample, out):
    assert b"[signature]" not in export(out)[FILE]


# Elsewhere --------------------------------------------------------------------------------------------------------


def test_under_other_keys_the_words_come_in_with_the_same_digest_and_unsigned(signed, out, settings):
    export(out)
    digest = signed.live.digest
    lose_the_guides()
    settings.KETCARE_KEYS = Ring.parse(make_key("other"))
    why = "its signature was not made by this site's keys"
    assert take_in(out)[FILE] == f"submitted, waits for a signature: {why}"
    assert Revision.objects.get().digest == digest
    assert not Review.objects.exists()
    assert only().public_state(NOW).kind == State.UNPUBLISHED


def test_without_the_account_that_wrote_it_the_words_come_in_unsigned_and_say_why(signed, ed, out):
    export(out)
    lose_the_guides()
    ed.delete()
    why = "an account that wrote or signed it is not here"
    assert take_in(out)[FILE] == f"submitted, waits for a signature: {why}"
    assert not Review.objects.exists()


def test_without_the_account_of_the_reviewer_too(signed, dr_rao, out):
    export(out)
    lose_the_guides()
    other = User.objects.create_user("other@example.org", is_staff=True)
    Reviewer.objects.filter(pk=dr_rao.pk).update(user=other)
    why = "the account that signed it is not that of asha-rao here"
    assert take_in(out)[FILE] == f"submitted, waits for a signature: {why}"


def test_once_the_account_is_back_the_same_file_brings_the_signature(signed, dr_rao, out):
    export(out)
    lose_the_guides()
    other = User.objects.create_user("other@example.org", is_staff=True)
    mine = dr_rao.user
    Reviewer.objects.filter(pk=dr_rao.pk).update(user=other)
    take_in(out)
    Reviewer.objects.filter(pk=dr_rao.pk).update(user=mine)
    # Somebody wrote them, so to a file they are edited here; their own signature still fits them.
    assert take_in(out)[FILE] == PROVED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Asha Rao"', 'name = "Min Lee"'),
        ("next_review = 2027-11-02", "next_review = 2037-11-02"),
        ("solo = false", "solo = true"),
        ('reviewer = "asha-rao"', 'reviewer = "min-lee"'),
        ("form = 2", "form = 1"),
        ("checklist = []", 'checklist = ["Doses"]'),
    ],
)
def test_a_signature_with_a_changed_column_is_none(signed, dr_lee, out, old, new):
    export(out)
    lose_the_guides()
    path = out / FILE
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    assert take_in(out)[FILE].startswith("submitted, waits for a signature: its signature was not made by")
    assert not Review.objects.exists()


def test_changed_words_are_refused_with_their_file(signed, out):
    export(out)
    lose_the_guides()
    path = out / FILE
    path.write_text(path.read_text().replace("Take it slowly.", "Take more."))
    assert take_in(out)[FILE].startswith("refused: reviewed_digest is not that of these words")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("solo = false\n", "", "signature has no field solo"),
        ("solo = false", "solo = 1", "signature has a solo of the wrong kind"),
        ("form = 2", 'form = "2"', "signature has a form of the wrong kind"),
        ("checklist = []", "checklist = [1]", "signature has a checklist of the wrong kind"),
        ("+00:00", "", "signature has a time without its zone"),
        ("[signature]", "[signature]\nweight = 3", "signature has no field weight"),
    ],
)
def test_a_signature_that_is_none_by_its_form_is_refused_with_its_line(signed, out, old, new, reason):
    export(out)
    path = out / FILE
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    outcome = take_in(out)[FILE]
    assert outcome.startswith(f"refused: {reason}")


def test_a_record_that_was_signed_is_checked_like_one_of_the_sources(signed, trial, out):
    trial.record["title"] = "A trial, corrected"
    trial.save()
    export(out)
    path = out / FILE
    path.write_text(path.read_text().replace("[as_signed.trial-2020]", "[as_signed.nobody-1999]"))
    assert take_in(out)[FILE] == "refused: [as_signed.nobody-1999] is not among the sources"


# What was done here -----------------------------------------------------------------------------------------------


def test_a_signature_that_was_taken_back_does_not_come_back(signed, dr_lee, out):
    export(out)
    review.revoke(Review.objects.get(), by=dr_lee, why="It leaves out a warning.", now=NOW)
    assert take_in(out)[FILE] == "unchanged"
    assert state_of(signed).kind == State.CHECKING


def test_newer_words_here_stay(signed, submit, dr_rao, out):
    export(out)
    sign(submit(signed, "Newer words."), dr_rao)
    assert take_in(out)[FILE] == "newer words here, left as they are"
    assert only().words.number == 2


def test_a_withdrawn_guide_stays_withdrawn(signed, out):
    export(out)
    review.withdraw(signed, why="It was wrong.", now=NOW)
    assert take_in(out)[FILE] == "withdrawn here, stays withdrawn"


def test_a_guide_that_moved_is_not_made_again_at_its_old_address(folder: ContentFolder, ed):
    folder.add()
    take_in(folder.root)
    review.move(only(), section="safety", slug="rest-now", by=ed)
    assert take_in(folder.root)[FILE] == "unchanged"
    folder.add(body=body_with("Other words."))
    assert take_in(folder.root)[FILE] == "moved here to /guides/safety/rest-now/, left as it is"
    assert Guide.objects.count() == Revision.objects.count() == 1


@pytest.fixture
def hidden(folder: ContentFolder, dr_rao) -> ContentFolder:
    """A folder with one sample, which Dr Rao hid."""
    folder.add()
    take_in(folder.root)
    review.hide_sample(only(), by=dr_rao.user, now=NOW)
    return folder


def test_a_hidden_sample_stays_hidden(hidden):
    assert take_in(hidden.root)[FILE] == "hidden here, stays hidden"
    assert only().public_state(NOW).kind == State.UNPUBLISHED


def test_a_hidden_sample_stays_hidden_with_new_words_and_new_dates(hidden):
    hidden.add(body=body_with("Other words."))
    assert take_in(hidden.root)[FILE] == "submitted; the sample stays hidden"
    hidden.add(body=body_with("Other words."), last_reviewed=dt.date(2026, 11, 1))
    assert take_in(hidden.root)[FILE] == "hidden here, stays hidden"
    hidden.add()
    assert take_in(hidden.root)[FILE] == "submitted; the sample stays hidden"
    assert only().public_state(NOW).kind == State.UNPUBLISHED


def test_a_hidden_sample_that_a_clinician_signs_is_public(hidden, dr_rao):
    sign(only().revisions.get(), dr_rao, next_due=NEXT_YEAR)
    assert take_in(hidden.root)[FILE] == "unchanged"
    assert only().public_state(NOW).kind == State.REVIEWED


# Sources ----------------------------------------------------------------------------------------------------------


def test_a_source_whose_file_changed_marks_what_somebody_here_signed(folder: ContentFolder, dr_rao):
    folder.add("rest-first")
    folder.add("eat-first")
    take_in(folder.root)
    words = Guide.objects.get(slug="rest-first").words
    sign(words, dr_rao)
    sources = (folder.root / "sources.toml").read_text()
    folder.write("sources.toml", sources.replace("2026-10-01", "2026-10-30"))
    take_in(folder.root)
    mark = SourceChanged.objects.get()
    assert (mark.guide.slug, mark.raised_by) == ("rest-first", None)
    assert mark.reason == "Its record was changed: checked_on."
