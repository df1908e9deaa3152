"""What the browser tests visit: the shipped guides, and one guide in each state that a reader can meet."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from articles import content, importing
from articles.source import BadFile

GUIDES = [
    "/guides/integration/why-the-days-after-matter/",
    "/guides/what-to-expect/integration-sessions/",
    "/guides/safety/side-effects-and-warning-signs/",
]
SHEETS = [
    "/sheets/",
    "/sheets/questions/",
    "/sheets/questions/after/",
    "/sheets/questions/not-helping/",
    "/sheets/taking-someone-home/",
    "/sheets/blank-week/",
]
# One address for each template; the guides share one.
TEMPLATES = [
    "/",
    "/guides/",
    "/guides/safety/",
    GUIDES[2],
    GUIDES[0] + "history/",
    "/reviewers/morgan-example/",
    "/sources/",
    "/faq/",
    "/glossary/",
    "/search/?q=ketmine+dizzy",
    "/search/?q=want+to+die",
    "/search/?q=qzxqzx",
    "/crisis/",
    "/about/",
    "/editorial-policy/",
    "/privacy/",
    "/accessibility/",
    "/export-format/",
    *SHEETS,
    "/no-such-page/",
]
SHIPPED = [f"/guides/{path.parent.name}/{path.stem}/" for path in sorted(settings.CONTENT_DIR.glob("guides/en/*/*.md"))]
ALL = list(dict.fromkeys([*TEMPLATES, *SHIPPED]))


def import_shipped_guides(now: dt.datetime | None = None) -> None:
    """The site as it is after a first start."""
    now = now or timezone.now()
    results = importing.take_in(content.read(settings.CONTENT_DIR, now.date()), now=now)
    refused = [str(result) for result in results if isinstance(result, BadFile)]
    assert not refused, refused
