"""The reading grade of each shipped guide, as `articles.readability` counts it.

.venv/bin/python -m bench.reading_grade
"""

from articles.readability import grade
from articles.source import parse
from bench.server import ROOT


def main() -> None:
    for path in sorted((ROOT / "content" / "guides" / "en").glob("*/*.md")):
        body = parse(path.read_text(encoding="utf-8"), path).body
        print(f"{grade(body):4.1f} {path.parent.name}/{path.stem}")


if __name__ == "__main__":
    main()
