"""The field of the editor, as it comes without JavaScript; and what is vendored for it."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from articles.desk.editor import PARTS, MarkdownEditor
from articles.models import Source
from articles.sanitising import PARTS as KNOWN_PARTS
from tests.articles.making import made

VENDORED = settings.BASE_DIR / "static" / "vendor" / "easymde"


class Form(forms.Form):
    body = forms.CharField(widget=MarkdownEditor(attrs={"rows": 40}), label="Text")


@pytest.fixture
def html(trial: Source) -> str:
    return str(Form(initial={"body": "\n<b> & {emergency}\n"})["body"])


def test_it_is_a_plain_text_area_that_gives_the_text_back_to_the_letter(html: str):
    found = re.search(r"<textarea ([^>]*)>\n(.*?)</textarea>", html, re.DOTALL)
    assert found is not None
    assert found[2] == "\n&lt;b&gt; &amp; {emergency}\n"
    for attribute in ('name="body"', 'id="id_body"', 'rows="40"', "required"):
        assert attribute in found[1]


def test_what_needs_javascript_is_hidden_until_it_comes(html: str):
    for part in ("data-tools", "data-keys", "data-findings", "data-shown"):
        assert re.search(rf"{part}[^>]* hidden", html), part


def test_help_names_every_part_every_source_and_every_token(html: str):
    text = html.partition("editor-help")[2]
    for written in (*(part.markdown for part in PARTS), "[@trial-2020]", "{emergency}", "{crisis}", "{clinic}"):
        assert f"<code>{written}</code>" in text
    assert {part.name for part in PARTS} == set(KNOWN_PARTS)


def test_without_a_source_help_says_so(db: None):
    assert "None yet. Add one under Sources first." in str(Form()["body"])


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_that_is_put_in_is_one(part):
    assert made(f"{part.markdown}\n\n- words\n").parts == [part.name]


def test_its_files_are_there_and_all_of_them_are_ours():
    paths = re.findall(r'(?:src|href)="([^"]+)"', str(Form().media))
    assert len(paths) == 5
    for path in paths:
        assert path.startswith(settings.STATIC_URL)
        assert finders.find(path.removeprefix(settings.STATIC_URL)), path


def test_the_vendored_files_can_be_collected_under_hashed_names(tmp_path: Path):
    storage = CompressedManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(settings.BASE_DIR / "static")
    names = [f"vendor/easymde/{path.relative_to(VENDORED)}" for path in VENDORED.rglob("*") if path.is_file()]
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    done = {name: hashed for name, hashed, _processed in storage.post_process({name: (source, name) for name in names})}
    assert re.fullmatch(r"vendor/easymde/easymde\.min\.[0-9a-f]{12}\.js", str(done["vendor/easymde/easymde.min.js"]))
    assert not any(isinstance(result, Exception) for result in done.values())


def test_each_part_of_what_is_vendored_has_its_license():
    readme = (VENDORED / "README.md").read_text()
    licenses = {path.stem for path in (VENDORED / "licenses").iterdir()}
    assert licenses == {"codemirror", "codemirror-spell-checker", "marked", "typo-js"}
    assert "2.21.0" in readme
    assert "easymde v2.21.0" in (VENDORED / "easymde.min.js").read_text()[:200]
