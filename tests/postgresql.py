"""A private PostgreSQL server for the length of one command: `python -m tests.postgresql COMMAND [ARGUMENT ...]`.

The command finds it in KETCARE_TEST_DATABASE_URL. The server listens on a socket in a folder of its own that nobody
else may enter, never runs as root, and keeps nothing: data and folder are gone when the command ends, however it ends.
`python -m tests.postgresql --find` prints the folder of the server's programs, or exits with 1.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO

STARTS_WITHIN = 120  # seconds: the machine may be busy with much else
# As a site's own server: what is committed is on the disk.
LASTING = {"listen_addresses": "", "timezone": "UTC", "log_timezone": "UTC"}
# Nothing here outlives the command, so nothing has to survive a power cut.
SETTINGS = {**LASTING, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_programs() -> Path | None:
    """The newest server's folder of programs: Debian keeps each version's in one of its own, off PATH."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def server_account() -> pwd.struct_passwd:
    """Who runs the server: oneself, except that root steps down, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


@contextmanager
def private_server(programs: Path) -> Iterator[str]:
    """Starts a server and gives its DATABASE_URL; stops it and removes its folder at the end."""
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="ketcare-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        os.chown(folder, account.pw_uid, account.pw_gid)
        make_cluster(programs, folder, account)
        server = start_server(programs, folder, account)
        wait_until_ready(server, programs, folder)
        yield f"postgres:///{folder}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # at once: nobody will read this data again
            server.wait(timeout=60)
        shutil.rmtree(folder)


def make_cluster(programs: Path, folder: Path, account: pwd.struct_passwd) -> None:
    # The superuser is named like the user who runs the tests: the name that libpq takes by itself.
    superuser = pwd.getpwuid(os.geteuid()).pw_name
    with (folder / "log").open("wb") as log:
        command = [str(programs / "initdb"), f"--pgdata={folder}/data", f"--username={superuser}", "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        with run_as(account, command, folder, log) as initdb:
            initdb.wait()
    if initdb.returncode != 0:
        raise SystemExit(f"initdb could not make a PostgreSQL cluster:\n{read_log(folder)}")


def start_server(
    programs: Path, folder: Path, account: pwd.struct_passwd, how: Mapping[str, str] = SETTINGS
) -> subprocess.Popen[bytes]:
    settings = [part for name, value in how.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return run_as(
            account, [str(programs / "postgres"), "-D", f"{folder}/data", "-k", str(folder), *settings], folder, log
        )


def run_as(account: pwd.struct_passwd, command: list[str], folder: Path, log: BinaryIO) -> subprocess.Popen[bytes]:
    """Starts a program of the server's, out of reach of the terminal's Ctrl-C, which is for the tests."""
    root = os.geteuid() == 0
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**without_pg(os.environ), "HOME": str(folder), "TZ": "UTC", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=account.pw_uid if root else None,
        group=account.pw_gid if root else None,
        extra_groups=[] if root else None,
    )


def without_pg(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without PGHOST, PGUSER and the like, which would lead a client to another server."""
    return {name: value for name, value in environment.items() if not name.startswith("PG")}


def wait_until_ready(server: subprocess.Popen[bytes], programs: Path, folder: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        if subprocess.call([programs / "pg_isready", "--quiet", "--host", folder], env=without_pg(os.environ)) == 0:
            return
        time.sleep(0.05)
    raise SystemExit(f"The private PostgreSQL server did not start. Its log:\n{read_log(folder)}")


def read_log(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace")


def run_with_server(command: list[str]) -> int:
    """Runs the command while a private server is up, and gives its exit code."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("No PostgreSQL server programs were found, in /usr/lib/postgresql or on PATH.")
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # The command ends first, then the server. Before there is a command, the start itself is given up.
        if child is None:
            raise SystemExit(128 + number)
        if number != signal.SIGINT:  # the terminal has sent that one to the command as well
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    with private_server(programs) as url:
        child = subprocess.Popen(command, env={**without_pg(os.environ), "KETCARE_TEST_DATABASE_URL": url})
        code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    if sys.argv[1:] == ["--find"]:
        found = find_programs()
        print(found or "no PostgreSQL server programs")
        sys.exit(0 if found else 1)
    sys.exit(run_with_server(sys.argv[1:]))
