"""Secrets for a first start on one's own machine: made once, kept in `.env`, never made over existing records."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import environ

from ketcare.keys import make_key

ROOT = Path(__file__).resolve().parent.parent
# Where the secrets of one's own machine lie; settings read the same file.
ENV_FILE = Path(os.environ.get("KETCARE_ENV_FILE") or ROOT / ".env")

# The values made by `provide_missing_secrets` in this process and not yet written to `.env`.
provisional: dict[str, str] = {}


def provide_missing_secrets() -> None:
    """Puts missing local secrets into the environment so that settings can load.

    Writes nothing: `up` calls `keep` once it has seen that no record depends on an older key. Does nothing where
    SITE_URL names another host than this machine: there a missing secret stops the start.
    """
    if ENV_FILE.exists():
        environ.Env.read_env(ENV_FILE)
    if not is_local(os.environ.get("SITE_URL", "http://localhost:8000")):
        return
    made: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(50),
        "KETCARE_KEYS": lambda: make_key("k1"),
        "SITE_URL": lambda: "http://localhost:8000",
        "SIGNUP": lambda: "open",
    }
    for name, make in made.items():
        if not os.environ.get(name):
            provisional[name] = os.environ[name] = make()


def is_local(site_url: str) -> bool:
    """Whether a site address is this very machine's, where secrets may be made by `up`."""
    try:
        site = urlsplit(site_url)
    except ValueError:
        return False
    return site.scheme == "http" and site.hostname in {"localhost", "127.0.0.1"}


def keep() -> list[str]:
    """Appends what was made to `.env` (readable by its owner only) and says which names those were."""
    if not provisional:
        return []
    before = ENV_FILE.read_text().splitlines() if ENV_FILE.exists() else []
    # An empty `NAME=` would win over a later line of the same name.
    kept = [line for line in before if not (line.endswith("=") and line[:-1].strip() in provisional)]
    lines = [*kept, *(f"{name}={value}" for name, value in provisional.items())]
    fresh = ENV_FILE.with_name(".env.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(ENV_FILE)
    names = list(provisional)
    provisional.clear()
    return names
