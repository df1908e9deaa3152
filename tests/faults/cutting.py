"""A wire that is cut: passes bytes between a client and the site, and cuts the next post before or after it arrived."""

import random
import socket
import threading
from typing import Literal

Cut = Literal["before", "after", ""]


class Wire:
    """Listens on `port`. `cut` says what becomes of the next post: it never arrives whole, or its answer never does."""

    def __init__(self, to: int, *, seed: int = 1) -> None:
        self.to, self.chance = to, random.Random(seed)  # noqa: S311 (nothing to guess)
        self.cut: Cut = ""
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.to), timeout=60) as site:
            client.settimeout(60)
            request = self._request_from(client)
            cut: Cut = ""
            if request.startswith(b"POST"):
                cut, self.cut = self.cut, ""
            if cut == "before":
                self.cuts += 1
                site.sendall(request[: self.chance.randrange(len(request))])
                return
            site.sendall(request)
            answer = site.recv(65536)
            if cut == "after":
                self.cuts += 1
                return
            while answer:
                client.sendall(answer)
                answer = site.recv(65536)

    def _request_from(self, client: socket.socket) -> bytes:
        """One whole request: its head, and as much as that says."""
        request = b""
        while b"\r\n\r\n" not in request:
            more = client.recv(65536)
            if not more:
                return request
            request += more
        head = request.partition(b"\r\n\r\n")[0].lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        while len(request) < len(head) + 4 + length:
            request += client.recv(65536)
        return request
