"""What the site acknowledged is there, once and whole, whatever happens in the middle of a save; and what it could not
save stands in the page that says so.

The long form, with its figures, is `python -m bench.save_faults`.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.faults import saving
from tests.faults.databases import Database, private_database, small_disk
from tests.faults.saving import PRELOADED, Refused, kill_workers, refused_in, stop_at_once
from tests.faults.serving import Site, served, wait_until
from tests.faults.writers import judge, verdict, writing
from tests.postgresql import LASTING
from tests.reading import check_page

KILLS, STOPS = 6, 2


def check_kept(found: dict[str, Any]) -> None:
    """Assert that nothing is lost, torn or doubled, and no draft left over."""
    assert (found["lost"], found["torn"], found["doubled"], found["unsaved"]) == ([], [], [], 0)


def check_refusal(refused: Refused) -> None:
    """Assert that the page says so, has crisis help and the whole text, and that the same post went well by itself."""
    answer = refused.answer
    assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
    check_page(answer.body)
    assert escape(refused.text) in answer.text
    assert "Traceback" not in answer.text
    assert refused.verdict["saves"] >= 2
    check_kept(refused.verdict)


# Workers -----------------------------------------------------------------------------------------------------------


def test_workers_that_are_killed_lose_tear_and_double_nothing(tmp_path: Path):
    with served(tmp_path, **PRELOADED) as site:
        with writing(site, 4) as writers:
            kills = kill_workers(site, writers, KILLS)
        found = verdict(site, writers)
        assert kills["with_a_save_in_flight"] == KILLS
        assert found["saves"] > KILLS
        check_kept(found)
        assert "Traceback" not in site.log


# SQLite ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """A site whose database lies on a small disk, and waits a second for other writers."""
    disk = tmp_path_factory.mktemp("disk")
    with small_disk(disk, 16):
        url = f"sqlite:///{disk}/ketcare.sqlite3?timeout=1"
        with served(tmp_path_factory.mktemp("small"), DATABASE_URL=url) as site:
            yield site, disk


def test_while_another_program_holds_the_database_a_text_stands_in_the_page(small: tuple[Site, Path]):
    site, disk = small
    refused = refused_in(saving.locked(disk / "ketcare.sqlite3"), site)
    check_refusal(refused)
    assert refused.reading == 200


def test_while_the_disk_is_full_a_text_stands_in_the_page(small: tuple[Site, Path]):
    site, disk = small
    workers = site.workers()
    refused = refused_in(saving.full(disk), site)
    check_refusal(refused)
    assert refused.reading == 200
    assert site.workers() == workers


def test_while_the_disk_takes_nothing_in_a_text_stands_in_the_page(small: tuple[Site, Path]):
    site, disk = small
    check_refusal(refused_in(saving.read_only(disk, site), site))


# PostgreSQL --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Database]]:
    folder = tmp_path_factory.mktemp("postgresql")
    with private_database(LASTING) as database, served(folder, DATABASE_URL=database.url) as site:
        yield site, database


def test_a_postgresql_that_stops_at_once_loses_tears_and_doubles_nothing(on_postgresql: tuple[Site, Database]):
    site, database = on_postgresql
    workers = site.workers()
    with writing(site, 2) as writers:
        stop_at_once(database, site, writers, STOPS)
    found = verdict(site, writers)
    assert found["saves"] > STOPS
    check_kept(found)
    for writer in writers:
        for answer in writer.refusals[:3]:
            check_page(answer.body)
    assert site.workers() == workers
    assert "Traceback" not in site.log


def test_while_postgresql_takes_nothing_in_a_text_stands_in_the_page(on_postgresql: tuple[Site, Database]):
    site, database = on_postgresql
    refused = refused_in(saving.takes_no_writes(database), site)
    check_refusal(refused)
    assert refused.reading == 200


# Backups -----------------------------------------------------------------------------------------------------------


def check_backup(site: Site) -> None:
    with writing(site, 2) as writers:
        wait_until(lambda: len(writers[0].ledger.lines()) > 8, within=60, what="something is written")
        backup = saving.back_up(site, writers, 1)
    found = saving.restored(site, writers, backup)
    assert found["saves"] > 8
    assert found["agrees"]
    assert (found["lost"], found["torn"], found["doubled"]) == ([], [], [])


def test_a_backup_while_people_write_has_all_that_was_acknowledged_before_it(site: Site):
    check_backup(site)


def test_a_backup_of_postgresql_while_people_write_has_it_too(on_postgresql: tuple[Site, Database]):
    check_backup(on_postgresql[0])


# The judge itself -------------------------------------------------------------------------------------------------


def test_the_judge_sees_what_is_lost_torn_or_doubled():
    sent = {"a", "b", "c"}
    assert judge(["a", "b"], sent, {"1": ["a", "b"], "2": ["c"]}) == {"lost": [], "torn": [], "doubled": []}
    assert judge(["a", "b"], sent, {"1": ["a"]})["lost"] == ["b"]
    assert judge([], sent, {"1": ["a", None]})["torn"] == ["1 does not open"]
    assert judge([], sent, {"1": ["half of a"]})["torn"] == ["half of a was never sent"]
    assert judge([], sent, {"1": ["a"], "2": ["a"]})["doubled"] == ["a"]
