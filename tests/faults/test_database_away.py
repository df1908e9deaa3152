"""The site while its database is missing, held by somebody else, or restarting: pages or an honest 503, never worse."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.urls import resolve

from tests.addresses import WITHOUT_DATABASE, shipped
from tests.faults.databases import Database, private_database
from tests.faults.serving import Answer, Site, served, wait_until
from tests.reading import check_headers, check_page

# Each address so many times at once, to meet both workers: over all the mishaps each meets each.
ROUNDS = 4 if os.environ.get("KETCARE_FULL_GRID") else 2


def answers(site: Site, rounds: int = ROUNDS) -> list[tuple[str, Answer]]:
    """What each address answers, asked many at once."""
    asked = list(shipped().values()) * rounds
    with ThreadPoolExecutor(16) as pool:
        return list(zip(asked, pool.map(site.ask, asked), strict=True))


def check_away(path: str, answer: Answer) -> None:
    """Assert that this is what an address may answer while the database is away."""
    assert "Traceback" not in answer.text
    if resolve(path).url_name in WITHOUT_DATABASE:
        assert answer.status == 200
    else:
        assert answer.status == 503
        assert answer.headers["Cache-Control"] == "no-store"
    check_headers(answer.headers, referrer="no-referrer" if path == "/crisis/" else "same-origin")
    if path == "/readyz":
        assert answer.text == '{"ready": false, "database": "does not answer"}'
    elif answer.headers["Content-Type"].startswith("text/html"):
        check_page(answer.body)


def is_away(site: Site) -> bool:
    return site.ask("/readyz").status == 503


def is_back(site: Site) -> bool:
    return all(answer.status == 200 for _, answer in answers(site, rounds=1))


def leave_nothing(path: Path) -> None:
    """What is left of a file that was moved away by mistake."""


def put_a_folder_there(path: Path) -> None:
    path.mkdir()


def put_a_loop_there(path: Path) -> None:
    path.symlink_to(path)


def put_an_empty_file_there(path: Path) -> None:
    path.touch()


INSTEAD: list[Callable[[Path], None]] = [
    leave_nothing,
    put_a_folder_there,
    put_a_loop_there,
    put_an_empty_file_there,
]
each_mishap = pytest.mark.parametrize("instead", INSTEAD, ids=lambda instead: instead.__name__)


@contextmanager
def without_file(site: Site, instead: Callable[[Path], None]) -> Iterator[None]:
    """The SQLite file with all that belongs to it lies elsewhere, and something else in its place."""
    aside = site.folder / "aside"
    aside.mkdir()
    for path in site.folder.glob("ketcare.sqlite3*"):
        path.rename(aside / path.name)
    instead(site.database)
    try:
        yield
    finally:
        for path in site.folder.glob("ketcare.sqlite3*"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for path in aside.iterdir():
            path.rename(site.folder / path.name)
        aside.rmdir()


@each_mishap
def test_workers_that_had_the_file_open_answer_pages_or_503(site: Site, instead: Callable[[Path], None]):
    with without_file(site, instead):
        for path, answer in answers(site):
            if answer.status != 200:
                check_away(path, answer)
    wait_until(lambda: is_back(site), what="the site is back")


@each_mishap
def test_new_workers_answer_503_and_recover_by_themselves(site: Site, instead: Callable[[Path], None]):
    told = len(site.log)
    with without_file(site, instead):
        site.replace_workers()
        for path, answer in answers(site):
            check_away(path, answer)
    workers = site.workers()
    wait_until(lambda: is_back(site), what="the site is back")
    assert site.workers() == workers
    assert "Traceback" not in site.log[told:]


def test_private_pages_say_so_and_keep_crisis_help(site: Site):
    with without_file(site, leave_nothing):
        site.replace_workers()
        for path in ("/accounts/login/", "/accounts/signup/", "/accounts/settings/", "/admin/"):
            # Somebody who has to be recognised first; and somebody new, to whom a form can be shown at least.
            answer = site.ask(path, headers={"Cookie": "session=abcdefghijklmnopqrstuvwxyz012345"})
            assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
            assert answer.headers["Retry-After"] == "30"
            check_page(answer.body)
            assert site.ask(path).status in {200, 302, 503}
    wait_until(lambda: is_back(site), what="the site is back")


@pytest.fixture
def locked(site: Site) -> Iterator[None]:
    """Another process (this one) holds SQLite's write lock."""
    with closing(sqlite3.connect(site.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE articles_guide SET withdrawn_why = 'by somebody else'")
        yield
        other.execute("ROLLBACK")


def test_while_somebody_else_writes_every_page_can_be_read(site: Site, locked: None):
    for path, answer in answers(site):
        assert answer.status == 200, path


def test_while_somebody_else_writes_new_workers_can_read_too(site: Site, locked: None):
    site.replace_workers()
    for path, answer in answers(site):
        assert answer.status == 200, path


# PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture
def database() -> Iterator[Database]:
    with private_database() as database:
        yield database


def test_postgresql_may_go_and_come_back(database: Database, tmp_path: Path):
    with served(tmp_path, DATABASE_URL=database.url) as site:
        assert is_back(site)
        workers, told = site.workers(), len(site.log)

        database.stop()
        for path, answer in answers(site):
            check_away(path, answer)

        database.start()
        wait_until(lambda: is_back(site), what="the site is back")
        assert site.workers() == workers
        assert "Traceback" not in site.log[told:]

        # Connections that ended while nobody used them are not met by a reader.
        database.stop()
        database.start()
        assert is_back(site)
