"""What `tick` does when it is due, once and again and again."""

import datetime as dt
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth.models import Group
from django.utils import timezone

from articles.models import Revision
from ketcare.accounts.deletion import WAIT, set_deletion
from ketcare.accounts.models import User
from ketcare.outbox import put
from ketcare.site.clinic import Details, details
from ketcare.site.models import Clinic, Event, Outbox
from tests.articles.plain_sql import overwrite
from tests.commands import run
from tests.conftest import NOW
from tests.starting import GOOD, environment, manage


@pytest.fixture
def place(settings, tmp_path):
    """Where the copy of this night was made already."""
    settings.VAR_DIR = tmp_path / "var"
    made = settings.VAR_DIR / "backups" / f"nightly-{timezone.now():%Y%m%d-%H%M%S}.sqlite3"
    made.parent.mkdir(parents=True)
    made.touch()


@pytest.mark.django_db
def test_it_brings_the_clinics_details_in_step(place):
    Clinic.objects.create(pk=1, name="Harbor Clinic")
    outcome = run("tick")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "tick: the clinic's details were brought up to date\n"
    assert details() == Details(name="Harbor Clinic")


@pytest.mark.django_db
def test_a_second_time_it_has_nothing_to_do(place):
    run("tick")
    outcome = run("tick")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org")


@pytest.mark.django_db
def test_it_sends_the_mail_that_waits(place, mailoutbox):
    run("tick")
    put(key="code:1", kind="code", to="alice@example.org", subject="Notes", body="Words.", now=NOW)
    assert run("tick").out == "tick: mails sent: 1\n"
    assert run("tick").out == ""
    assert len(mailoutbox) == 1


def test_it_tells_who_works_on_the_desk_what_waits_once(place, submitted, dr_rao, mailoutbox, time_machine):
    time_machine.move_to(NOW)
    dr_rao.user.groups.add(Group.objects.get(name="reviewer"))
    assert "tick: people told what waits on the desk: 1\ntick: mails sent: 1\n" in run("tick").out
    assert run("tick").out == ""
    assert [mail.to for mail in mailoutbox] == [["asha-rao@example.org"]]


@pytest.mark.django_db
def test_it_ends_an_account_whose_day_has_come(place, alice):
    run("tick")
    set_deletion(alice, at_once=False, now=timezone.now() - WAIT - dt.timedelta(minutes=1))
    Outbox.objects.all().delete()
    assert run("tick").out == "tick: accounts ended, as their owners asked: 1\n"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_leaves_an_account_whose_day_has_not_come(place, alice):
    set_deletion(alice, at_once=False, now=timezone.now() - WAIT + dt.timedelta(minutes=1))
    run("tick")
    assert User.objects.filter(pk=alice.pk).exists()


@pytest.mark.django_db
def test_it_throws_away_what_is_over(place):
    Event.objects.create(at=NOW - dt.timedelta(days=4000), verb="signed in")
    run("tick")
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_it_throws_old_copies_away(place, settings):
    old = (
        settings.VAR_DIR
        / "backups"
        / f"before-migration-{timezone.now() - dt.timedelta(days=31):%Y%m%d-%H%M%S}.sqlite3"
    )
    old.touch()
    assert run("tick").err == ""
    assert not old.exists()


def test_it_names_a_guide_that_is_being_checked_and_goes_on(place, signed):
    overwrite(Revision.objects.get(), body="Take more.")
    outcome = run("tick")
    assert outcome.code == 0
    assert outcome.err == (
        "tick: /guides/integration/rest-first/ is being checked: revision 1 is not as it was submitted\n"
    )


def test_it_says_nothing_of_a_guide_that_stands(place, signed):
    assert run("tick").err == ""


# As a program -----------------------------------------------------------------------------------------------------


def test_without_a_database_it_ends_with_a_line(tmp_path):
    ended = manage("tick", folder=tmp_path, **GOOD, DATABASE_URL=f"sqlite:///{tmp_path}/none/at-all")
    assert ended.returncode == 1
    assert ended.stderr == "CommandError: The database does not answer: unable to open database file\n"


def test_under_a_parent_that_has_ended_it_does_not_begin(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    ended = manage("tick", "--every", "60", "--parent", str(gone.pid), folder=tmp_path, **GOOD)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


class Ticking:
    """`tick --every 1` of a site, as a child of a program of its own, and what both have said so far."""

    def __init__(self, site) -> None:
        command = [sys.executable, str(project.BASE_DIR / "manage.py"), "tick", "--every", "1"]
        self.said = site.folder / "said"
        with self.said.open("w") as said:
            self.parent = subprocess.Popen(
                [sys.executable, "-c", f"import subprocess; subprocess.run({command!r})"],
                env=environment(site.folder, **site.variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,
            )

    def wait_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + 120
        while not done():
            assert time.monotonic() < end, self.said.read_text()
            time.sleep(0.05)

    def ends_within(self, seconds: float) -> bool:
        """Whether nobody holds the output any more before the time is up."""
        assert self.parent.stdout is not None
        end = time.monotonic() + seconds
        while select.select([self.parent.stdout], [], [], max(0, end - time.monotonic()))[0]:
            if not os.read(self.parent.stdout.fileno(), 4096):
                return True
        return False

    def end(self) -> None:
        # The parent's session has nobody else in it, and nobody at all where both have ended.
        with suppress(ProcessLookupError):
            os.killpg(self.parent.pid, signal.SIGKILL)
        self.parent.wait()
        if self.parent.stdout is not None:
            self.parent.stdout.close()


@pytest.fixture
def ticking(site):
    """The site of which it is, and the program, once it has ticked."""
    assert site.sqlite_file.exists()
    (site.folder / "var" / "clinic.json").unlink()
    program = Ticking(site)
    try:
        program.wait_until((site.folder / "var" / "clinic.json").exists)
        yield site, program
    finally:
        program.end()


def execute(site, statement: str) -> None:
    with closing(sqlite3.connect(site.sqlite_file, isolation_level=None)) as connection:
        connection.execute(statement)


def name_of_clinic(site) -> str:
    path: Path = site.folder / "var" / "clinic.json"
    return str(json.loads(path.read_text())["name"])


@pytest.mark.real_server
def test_it_ticks_again_and_again(ticking):
    site, program = ticking
    for name in ("Harbor Clinic", "Bay Clinic"):
        execute(site, f"UPDATE site_clinic SET name = '{name}'")  # noqa: S608
        program.wait_until(lambda name=name: name_of_clinic(site) == name)


@pytest.mark.real_server
def test_it_outlives_a_database_that_does_not_answer(ticking):
    site, program = ticking
    execute(site, "ALTER TABLE site_clinic RENAME TO away")
    program.wait_until(lambda: "the database did not answer" in program.said.read_text())
    assert "tick: the database did not answer (OperationalError); trying again later\n" in program.said.read_text()
    execute(site, "ALTER TABLE away RENAME TO site_clinic")
    execute(site, "UPDATE site_clinic SET name = 'Harbor Clinic'")
    program.wait_until(lambda: name_of_clinic(site) == "Harbor Clinic")


@pytest.mark.real_server
def test_it_ends_when_its_parent_does(ticking):
    _, program = ticking
    program.parent.kill()
    program.parent.wait()
    assert program.ends_within(60)


@pytest.mark.real_server
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_asked_to(ticking, asked):
    _, program = ticking
    os.killpg(program.parent.pid, asked)
    assert program.ends_within(60)
    assert "Traceback" not in program.said.read_text().rpartition("tick")[2]


@pytest.mark.real_server
def test_it_does_not_end_while_its_parent_lives(ticking):
    _, program = ticking
    assert not program.ends_within(2.5)
