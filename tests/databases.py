"""Databases for tests: migrated once for all processes of a run, and from then on copied."""

import os
import shutil
import uuid
from importlib import import_module
from pathlib import Path

import environ
import psycopg
from psycopg import sql

from tests.once import made_once
from tests.starting import GOOD, asked

SERVER = os.environ.get("KETCARE_TEST_DATABASE_URL", "")  # PostgreSQL; empty where the suite runs on SQLite
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
"""


# The migrations that put rows into tables: each has a `settle`, which makes what is missing.
WITH_ROWS = (
    "ketcare.site.migrations.0005_roles",
    "articles.migrations.0003_roles_at_the_desk",
    "ketcare.site.migrations.0008_prompts",
)


def settle() -> None:
    """Brings back the rows that migrations make: a test that committed has emptied every table at its end."""
    from django.apps import apps

    for name in WITH_ROWS:
        import_module(name).settle(apps, None)


def execute(statement: str, *names: str) -> None:
    """Runs a statement on the server, with these names in the places of its `{}`."""
    parts = environ.Env.db_url_config(SERVER)
    given = {"host": parts["HOST"], "port": parts["PORT"], "user": parts["USER"], "password": parts["PASSWORD"]}
    with psycopg.connect(dbname=parts["NAME"], autocommit=True, **{k: v for k, v in given.items() if v}) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def new_name() -> str:
    return f"ketcare_{uuid.uuid4().hex[:12]}"


def address_of(name: str) -> str:
    """The DATABASE_URL of a database on the server."""
    return f"{SERVER.rpartition('/')[0]}/{name}"


def empty_database() -> str:
    """The DATABASE_URL of a new one on the server, which goes with the server."""
    name = new_name()
    execute("CREATE DATABASE {}", name)
    return address_of(name)


def migrated_file() -> Path:
    """An SQLite file with every table and without rows, but for those that migrations make."""

    def make(folder: Path) -> None:
        asked(MIGRATE, folder=folder, **GOOD, DATABASE_URL=f"sqlite:///{folder}/ketcare.sqlite3")

    return made_once("migrated", make) / "ketcare.sqlite3"


def migrated_database() -> str:
    """The name of such a database on the server."""

    def make(folder: Path) -> None:
        name = new_name()
        execute("CREATE DATABASE {}", name)
        asked(MIGRATE, folder=folder, **GOOD, DATABASE_URL=address_of(name))
        (folder / "name").write_text(name)

    return (made_once("migrated on the server", make) / "name").read_text()


def put_migrated(name: str) -> None:
    """Makes a database of that name (on SQLite, that path), in place of any that is there."""
    if SERVER:
        execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        execute("CREATE DATABASE {} TEMPLATE {}", name, migrated_database())
    else:
        shutil.copy(migrated_file(), name)
