"""A zip file that goes out as it is made."""

import datetime as dt
import io
import random
import zipfile
from collections.abc import Iterator

from journal.zipping import zipped

NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def opened(pieces: Iterator[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_the_files_are_in_it_whole():
    archive = opened(zipped([("a.txt", ["Zażółć ", "🌊"]), ("b.txt", [])], at=NOON))
    assert archive.testzip() is None
    assert {name: archive.read(name).decode() for name in archive.namelist()} == {"a.txt": "Zażółć 🌊", "b.txt": ""}
    assert archive.getinfo("a.txt").date_time == (2026, 11, 2, 12, 0, 0)


def test_pieces_go_out_before_the_last_one_is_made():
    chance, made = random.Random(1), []  # noqa: S311 (words that do not shrink)

    def texts() -> Iterator[str]:
        for number in range(100):
            made.append(number)
            yield chance.randbytes(20_000).hex()

    flow = zipped([("a.txt", texts())], at=NOON)
    first = next(flow)
    assert first
    assert len(made) < 10
    assert opened(iter([first, *flow])).getinfo("a.txt").file_size == 100 * 40_000


def test_whoever_stops_in_the_middle_leaves_nothing_open():
    flow = zipped([("a.txt", ("word" * 100_000 for _ in range(100)))], at=NOON)
    next(flow)
    flow.close()
