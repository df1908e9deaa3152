"""A word that nobody else writes, and every form and place in which it could lie about."""

import re
import tempfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote, quote_plus

from django.conf import settings
from django.db import connection

ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
INFLATED_AT_MOST = 1_000_000


def forms_of(word: str) -> dict[str, bytes]:
    """The word as it would look in bytes, by the name of the form."""
    plain = word.encode()
    found = {
        "raw": plain,
        "utf-16": word.encode("utf-16-le"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "url": quote(word, safe="").encode(),
        "url-plus": quote_plus(word).encode(),
        "json": word.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00"),
    }
    for offset in range(3):
        # Of a longer text in base64, the middle of the word always looks the same.
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            whole = encode(b"\0" * offset + plain + b"\0\0").rstrip(b"=")
            found[f"{name}-{offset}"] = whole[4:-4]
    return found


def seen_in(content: bytes, forms: dict[str, bytes]) -> set[str]:
    """The names of the forms in which the word stands there, compressed or not."""
    found = {name for name, form in forms.items() if form in content}
    if any(forms["raw"] in inflated for inflated in _inflated(content)):
        found.add("zlib")
    return found


def _inflated(content: bytes) -> Iterator[bytes]:
    """What every place that looks like the start of a compressed text gives."""
    for head in re.finditer(b"|".join(map(re.escape, ZLIB_HEADS)), content):
        try:
            yield zlib.decompressobj().decompress(content[head.start() : head.start() + 65_536], INFLATED_AT_MOST)
        except zlib.error:
            continue


def files() -> Iterator[Path]:
    """Everything that this site, its database and its tests write: database, WAL, cache, mail, temporary files."""
    folders = [Path(settings.VAR_DIR)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SHOW data_directory")
            folders.append(Path(cursor.fetchone()[0]).parent)
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts)


def temporary_files() -> set[Path]:
    """What lies directly in the folder for temporary files."""
    found = Path(tempfile.gettempdir()).iterdir()
    return {path for path in islice(found, 10_000) if path.is_file() and not path.is_symlink()}


def places(before: set[Path]) -> Iterator[tuple[str, bytes]]:
    """Each file by its name, and its content; of temporary ones those that were not there before."""
    for path in [*files(), *(temporary_files() - before)]:
        try:
            yield str(path), path.read_bytes()
        except (FileNotFoundError, PermissionError):
            continue  # it went meanwhile, or is another's
