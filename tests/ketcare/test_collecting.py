"""Static files are compressed once, and again where that broke off."""

import gzip
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from ketcare.collecting import CollectedFiles, OnceCompressor

WORDS = b"Take it slowly. " * 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.0123456789ab.css"
    path.write_bytes(WORDS)
    return path


def compress(path: Path) -> list[str]:
    return [Path(made).name for made in OnceCompressor(quiet=True).compress(str(path))]


def test_a_file_gets_both_forms(file: Path):
    assert compress(file) == [f"{file.name}.br", f"{file.name}.gz"]
    assert brotli.decompress(file.with_name(f"{file.name}.br").read_bytes()) == WORDS
    assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()) == WORDS
    assert len(list(file.parent.iterdir())) == 3


def test_a_file_that_has_them_is_left(file: Path):
    compress(file)
    assert compress(file) == []


@pytest.mark.parametrize("there", ["", ".br", ".br.part", ".gz.part"])
def test_where_it_broke_off_both_are_made_again(file: Path, there: str):
    file.with_name(f"{file.name}.br").write_bytes(b"half")
    file.with_name(file.name + there).write_bytes(WORDS)
    assert compress(file) == [f"{file.name}.br", f"{file.name}.gz"]


def test_a_form_that_cannot_be_written_whole_is_not_there(file: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr("os.utime", full)
    with pytest.raises(OSError, match="no space"):
        compress(file)
    assert not file.with_name(f"{file.name}.br").exists()


def test_the_site_collects_its_files_so(tmp_path: Path):
    source = FileSystemStorage(settings.BASE_DIR / "static" / "css")
    files = {"site.css": (source, "site.css")}
    made = []
    for _start in range(2):
        storage = CollectedFiles(location=tmp_path, base_url="/static/")
        with source.open("site.css") as file:
            storage.save("site.css", file)
        made.append({str(hashed) for _name, hashed, _processed in storage.post_process(files)})
    (stylesheet,) = made[1]
    assert made[0] == {stylesheet, f"{stylesheet}.br", f"{stylesheet}.gz"}
