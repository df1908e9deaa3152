"""Web sessions under a hash of their key, with a sealed content: what lies in the database is no cookie and no secret.

Django's session engine (SESSION_ENGINE). A session lasts twelve hours from its start, however busy it is.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ketcare import keys, sealing
from ketcare.accounts.models import WebSession
from ketcare.errors import database_away, is_database_away

LONGEST = dt.timedelta(hours=12)
DEVICE = "device"  # the words for the browser, kept in the session from sign-in on


def hash_of(key: str) -> str:
    """What stands in the database for the key in a cookie. The key is random, so a plain hash is enough."""
    return hashlib.sha256(b"ketcare web session " + key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One web session. The interface is Django's."""

    def _row(self) -> WebSession | None:
        key_hash = hash_of(self.session_key or "")
        return WebSession.objects.filter(key_hash=key_hash, expires_at__gt=timezone.now()).first()

    def load(self) -> dict[str, Any]:
        row = self._row() if self.session_key else None
        try:
            if row is not None:
                plain = sealing.unseal_for(keys.WEB_SESSION, row.sealed, context=(row.key_hash,))
                return dict(json.loads(plain))
        except sealing.CannotOpen:
            pass  # no better than a session that is over
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        return WebSession.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # django-stubs has it not
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Raises CreateError where a new key is taken, and UpdateError where the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        key_hash, now = hash_of(self.session_key), timezone.now()
        plain = json.dumps(content, separators=(",", ":")).encode()
        columns = {
            "owner_id": content.get(SESSION_KEY),
            "device": str(content.get(DEVICE, ""))[:80],
            "sealed": sealing.seal_for(keys.WEB_SESSION, plain, context=(key_hash,)),
            "seen_at": now,
        }
        if not must_create:
            if not WebSession.objects.filter(key_hash=key_hash).update(**columns):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                WebSession.objects.create(key_hash=key_hash, started_at=now, expires_at=now + LONGEST, **columns)
        except IntegrityError:
            if not self.exists(self.session_key):
                raise  # the account is gone
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            WebSession.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        WebSession.objects.filter(expires_at__lte=timezone.now()).delete()


class WebSessions(SessionMiddleware):
    """Where the database goes away between a deed and the note of it in the session, the answer is that it is away:
    with what was posted given back, so that it can be sent again."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except Error as problem:
            if not is_database_away(problem):
                raise
            return database_away(problem, request)
