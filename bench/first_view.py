"""The bytes of a guide's first view: HTML and CSS in brotli, with the headers of both answers, as they cross the wire.

    .venv/bin/python -m bench.first_view

Exit code 1 where a guide takes more than fits into the first ten packets of a new connection (14,600 bytes).
"""

import re
import socket
import sys

from bench.machine import machine
from bench.server import GUIDES, free_port, serving, site

LIMIT = 14_600


def answer(port: int, path: str) -> bytes:
    """Everything that the server sends for a path, headers included."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def stylesheet(port: int) -> str:
    request = "GET / HTTP/1.1\r\nHost: localhost:8000\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request.encode())
        page = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    found = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)
    if not found:
        raise SystemExit("The start page names no stylesheet.")
    return found[1]


def main() -> None:
    port, too_large = free_port(), False
    with site() as (_folder, environment), serving("ketcare.wsgi:application", port, environment):
        css = len(answer(port, stylesheet(port)))
        print(f"{css:6} bytes of CSS with headers")
        for guide in GUIDES:
            html = len(answer(port, guide))
            too_large = too_large or css + html > LIMIT
            print(f"{html:6} bytes of HTML with headers, {css + html:6} in all: {guide}")
    print(f"limit {LIMIT}; {machine()}")
    sys.exit(1 if too_large else 0)


if __name__ == "__main__":
    main()
