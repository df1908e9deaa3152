"""Which keys of the ring stored rows depend on."""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.db import connections
from django.db.models import Count, Model
from django.utils import timezone

from ketcare import sealing

Keys = Counter[str]  # how many rows stand under each key, by its id
SIGNATURES = "signatures on guides"
HTML = "finished HTML"


def counted(using: str = "default") -> dict[str, Keys]:
    """How many rows of each kind stand under each key. A kind that has no table yet is left out."""
    tables = set(connections[using].introspection.table_names())
    return {kind: count(using) for kind, (model, count) in _kinds().items() if model._meta.db_table in tables}


def keys_in_use(using: str = "default") -> set[str]:
    """The ids of the keys without which something is lost; empty in a new database. HTML is made again."""
    return {key_id for kind, rows in counted(using).items() if kind != HTML for key_id in rows}


def _kinds() -> dict[str, tuple[type[Model], Callable[[str], Keys]]]:
    from allauth.mfa.models import Authenticator

    from articles.models import Rendering, Review
    from journal.models import DataKey
    from ketcare.accounts.models import WebSession
    from ketcare.site.models import Outbox

    return {
        "journals": (DataKey, lambda using: _by_column(DataKey, "master_key_id", using)),
        SIGNATURES: (Review, lambda using: _by_column(Review, "key_id", using)),
        HTML: (Rendering, lambda using: _by_column(Rendering, "key_id", using)),
        "second factors": (Authenticator, lambda using: _in_headers(_secrets(using))),
        "mails that wait": (Outbox, lambda using: _in_headers(_mails(using))),
        "signed-in browsers": (WebSession, lambda using: _in_headers(_web_sessions(using))),
    }


def _by_column(model: type[Model], column: str, using: str) -> Keys:
    rows = model._default_manager.using(using).order_by().values_list(column).annotate(Count("pk"))
    return Counter(dict(rows))


def _in_headers(rows: Iterable[sealing.Stored]) -> Keys:
    found: Keys = Counter()
    for sealed in rows:
        try:
            found[sealing.key_id_of(sealed)] += 1
        except sealing.CannotOpen:
            continue  # damaged: no key opens it
    return found


def _web_sessions(using: str) -> Iterator[sealing.Stored]:
    """Those that are over depend on nothing any more."""
    from ketcare.accounts.models import WebSession

    running = WebSession.objects.using(using).filter(expires_at__gt=timezone.now())
    return running.values_list("sealed", flat=True).order_by().iterator()


def _mails(using: str) -> Iterator[sealing.Stored]:
    """One that went out has no words any more."""
    from ketcare.site.models import Outbox

    return Outbox.objects.using(using).exclude(sealed=b"").values_list("sealed", flat=True).order_by().iterator()


def _secrets(using: str) -> Iterator[bytes]:
    """What is sealed in the data of second factors: the secret of an app, the seed of recovery codes."""
    from allauth.mfa.models import Authenticator

    for factor in Authenticator.objects.using(using).values_list("data", flat=True).iterator():
        for name in ("secret", "seed"):
            try:
                yield base64.urlsafe_b64decode(str(factor.get(name, "")))
            except binascii.Error:
                continue  # nothing of ours
