"""Content files into the database: what is taken in, what is left alone, and who signs."""

import datetime as dt
import subprocess
import sys

import pytest
import time_machine
import tomli_w
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from articles import importing, review
from articles.models import Guide, Rendering, Review, Reviewer, Revision, Source
from articles.models.guide import State
from articles.rendering import PIPELINE
from articles.source import BadFile
from tests.articles.folder import BAD_FILES, CHECKED, REVIEWERS, SOURCES, parsed, profile
from tests.articles.plain_sql import overwrite
from tests.commands import run
from tests.conftest import NOW, body_with

pytestmark = pytest.mark.django_db

FILE = "guides/en/integration/rest-first.md"
SIGNED = "signed by the sample reviewer"
LEFT = "edited here, left as it is"
LATER = NOW + dt.timedelta(days=30)


def take_in(folder, now=NOW) -> dict[str, str]:
    """What became of each thing, by name; a refusal is its reason, by the path in the folder."""
    outcomes = {}
    for result in importing.take_in(folder.read(now.date()), now=now):
        if isinstance(result, BadFile):
            outcomes[str(result.path).removeprefix(f"{folder.root}/")] = f"refused: {result.reason}"
        else:
            outcomes[result.what] = result.outcome
    return outcomes


def only_guide() -> Guide:
    [guide] = Guide.objects.all().with_words()
    return guide


def rows() -> dict[str, list[dict[str, object]]]:
    """Everything that the articles app keeps."""
    return {
        model.__name__: list(models.QuerySet(model).order_by("pk").values())
        for model in apps.get_app_config("articles").get_models()
    }


def test_a_sample_guide_comes_in_signed_and_live(folder):
    path = folder.add()
    assert take_in(folder) == {FILE: SIGNED}
    guide = only_guide()
    assert (guide.language, guide.section, guide.slug) == ("en", "integration", "rest-first")
    assert guide.public_state(NOW).kind == State.SAMPLE
    assert guide.words.author is None
    assert guide.words.digest == parsed(path).reviewed_digest
    assert guide.words.body == parsed(path).body
    assert guide.words.also_known_as == ["After a session"]
    assert guide.words.submitted_at == NOW


def test_the_sample_signature_has_the_dates_of_the_file_and_says_what_it_is(folder):
    folder.add()
    take_in(folder)
    signature = Review.objects.get()
    assert (signature.reviewed_on, signature.next_due, signature.at) == (CHECKED, dt.date(2027, 10, 20), NOW)
    assert (signature.name, signature.credential, signature.sample) == ("Morgan Example", "MD", True)
    assert signature.statement == "Sample signature: no clinician has checked this text."
    assert signature.signed_by is None


def test_sources_and_reviewers_come_in_with_every_field(folder):
    take_in(folder)
    [source] = Source.objects.all()
    assert source.snapshot() == {
        "key": "trial-2020",
        "kind": "trial",
        "record": {"authors": "Doe J et al.", "title": "A trial", "year": 2020, "pmid": "1234567"},
        "checked_on": "2026-10-01",
        "retracted_on": None,
    }
    stored = Reviewer.objects.in_bulk(field_name="slug")
    assert {slug: {name: getattr(stored[slug], name) for name in REVIEWERS[slug]} for slug in stored} == REVIEWERS
    assert all(reviewer.user is None for reviewer in stored.values())


def test_a_second_import_writes_nothing(folder):
    folder.add("rest-first")
    folder.add("eat-first", reviewer="asha-rao")
    take_in(folder)
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        outcomes = take_in(folder, LATER)
    assert set(outcomes.values()) == {"unchanged"}
    assert rows() == before
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []


def test_a_file_with_windows_line_ends_says_the_same(folder):
    path = folder.add()
    take_in(folder)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert take_in(folder) == {FILE: "unchanged"}


# Who signs --------------------------------------------------------------------------------------------------------


def test_a_file_by_a_real_reviewer_comes_in_submitted_and_unsigned(folder, dr_rao):
    folder.add(reviewer="asha-rao")
    assert take_in(folder)[FILE] == "submitted, waits for a signature"
    guide = only_guide()
    assert guide.public_state(NOW).kind == State.UNPUBLISHED
    assert Review.objects.count() == 0
    assert Revision.objects.get().submitted_at == NOW


def test_a_file_cannot_make_a_sample_of_a_reviewer_who_is_real_here(folder, dr_rao):
    folder.write("reviewers.toml", tomli_w.dumps({"asha-rao": profile("Asha Rao", sample=True)}))
    folder.add(reviewer="asha-rao")
    outcomes = take_in(folder)
    assert outcomes == {"reviewer asha-rao": LEFT, FILE: "submitted, waits for a signature"}
    dr_rao.refresh_from_db()
    assert not dr_rao.sample
    assert Review.objects.count() == 0


def test_a_sample_whose_credential_is_out_of_date_here_does_not_sign(folder):
    folder.add("rest-first")
    take_in(folder)
    Reviewer.objects.filter(slug="morgan-example").update(expires_on=CHECKED - dt.timedelta(1))
    # To the file, Morgan is no sample: so what is here does not follow it.
    folder.write("reviewers.toml", tomli_w.dumps({"morgan-example": profile("Morgan Example")}))
    folder.add("eat-first")
    outcomes = take_in(folder)
    assert outcomes["guides/en/integration/eat-first.md"].startswith("refused: The credential of Morgan Example is out")
    assert outcomes[FILE] == "unchanged"


# What was edited here ---------------------------------------------------------------------------------------------


def changed(folder) -> None:
    folder.add(body=body_with("Take it slowly, and drink water."))


def test_words_that_somebody_here_wrote_are_never_overwritten(folder, submit):
    folder.add()
    take_in(folder)
    guide = only_guide()
    submit(guide, "Ed's words.")
    changed(folder)
    before = rows()
    assert take_in(folder)[FILE] == LEFT
    assert rows() == before
    assert only_guide().live_id == guide.live_id


def test_a_draft_is_enough_of_an_edit(folder, ed):
    folder.add()
    take_in(folder)
    review.write(
        only_guide(), title="A", summary="B", body="C", also_known_as=[], sources=["trial-2020"], by=ed, now=NOW
    )
    changed(folder)
    assert take_in(folder)[FILE] == LEFT


def test_words_that_a_real_person_signed_are_never_overwritten(folder, dr_rao):
    folder.add()
    take_in(folder)
    words = only_guide().words
    review.sign(words, by=dr_rao, digest=words.digest, now=NOW, next_due=NOW.date() + dt.timedelta(365))
    changed(folder)
    before = rows()
    assert take_in(folder)[FILE] == LEFT
    assert rows() == before
    assert only_guide().public_state(NOW).kind == State.REVIEWED


def test_a_signature_that_a_real_person_took_back_is_not_made_again(folder, dr_rao):
    folder.add()
    take_in(folder)
    review.revoke(Review.objects.get(), by=dr_rao, why="It leaves out a warning.", now=NOW)
    assert take_in(folder)[FILE] == "unchanged"
    changed(folder)
    assert take_in(folder)[FILE] == LEFT
    assert only_guide().public_state(NOW).kind == State.CHECKING


def test_a_guide_that_began_here_is_not_taken_over_by_a_file_of_its_name(folder, signed, trial):
    changed(folder)
    before = rows()["Revision"]
    assert take_in(folder)[FILE] == LEFT
    assert rows()["Revision"] == before


def test_a_withdrawn_guide_stays_withdrawn(folder):
    folder.add()
    take_in(folder)
    review.withdraw(only_guide(), why="It was wrong.", now=NOW)
    changed(folder)
    assert take_in(folder)[FILE] == "submitted; the guide stays withdrawn"
    assert take_in(folder)[FILE] == "withdrawn here, stays withdrawn"
    assert only_guide().public_state(NOW).kind == State.WITHDRAWN
    assert Review.objects.count() == 1


def test_a_source_that_was_edited_here_is_left_alone(folder):
    folder.add()
    take_in(folder)
    edited = Source.objects.get()
    edited.record["says"] = "Checked by hand."
    edited.save()
    folder.write("sources.toml", tomli_w.dumps({"trial-2020": {**SOURCES["trial-2020"], "title": "Another title"}}))
    assert take_in(folder)["source trial-2020"] == LEFT
    assert Source.objects.get().snapshot() == edited.snapshot()


def test_a_source_that_nobody_edited_follows_its_file(folder):
    take_in(folder)
    day = dt.date(2026, 10, 30)
    table = {**SOURCES["trial-2020"], "title": "Another title", "checked_on": day, "retracted_on": day}
    folder.write("sources.toml", tomli_w.dumps({"trial-2020": table}))
    assert take_in(folder) == {}
    source = Source.objects.get()
    assert (source.record["title"], source.checked_on, source.retracted_on) == ("Another title", day, day)
    assert source.as_imported == source.snapshot()


def test_the_sample_reviewer_follows_the_file_and_a_real_one_does_not(folder):
    take_in(folder)
    tables = {slug: {**table, "credential": "PMHNP-BC"} for slug, table in REVIEWERS.items()}
    folder.write("reviewers.toml", tomli_w.dumps(tables))
    assert take_in(folder) == {"reviewer asha-rao": LEFT}
    assert Reviewer.objects.get(slug="morgan-example").credential == "PMHNP-BC"
    assert Reviewer.objects.get(slug="asha-rao").credential == "MD"


# What a sample's file says now ------------------------------------------------------------------------------------


def test_a_sample_guide_whose_file_changed_is_signed_again(folder):
    folder.add()
    take_in(folder)
    old = only_guide().words
    changed(folder)
    assert take_in(folder, LATER) == {FILE: SIGNED}
    guide = only_guide()
    assert "drink water" in guide.words.body
    assert guide.words.number == old.number + 1
    assert guide.public_state(LATER).kind == State.SAMPLE
    assert Review.objects.filter(revision=old).count() == 1


def test_a_sample_guide_whose_file_went_back_shows_the_earlier_words_again(folder):
    folder.add()
    take_in(folder)
    first = only_guide().words
    changed(folder)
    take_in(folder)
    folder.add()
    assert take_in(folder, LATER) == {FILE: SIGNED}
    assert only_guide().words.digest == first.digest
    assert Revision.objects.count() == 3
    assert take_in(folder, LATER) == {FILE: "unchanged"}


def test_new_dates_in_the_file_of_a_sample_are_signed_again(folder):
    folder.add()
    take_in(folder)
    folder.add(last_reviewed=dt.date(2026, 11, 1), next_review=dt.date(2027, 11, 1))
    assert take_in(folder, LATER) == {FILE: SIGNED}
    state = only_guide().public_state(LATER)
    assert state.review is not None
    assert (state.review.reviewed_on, state.review.next_due) == (dt.date(2026, 11, 1), dt.date(2027, 11, 1))
    assert Revision.objects.count() == 1
    assert take_in(folder, LATER) == {FILE: "unchanged"}


def test_a_sample_signature_that_was_taken_back_is_not_made_again(folder):
    folder.add()
    take_in(folder)
    signature = Review.objects.get()
    review.revoke(signature, by=signature.reviewer, why="It was a mistake.", now=NOW)
    folder.add(last_reviewed=dt.date(2026, 11, 1))
    assert take_in(folder) == {FILE: "unchanged"}
    assert only_guide().public_state(NOW).kind == State.CHECKING


def test_an_import_that_broke_off_before_signing_is_finished_by_the_next(folder):
    take_in(folder)
    file = parsed(folder.add())
    words = review.write(
        Guide.objects.create(section="integration", slug="rest-first", changed_at=NOW),
        title=file.title,
        summary=file.summary,
        body=file.body,
        also_known_as=file.also_known_as,
        sources=file.sources,
        by=None,
        now=NOW,
    )
    review.submit(words, now=NOW)
    assert take_in(folder) == {FILE: SIGNED}
    assert only_guide().words == words
    assert only_guide().public_state(NOW).kind == State.SAMPLE


# HTML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns", [{"pipeline": "0-old"}, {"html": "<p>Other words.</p>"}, {"seal": "0" * 64}, {"key_id": "lost"}]
)
def test_html_of_another_pipeline_or_without_its_seal_is_made_again(folder, columns):
    folder.add()
    take_in(folder)
    html = Rendering.objects.get().html
    overwrite(Rendering.objects.get(), **columns)
    assert take_in(folder) == {FILE: "HTML made again"}
    made = Rendering.objects.get(pipeline=PIPELINE)
    assert made.html == html
    assert made.is_sealed_for(only_guide().words.digest)


def test_missing_html_is_made_again(folder):
    folder.add()
    take_in(folder)
    Rendering.objects.all().delete()
    assert take_in(folder) == {FILE: "HTML made again"}
    assert only_guide().public_state(NOW).kind == State.SAMPLE


def test_live_words_of_no_file_get_their_html_again(signed):
    Rendering.objects.all().delete()
    [result] = importing.remake_renderings()
    assert result == importing.Taken("en/integration/rest-first", "HTML made again")
    assert only_guide().public_state(NOW).kind == State.REVIEWED
    assert list(importing.remake_renderings()) == []


def test_words_that_were_changed_in_the_database_get_no_html(signed):
    overwrite(Revision.objects.get(), body="Take more.")
    Rendering.objects.all().delete()
    assert list(importing.remake_renderings()) == []
    assert Rendering.objects.count() == 0


def spoil_the_live_words() -> None:
    """As if a later pipeline no longer took what an earlier one did."""
    words = only_guide().words
    words.body = "# A heading that no guide may have"
    overwrite(Revision.objects.get(), body=words.body, digest=words.computed_digest())
    Rendering.objects.all().delete()


def test_live_words_that_no_longer_become_html_are_named_and_the_others_are_made(signed, submit, dr_rao):
    spoil_the_live_words()
    other = submit(Guide.objects.create(section="safety", slug="eat-first", changed_at=NOW))
    review.sign(other, by=dr_rao, digest=other.digest, now=NOW, next_due=NOW.date() + dt.timedelta(365))
    Rendering.objects.all().delete()
    problem, made = importing.remake_renderings()
    assert str(problem) == (
        "en/integration/rest-first: its live words can no longer be turned into HTML: h1 is the title's: start with ##"
    )
    assert made == importing.Taken("en/safety/eat-first", "HTML made again")


def test_a_file_whose_words_no_longer_become_html_does_not_stop_the_rest(folder):
    folder.add()
    take_in(folder)
    spoil_the_live_words()
    folder.add(body=only_guide().words.body)
    folder.add("sleep-first")
    outcomes = take_in(folder)
    assert outcomes[FILE] == "refused: h1 is the title's: start with ##"
    assert outcomes["guides/en/integration/sleep-first.md"] == SIGNED


# The command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def spoiled(folder):
    """A folder with every bad file, one good one, a bad source and a bad reviewer."""
    folder.add()
    for number, bad in enumerate(BAD_FILES.values()):
        folder.write("guides/" + bad.place.format(f"bad-{number}"), bad.make(folder))
    folder.write("sources.toml", tomli_w.dumps(SOURCES | {"bad-source": {"title": "A"}}))
    folder.write("reviewers.toml", tomli_w.dumps(REVIEWERS | {"bad-reviewer": {"name": "A"}}))
    return folder


def assert_each_is_named(lines: str, spoiled) -> None:
    for number, bad in enumerate(BAD_FILES.values()):
        path = spoiled.root / "guides" / bad.place.format(f"bad-{number}")
        place = f"{path}:{bad.line}" if bad.line else str(path)
        [line] = [line for line in lines.splitlines() if line.startswith(f"refused: {place}: ")]
        assert bad.reason in line
    assert f"refused: {spoiled.root}/sources.toml:9: [bad-source] lacks kind" in lines
    assert "reviewers.toml" in lines
    assert "[bad-reviewer] lacks credential" in lines
    assert len(lines.splitlines()) == len(BAD_FILES) + 2


def test_every_bad_file_is_named_and_the_rest_is_taken_in(spoiled, today):
    outcome = run("import_guides", spoiled.root)
    assert outcome.code == 1
    assert_each_is_named(outcome.err, spoiled)
    assert outcome.problem == f"{len(BAD_FILES) + 2} refused; everything else was taken in."
    assert outcome.out == f"{FILE}: {SIGNED}\n"
    assert only_guide().public_state(NOW).kind == State.SAMPLE


def test_a_check_names_the_same_and_changes_nothing(spoiled, today):
    outcome = run("import_guides", "--check", spoiled.root)
    assert outcome.code == 1
    assert_each_is_named(outcome.err, spoiled)
    assert outcome.problem == f"{len(BAD_FILES) + 2} to mend."
    assert not any(rows().values())


def test_a_good_folder_is_taken_in_without_complaint(folder, today):
    folder.add()
    outcome = run("import_guides", folder.root)
    assert (outcome.code, outcome.err) == (0, "")
    assert run("import_guides", folder.root).out == ""
    assert run("import_guides", folder.root, verbosity=2).out == f"{FILE}: unchanged\n"


def test_a_folder_without_guides_is_no_content_folder(tmp_path):
    outcome = run("import_guides", tmp_path)
    assert outcome.code == 1
    assert outcome.problem == f"{tmp_path} has no folder guides. Name a content folder."


def test_a_shell_sees_the_lines_and_the_exit_code(folder):
    path = folder.write("guides/en/integration/bad.md", "no fences")
    ended = subprocess.run(
        [sys.executable, "manage.py", "import_guides", "--check", folder.root],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (f"refused: {path}:1: does not begin with a line +++\nCommandError: 1 to mend.\n")
