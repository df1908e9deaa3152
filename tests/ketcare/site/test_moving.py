"""A site that moves by a backup: to another machine, to a newer version, to the other database. By its commands."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ketcare.site.conftest import Site

pytestmark = pytest.mark.real_server

WRITE = """
from tests.journal.conftest import entry_of, treatment_of
from tests.ketcare.accounts.signing_in import account, add_recovery_codes
owner = account("alice@example.org", None)
treatment_of(owner, number=3)
entry_of(owner, "Zażółć 🌊")
add_recovery_codes(owner)
"""
READ = """
from journal import sealed
from journal.models import Entry
for entry in Entry.objects.select_related("owner").order_by("pk"):
    print(entry.owner.email, sealed.to_read(entry.owner).words_of(entry)["text"])
"""


@pytest.fixture
def alices(site: Site) -> Site:
    """A site on which Alice writes."""
    site.asked(WRITE)
    return site


@pytest.fixture
def machine(alices: Site, tmp_path_factory, empty_database) -> Callable[..., Site]:
    """`machine()`: another, to which the keys were brought, and nothing else; with `url`, on that database."""

    def made(url: str | None = None) -> Site:
        folder = tmp_path_factory.mktemp("machine")
        shutil.copy(alices.env_file, folder)
        return Site(folder, empty_database() if url is None else url)

    return made


def backup_of(site: Site, name: str = "backup") -> Path:
    ended = site.manage("backup", str(site.folder / name))
    assert (ended.returncode, ended.stderr) == (0, "")
    return site.folder / name


def rows(site: Site) -> list[str]:
    """But for when its tables were made, and what counts tries."""
    return [row for row in site.rows() if not row.startswith(("django_migrations ", "ketcare_cache "))]


@pytest.mark.both
def test_to_another_machine(alices, machine):
    other = machine()
    assert other.manage("restore", str(backup_of(alices))).returncode == 0
    assert rows(other) == rows(alices)
    assert other.up().returncode == 0
    assert other.asked(READ) == "alice@example.org Zażółć 🌊"
    assert other.manage("verify_reviews").returncode == 0


def test_to_a_newer_version(alices, machine):
    assert alices.manage("migrate", "site", "0007").returncode == 0
    backup = backup_of(alices)
    other = machine()
    assert other.manage("restore", str(backup)).returncode == 0
    assert other.manage("migrate", "--check").returncode == 0
    assert other.asked(READ) == "alice@example.org Zażółć 🌊"


@pytest.mark.both
@pytest.mark.postgresql
def test_to_sqlite_and_back(alices, machine):
    """Where the suite runs on SQLite, both ways are the way to another machine."""
    onto_sqlite, back = machine(""), machine()
    assert onto_sqlite.manage("restore", str(backup_of(alices))).returncode == 0
    assert onto_sqlite.asked(READ) == "alice@example.org Zażółć 🌊"
    assert back.manage("restore", str(backup_of(onto_sqlite))).returncode == 0
    assert rows(back) == rows(alices)


def test_a_backup_can_take_the_place_of_a_sqlite_file(alices, machine):
    other = machine("")
    other.sqlite_file.parent.mkdir()
    shutil.copy(backup_of(alices), other.sqlite_file)
    assert other.up().returncode == 0
    assert other.asked(READ) == "alice@example.org Zażółć 🌊"
