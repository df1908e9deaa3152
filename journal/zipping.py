"""A zip file made while it is sent: its pieces go out as they are ready, and none is kept. Knows no model."""

import datetime as dt
import io
import zipfile
from collections.abc import Generator, Iterable

File = tuple[str, Iterable[str]]  # its name, and its text in pieces


class _Outflow(io.RawIOBase):
    """What the zip file is written into: it can only go forward, and gives away what it has."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        taken = bytes(piece)  # type: ignore[call-overload]  # whatever zipfile hands over
        self._pieces.append(taken)
        return len(taken)

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole


def zipped(files: Iterable[File], *, at: dt.datetime) -> Generator[bytes]:
    """The zip file of those files, in pieces; `at` is the time that stands beside them."""
    flow = _Outflow()
    with zipfile.ZipFile(flow, "w") as archive:
        for name, pieces in files:
            about = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(about, "w") as file:
                for piece in pieces:
                    file.write(piece.encode())
                    if ready := flow.taken():
                        yield ready
    yield flow.taken()
