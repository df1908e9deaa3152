"""A small guide and what lint says of it."""

from typing import Any

from articles.lint import Finding, findings_of
from articles.rendering import html_of
from articles.source import GuideFile, parse
from tests.articles.folder import ContentFolder


def guide_file(folder: ContentFolder, body: str | None = None, **fields: Any) -> GuideFile:
    if body is not None:
        fields["body"] = body
    return parse(folder.text(**fields), "rest.md")


def findings(folder: ContentFolder, body: str | None = None, *, language: str = "en", **fields: Any) -> list[Finding]:
    file = guide_file(folder, body, **fields)
    return findings_of(file, html_of(file.body, "en", file.sources), language=language)


def messages(folder: ContentFolder, body: str | None = None, **fields: Any) -> list[str]:
    return [finding.message for finding in findings(folder, body, **fields)]
