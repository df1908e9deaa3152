"""`manage.py up`, run for real in an environment of its own: what it makes, and what it never does."""

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from ketcare.keys import make_key
from tests.starting import GOOD, KEY, manage

# Not the server itself, but as dear. What does not depend on the database runs on SQLite only.
pytestmark = pytest.mark.real_server
both = pytest.mark.both

SHIPPED = sorted(
    "/".join(path.with_suffix("").parts[-3:]) for path in Path(__file__).parents[3].glob("content/guides/*/*/*.md")
)
GUIDES = """
from django.utils import timezone
from articles.models import Guide
for guide in Guide.objects.published().with_words():
    print(guide, guide.public_state(timezone.now()).kind)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def written(env_file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in env_file.read_text().splitlines())


def assert_refused(ended, *words: str) -> None:
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    for each in words:
        assert each in ended.stderr


# The first start --------------------------------------------------------------------------------------------------


@both
def test_the_first_start_ends_well_and_tells_what_it_made(started):
    site, ended = started
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (
        f"Ketcare: made SECRET_KEY, KETCARE_KEYS, SITE_URL, SIGNUP and keeps them in {site.env_file}." in ended.stdout
    )
    assert "Keep a copy of that file in a safe place." in ended.stdout
    assert "preparing the database" in ended.stdout
    assert f"{len(SHIPPED)} sample guides are public: no clinician has checked them." in ended.stdout


def test_the_first_start_makes_secrets_for_their_owner_only(started):
    site, ended = started
    assert written(site.env_file).keys() == {"SECRET_KEY", "KETCARE_KEYS", "SITE_URL", "SIGNUP"}
    assert mode(site.env_file) == 0o600
    assert mode(site.folder / "var") == 0o700
    for secret in (written(site.env_file)["SECRET_KEY"], written(site.env_file)["KETCARE_KEYS"].partition(":")[2]):
        assert secret not in ended.stdout + ended.stderr


def test_the_first_start_collects_static_files_in_every_form(started):
    site, _ = started
    static = site.folder / "var" / "static"
    manifest = json.loads((static / "staticfiles.json").read_text())
    stylesheet = static / manifest["paths"]["css/site.css"]
    assert all(stylesheet.with_name(stylesheet.name + form).is_file() for form in ("", ".br", ".gz"))


@both
def test_the_first_start_makes_the_shipped_guides_public_as_samples(site):
    assert sorted(site.asked(GUIDES).splitlines()) == [f"{guide} sample" for guide in SHIPPED]


@both
def test_what_the_first_start_made_proves_itself(site):
    assert site.manage("verify_reviews").returncode == 0


def test_the_first_start_makes_a_folder_for_mails_that_is_for_their_owner_only(started):
    site, ended = started
    assert mode(site.folder / "var" / "mail") == 0o700
    assert f"Ketcare: mails go into the folder {site.folder / 'var' / 'mail'}." in ended.stdout


@both
def test_the_first_start_makes_the_table_that_rate_limits_are_counted_in(site):
    assert site.asked("from django.core.cache import cache\ncache.set('a', 1)\nprint(cache.incr('a'))") == "2"


def test_with_a_mail_server_there_is_no_folder_for_mails(bare):
    ended = bare.up(**GOOD, EMAIL_URL="smtp+tls://mail.example.org:587")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (bare.folder / "var" / "mail").exists()
    assert "mails go into" not in ended.stdout


def test_the_first_start_has_nothing_to_copy(started):
    site, ended = started
    assert "copied the database" not in ended.stdout
    assert not (site.folder / "var" / "backups").exists()


def test_what_the_environment_gives_is_used_and_not_written_down(bare):
    ended = bare.up(**GOOD, CLINIC_NAME="Harbor Clinic", CLINIC_PHONE="555-0100")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not bare.env_file.exists()
    clinic = json.loads((bare.folder / "var" / "clinic.json").read_text())
    assert (clinic["name"], clinic["phone"]) == ("Harbor Clinic", "555-0100")


# Every further start ----------------------------------------------------------------------------------------------


@both
def test_a_second_start_changes_nothing(site):
    files, rows, env = site.files(), site.rows(), site.env_file.stat()
    ended = site.up()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert site.files() == files
    assert site.rows() == rows
    assert (site.env_file.stat().st_ino, site.env_file.stat().st_mtime_ns) == (env.st_ino, env.st_mtime_ns)
    assert "preparing the database" not in ended.stdout
    assert "made" not in ended.stdout


def test_lost_files_come_back(site):
    (site.folder / "var" / "clinic.json").unlink()
    for path in (site.folder / "var" / "static").rglob("*"):
        if path.is_file():
            path.unlink()
    before = site.files().keys()
    site.up()
    assert site.files().keys() - before >= {"var/clinic.json", "var/static/staticfiles.json"}


@both
def test_html_of_another_pipeline_is_made_again(site):
    change = "from articles.models import Rendering; Rendering.objects.update(pipeline='0-old')"
    assert "checking" in site.asked(f"{change}\n{GUIDES}")
    assert site.up().stdout.count("HTML made again") == len(SHIPPED)
    assert site.asked(GUIDES).count(" sample") == len(SHIPPED)


def test_html_of_words_that_no_file_has_is_made_again(site):
    site.asked("""
from articles.models import Guide, Rendering
Guide.objects.filter(section="safety", slug="side-effects-and-warning-signs").update(slug="written-here")
Rendering.objects.update(pipeline="0-old")
""")
    assert "en/safety/written-here: HTML made again" in site.up().stdout
    assert "en/safety/written-here sample" in site.asked(GUIDES)


def test_a_site_from_before_accounts_is_told_who_may_sign_up_now(site):
    before = [line for line in site.env_file.read_text().splitlines() if not line.startswith("SIGNUP=")]
    site.env_file.write_text("\n".join(before) + "\n")
    ended = site.up()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert site.env_file.read_text().splitlines() == [*before, "SIGNUP=open"]
    assert f"Ketcare: made SIGNUP and keeps them in {site.env_file}." in ended.stdout
    assert "SIGNUP=open there lets whoever reaches this site make an account" in ended.stdout
    assert "Without its keys" not in ended.stdout


# Keys -------------------------------------------------------------------------------------------------------------


@both
def test_with_its_keys_lost_it_stops_and_makes_no_new_ones(site):
    rows = site.rows()
    lost = written(site.env_file)
    site.env_file.unlink()
    assert_refused(
        site.up(),
        "This site's records were made with the key k1, which KETCARE_KEYS does not have.",
        "Put that key back",
        "No new key was made.",
    )
    assert not site.env_file.exists()
    assert site.rows(**lost) == rows


@both
def test_with_a_ring_that_lacks_the_key_it_stops(site):
    files, rows = site.files(), site.rows()
    assert_refused(
        site.up(KETCARE_KEYS=make_key("another")),
        "This site's records were made with the key k1, which KETCARE_KEYS does not have.",
    )
    assert site.files() == files
    assert site.rows() == rows


@both
def test_with_another_key_of_the_same_name_it_stops(site):
    files, rows = site.files(), site.rows()
    assert_refused(
        site.up(KETCARE_KEYS=make_key("k1")),
        "KETCARE_KEYS has another key under the id k1 than the one that this site's records were made with",
        "Put that key back",
        "The site was not started.",
    )
    assert site.files() == files
    assert site.rows() == rows


def test_with_an_empty_file_of_secrets_it_stops(site):
    site.env_file.write_text("")
    assert_refused(site.up(), "the key k1, which KETCARE_KEYS does not have")
    assert site.env_file.read_text() == ""


def test_a_newer_key_before_the_old_one_is_welcome(site):
    ring = f"{make_key('k2')},{written(site.env_file)['KETCARE_KEYS']}"
    ended = site.up(KETCARE_KEYS=ring)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert site.manage("verify_reviews", KETCARE_KEYS=ring).returncode == 0


def test_a_database_without_records_takes_new_keys(bare):
    assert bare.up().returncode == 0
    assert written(bare.env_file)["KETCARE_KEYS"] != KEY


def test_a_public_site_is_given_no_secrets(fresh):
    assert_refused(fresh.up(SITE_URL="https://guides.example.org"), "SECRET_KEY is missing.")
    assert not fresh.env_file.exists()


# Migrations -------------------------------------------------------------------------------------------------------


@pytest.fixture
def older(site):
    """The site as it was before the app `site` had its tables."""
    ended = site.manage("migrate", "site", "zero")
    assert ended.returncode == 0, ended.stderr
    return site


def copies(site) -> list[Path]:
    """The copies that `up` made."""
    return sorted((site.folder / "var" / "backups").glob("*.sqlite3"))


def test_an_existing_database_is_copied_before_it_is_migrated(older):
    reviews = [row for row in older.rows() if row.startswith("articles_review ")]
    ended = older.up()
    [copy] = copies(older)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"Ketcare: copied the database to {copy} before changing it." in ended.stdout
    assert mode(copy) == 0o600
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert opened.execute("SELECT count(*) FROM articles_review").fetchone() == (len(reviews),)
        assert opened.execute("SELECT count(*) FROM sqlite_master WHERE name = 'site_clinic'").fetchone() == (0,)


def test_the_copy_can_take_the_place_of_the_database(older):
    rows = older.rows()
    older.up()
    [copy] = copies(older)
    assert [
        row for row in older.rows(DATABASE_URL=f"sqlite:///{copy}") if not row.startswith("ketcare_backup ")
    ] == rows


@both
def test_a_migration_keeps_what_was_there(older):
    rows = {row for row in older.rows() if not row.startswith("django_migrations ")}
    older.up()
    assert rows < set(older.rows())
    assert any(row.startswith("site_clinic ") for row in older.rows())


def test_a_further_start_copies_nothing(older):
    older.up()
    older.up()
    assert len(copies(older)) == 1


# A database that does not answer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("locking", ["NORMAL", "EXCLUSIVE"])
def test_a_database_that_another_program_holds_is_named(site, locking):
    with closing(sqlite3.connect(site.sqlite_file, isolation_level=None)) as other:
        other.execute(f"PRAGMA locking_mode = {locking}")
        other.execute("BEGIN IMMEDIATE")
        ended = site.up(DATABASE_URL=f"sqlite:///{site.sqlite_file}?timeout=1")
    assert_refused(
        ended,
        "The database does not answer: database is locked",
        "See that DATABASE_URL is right and that no other program holds the database, and start again.",
    )


def test_a_migration_that_cannot_begin_changes_nothing(older):
    rows = older.rows()
    with closing(sqlite3.connect(older.sqlite_file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        ended = older.up(DATABASE_URL=f"sqlite:///{older.sqlite_file}?timeout=1")
    assert_refused(ended, "The database does not answer: database is locked")
    assert older.rows() == rows
    assert not (older.folder / "var" / "backups").exists()


def test_a_postgresql_server_that_cannot_be_reached_is_named(tmp_path):
    url = "postgres://ketcare:hunter22@127.0.0.1:1/ketcare"
    ended = manage("up", "--no-serve", folder=tmp_path, DATABASE_URL=url)
    assert_refused(ended, "The database does not answer: ", '"127.0.0.1", port 1 failed: Connection refused')
    assert "hunter22" not in ended.stderr
    assert not (tmp_path / ".env").exists()


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    (tmp_path / "letters").write_text("Dear Dr Rao, " * 200)
    ended = manage("up", "--no-serve", folder=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/letters")
    assert_refused(ended, "DATABASE_URL names something that cannot be read as a database: file is not a database")
    assert (tmp_path / "letters").read_text() == "Dear Dr Rao, " * 200


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    ended = manage("up", "--no-serve", folder=tmp_path, KETCARE_VAR=f"{tmp_path}/file/var")
    assert_refused(ended, f"KETCARE_VAR names {tmp_path}/file/var, which cannot be made (Not a directory).")
