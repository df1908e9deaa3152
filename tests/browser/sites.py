"""What the browser tests visit: the shipped guides, and one guide in each state that a reader can meet."""

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
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


def import_shipped_guides() -> None:
    """The site as it is after a first start. The import itself runs once for each process; its rows come back after."""
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    empty = [model for model in models if not model._base_manager.exists()]
    with transaction.atomic():
        if not _rows:
            _import()
            _rows.extend(found for model in empty if (found := list(model._base_manager.all())))
            return
        for found in _rows:
            found[0]._meta.model._base_manager.bulk_create(found)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [type(found[0]) for found in _rows]):
                cursor.execute(statement)


_rows: list[list[Model]] = []


def _import() -> None:
    now = timezone.now()
    results = importing.take_in(content.read(settings.CONTENT_DIR, now.date()), now=now)
    refused = [str(result) for result in results if isinstance(result, BadFile)]
    assert not refused, refused
