"""The bytes of a guide's first view: HTML and CSS in brotli, with the headers of both answers, as they cross the wire.

    .venv/bin/python -m bench.first_view

Exit code 1 where a guide takes more than fits into the first ten packets of a new connection (14,600 bytes).
"""

import re
import socket
import sys

from bench.machine import machine
from bench.server import free_port, serving, site

LIMIT = 14_600


def answer(port: int, path: str, form: str = "br") -> bytes:
    """Everything that the server sends for a path, headers included."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:8000\r\nAccept-Encoding: {form}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def named(port: int, path: str, pattern: str) -> list[str]:
    """What the page at that path, uncompressed, says in the pattern's group."""
    return re.findall(pattern, answer(port, path, "identity").decode())


def main() -> None:
    port, too_large = free_port(), False
    with site() as (_folder, environment), serving("ketcare.wsgi:application", port, environment):
        css = len(answer(port, named(port, "/", r'<link rel="stylesheet" href="([^"]+)"')[0]))
        print(f"{css:6} bytes of CSS with headers")
        for guide in named(port, "/sitemap.xml", r"<loc>http://localhost:8000(/guides/[^<]+/[^<]+/)</loc>"):
            html = len(answer(port, guide))
            too_large = too_large or css + html > LIMIT
            print(f"{html:6} bytes of HTML with headers, {css + html:6} in all: {guide}")
    print(f"limit {LIMIT}; {machine()}")
    sys.exit(1 if too_large else 0)


if __name__ == "__main__":
    main()
