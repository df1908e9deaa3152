"""What holds for the project as a whole, read from its files."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def tracked(*patterns: str) -> list[Path]:
    """The project's own files that match, as git has them (or as they lie there, outside a checkout)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def lines_with(pattern: str, *files: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked(*files)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_one_place_alone_calls_html_safe():
    places = lines_with(
        r"\bmark_safe\(|\bSafeString\(|\|safe\b|autoescape off", "articles", "journal", "ketcare", "templates"
    )
    # Mails are plain text: what is escaped there would be read as it stands.
    files = [place.split(":")[0] for place in places]
    assert [name for name in files if not name.endswith(".txt")] == ["articles/presenting.py"]


def test_no_view_is_exempt_from_csrf_protection():
    assert lines_with(r"csrf_exempt", "articles", "journal", "ketcare") == []


@pytest.mark.parametrize("claim", ["end-to-end", "zero-knowledge", "only you can read"])
def test_no_page_claims_what_is_not_true(claim: str):
    assert lines_with(f"(?i){claim}", "templates", "content", "README.md", "docs/*.md") == []


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    without = [name for name in wanted if not re.search(rf'"{re.escape(name)}",\s+# \w', text)]
    assert without == []


def test_the_readme_names_every_variable_that_settings_read():
    settings = (ROOT / "ketcare/settings.py").read_text()
    read = set(re.findall(r'(?:env\.str|required|switch|one_of|db_url)\(\s*"([A-Z_]+)"', settings))
    readme = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert len(read) > 10
    assert read - readme == set()


def test_the_readme_names_every_command():
    folders = ("articles/management", "journal/management", "ketcare/site/management")
    commands = {path.stem for path in tracked(*folders) if path.stem != "__init__"}
    readme = (ROOT / "README.md").read_text()
    assert {name for name in commands if f"manage.py {name}" not in readme} == set()


def test_every_link_of_the_documentation_leads_somewhere():
    broken = []
    for path in tracked("README.md", "docs/*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not target.startswith("https://") and not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")
    assert broken == []


def test_the_lock_file_names_one_index_and_the_place_of_its_files():
    text = (ROOT / "uv.lock").read_text()
    assert len(set(re.findall(r'registry = "([^"]+)"', text))) == 1
    assert len(set(re.findall(r'url = "https://([^/"]+)', text))) == 1
