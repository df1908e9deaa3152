"""Secrets for one's own machine. What `up` makes of them as a program stands in site/test_up.py."""

import os
import stat
from unittest.mock import patch

import pytest

from ketcare import first_start
from ketcare.keys import Ring
from tests.starting import GOOD


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine on which nothing was started yet: no variable, no file."""
    monkeypatch.setattr(first_start, "ENV_FILE", tmp_path / ".env")
    with patch.dict(os.environ, clear=True):
        yield tmp_path / ".env"
    first_start.provisional.clear()


def written(path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def test_missing_secrets_are_made_and_nothing_is_written_yet(machine):
    first_start.provide_missing_secrets()
    assert first_start.provisional.keys() == {"SECRET_KEY", "KETCARE_KEYS", "SITE_URL", "SIGNUP"}
    assert {name: os.environ[name] for name in first_start.provisional} == first_start.provisional
    assert not machine.exists()


def test_what_is_made_can_be_used(machine):
    first_start.provide_missing_secrets()
    assert len(os.environ["SECRET_KEY"]) >= 50
    assert Ring.parse(os.environ["KETCARE_KEYS"]).ids == {"k1"}
    assert os.environ["SITE_URL"] == "http://localhost:8000"
    assert os.environ["SIGNUP"] == "open"


def test_every_machine_makes_its_own(machine):
    first_start.provide_missing_secrets()
    made = dict(first_start.provisional)
    with patch.dict(os.environ, clear=True):
        first_start.provide_missing_secrets()
        assert os.environ["SECRET_KEY"] != made["SECRET_KEY"]
        assert os.environ["KETCARE_KEYS"] != made["KETCARE_KEYS"]


def test_what_is_kept_is_for_its_owner_only(machine):
    first_start.provide_missing_secrets()
    made = dict(first_start.provisional)
    assert first_start.keep() == ["SECRET_KEY", "KETCARE_KEYS", "SITE_URL", "SIGNUP"]
    assert written(machine) == made
    assert stat.S_IMODE(machine.stat().st_mode) == 0o600
    assert [path.name for path in machine.parent.iterdir()] == [".env"]


def test_a_generous_umask_opens_nothing(machine):
    before = os.umask(0)
    try:
        first_start.provide_missing_secrets()
        first_start.keep()
    finally:
        os.umask(before)
    assert stat.S_IMODE(machine.stat().st_mode) == 0o600


def test_what_is_kept_is_not_made_again(machine):
    first_start.provide_missing_secrets()
    first_start.keep()
    before = machine.read_bytes()
    with patch.dict(os.environ, clear=True):
        first_start.provide_missing_secrets()
        assert first_start.provisional == {}
        assert first_start.keep() == []
    assert machine.read_bytes() == before


def test_only_what_is_missing_is_made(machine):
    machine.write_text("# ours\nSITE_URL=http://localhost:9000\nCLINIC_NAME=Harbor Clinic")
    os.environ["SECRET_KEY"] = GOOD["SECRET_KEY"]
    first_start.provide_missing_secrets()
    key = os.environ["KETCARE_KEYS"]
    assert first_start.keep() == ["KETCARE_KEYS", "SIGNUP"]
    assert machine.read_text() == (
        f"# ours\nSITE_URL=http://localhost:9000\nCLINIC_NAME=Harbor Clinic\nKETCARE_KEYS={key}\nSIGNUP=open\n"
    )


def test_who_may_sign_up_is_left_as_it_was_said(machine):
    machine.write_text("SIGNUP=closed\n")
    first_start.provide_missing_secrets()
    assert os.environ["SIGNUP"] == "closed"
    assert "SIGNUP" not in first_start.keep()


def test_an_empty_line_for_a_name_makes_room_for_its_value(machine):
    machine.write_text("SECRET_KEY=\nKETCARE_KEYS = \n")
    first_start.provide_missing_secrets()
    made = dict(first_start.provisional)
    first_start.keep()
    with patch.dict(os.environ, clear=True):
        first_start.provide_missing_secrets()
        assert first_start.provisional == {}
        assert {name: os.environ[name] for name in made} == made


@pytest.mark.parametrize("address", ["https://guides.example.org", "https://localhost", "http://guides.example.org"])
def test_a_public_site_gets_no_secrets_by_itself(machine, address):
    os.environ["SITE_URL"] = address
    first_start.provide_missing_secrets()
    assert first_start.provisional == {}
    assert not {"SECRET_KEY", "KETCARE_KEYS", "SIGNUP"} & os.environ.keys()


def test_a_public_site_that_the_file_names_gets_no_secrets_by_itself(machine):
    machine.write_text("SITE_URL=https://guides.example.org\n")
    first_start.provide_missing_secrets()
    assert first_start.provisional == {}


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:8000", True),
        ("http://localhost", True),
        ("http://127.0.0.1:8123", True),
        ("http://127.0.0.1", True),
        ("http://localhost.example.org", False),
        ("http://localhost:8000@example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("https://guides.example.org", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_local_is_this_very_machine(address, local):
    assert first_start.is_local(address) is local
