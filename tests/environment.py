"""The environment that every test runs in: fixed settings, a folder of its own, and no network.

pytest loads it as a plugin (`-p tests.environment`) before Django reads its settings. Every variable that the settings
read is set here, so that neither the shell nor a developer's `.env` changes what a test sees. For other programs that
load the settings: `python -m tests.environment COMMAND [ARGUMENT ...]`.
"""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest

_loopback_names = {"localhost", "localhost.localdomain"}
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class NetworkClosed(RuntimeError):
    """A test reached for another machine. Not an OSError: code that survives a lost network must not hide it."""


def variables(folder: str) -> dict[str, str]:
    """The value of each variable that the settings read; files of the running site go to `folder`."""
    return {
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "CACHE_URL": "",
        "CLINIC_BOOKING_URL": "",
        "CLINIC_NAME": "",
        "CLINIC_PHONE": "",
        "CRISIS_REGION": "US",
        "DATABASE_URL": os.environ.get("KETCARE_TEST_DATABASE_URL") or f"sqlite:///{folder}/ketcare.sqlite3",
        "DEBUG": "off",
        "DISCREET_NAME": "Notes",
        "EMAIL_URL": "",
        "EXIT_URL": "",
        "KETCARE_ENV_FILE": f"{folder}/.env",
        "KETCARE_KEYS": "test1:" + urlsafe_b64encode(bytes(range(32))).decode(),
        "KETCARE_VAR": folder,
        "LOG_LEVEL": "WARNING",
        "MAIL_FROM": "",
        "SECRET_KEY": "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "SECRET_KEY_FALLBACKS": "",
        "SIGNUP": "open",
        "SITE_URL": "http://localhost:8000",
        "TRUSTED_PROXIES": "0",
    }


def set_up(folder: str) -> None:
    """Puts the variables into this process's environment; `folder` need not exist yet."""
    # WhiteNoise warns when it starts without the folder that static files are collected in.
    (Path(folder) / "static").mkdir(parents=True, exist_ok=True)
    os.environ.update(variables(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "ketcare.settings"


def _require_loopback(host: Any) -> None:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "") or host in _loopback_names:
        return
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    else:
        if address.is_loopback or address.is_unspecified:
            return
    raise NetworkClosed(
        f"A test tried to reach {host!r}. Tests may only talk to this machine: localhost, 127.0.0.1, ::1."
    )


def _guard(connection: socket.socket, address: Any) -> None:
    if connection.family in (socket.AF_INET, socket.AF_INET6):
        _require_loopback(address[0])


def close_network() -> None:
    """From now on, this process's sockets reach this machine only; names of others are not even looked up."""

    def connect(self: socket.socket, address: Any) -> None:
        _guard(self, address)
        _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _guard(self, address)
        return _connect_ex(self, address)

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _require_loopback(host)
        return _getaddrinfo(host, *arguments, **options)

    for name, guarded in {"connect": connect, "connect_ex": connect_ex}.items():
        setattr(socket.socket, name, guarded)
    socket.getaddrinfo = getaddrinfo


@pytest.hookimpl(trylast=True)  # pytest-django has set Django up by then
def pytest_configure() -> None:
    """Ends like Ctrl-C when asked to end, so that nothing is left behind, and keeps SQLite's test database in a file.

    In memory, which is Django's way, connections of several threads share a cache, where they do not wait for each
    other's locks, and none of them is ever closed. The running site has a file, too.
    """
    from django.db import connections

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    database = connections.settings["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["TEST"]["NAME"] = f"{os.environ['KETCARE_VAR']}/tests.sqlite3"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Leaves the counts of the last line in the file that KETCARE_TEST_SUMMARY names: script/test ends with them."""
    if path := os.environ.get("KETCARE_TEST_SUMMARY"):
        parts, _ = terminalreporter.build_summary_stats_line()
        Path(path).write_text(", ".join(text for text, _ in parts) + "\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ketcare-") as folder:
        set_up(folder)
        sys.exit(subprocess.call(sys.argv[1:]))
else:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # A folder inside that of the process which started this worker, and which removes both.
        set_up(f"{os.environ['KETCARE_VAR']}/{worker}")
    else:
        _folder = tempfile.TemporaryDirectory(prefix="ketcare-tests-")
        set_up(_folder.name)
    close_network()
