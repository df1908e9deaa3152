"""What people do at the door, as requests of a browser without JavaScript."""

import json
import re
import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.test import Client

from ketcare import keys, sealing
from ketcare.accounts.models import User, WebSession
from ketcare.site.models import Outbox

PASSWORD = "violet kettle anchors slowly"
OTHER_PASSWORD = "seven lanterns under maple"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0"


def account(email: str, password: str | None = PASSWORD, **columns: Any) -> User:
    """An account whose address is proved."""
    user = User.objects.create_user(email, password, **columns)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def try_to_sign_in(client: Client, email: str, password: str = PASSWORD, /, **headers: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password}, headers=headers)


def sign_in(client: Client, user: User, password: str = PASSWORD, /, **headers: str) -> Client:
    """The same browser, signed in."""
    response = try_to_sign_in(client, user.email, password, **headers)
    assert response.status_code == 302, response.content.decode()
    assert cookie_of(client)
    return client


def signed_in(user: User) -> Client:
    """A browser in which somebody signed in a moment ago with their password; without the request for that, which
    costs more than many a page."""
    client = Client()
    client.force_login(user)
    method = {"method": "password", "at": time.time(), "email": user.email}
    set_in_session(client, account_authentication_methods=[method], account_authentication_methods_user=str(user.pk))
    return client


def reauthenticate(client: Client, password: str = PASSWORD, /, next_page: str = "/accounts/settings/") -> Any:
    return client.post("/accounts/reauthenticate/", {"password": password, "next": next_page})


def cookie_of(client: Client) -> str:
    """The key of the web session; empty where there is none."""
    morsel = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def with_cookie(value: str) -> Client:
    """Another browser, into which somebody pasted that cookie."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = value
    return client


def is_signed_in(client: Client) -> bool:
    response = client.get("/accounts/browsers/")
    assert response.status_code in {200, 302}
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/accounts/login/")
    return bool(response.status_code == 200)


def session_of(client: Client) -> dict[str, Any]:
    return dict(client.session)


def set_in_session(client: Client, **values: Any) -> None:
    session = client.session
    session.update(values)
    session.save()


def sessions_of(user: User) -> list[WebSession]:
    return list(WebSession.objects.filter(owner=user))


def mails() -> list[dict[str, str]]:
    """The mails that wait in the outbox, oldest first: kind, to, subject, body."""
    found = []
    for mail in Outbox.objects.order_by("pk"):
        words = json.loads(sealing.unseal_for(keys.OUTBOX, mail.sealed, context=(mail.key,)))
        found.append({"kind": mail.kind, **words})
    return found


def code_in(mail: dict[str, str]) -> str:
    """The code that stands in a mail, such as BCDF-GHJK."""
    found: set[str] = set(re.findall(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b", mail["body"]))
    assert len(found) == 1, mail["body"]
    return found.pop()


def add_totp(user: User) -> str:
    """Gives the account an authenticator app; its secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str, at: float | None = None) -> str:
    """The code of the app at that time; by default the one of now, which is good for two seconds at least."""
    if at is None and (left := 30 - time.time() % 30) < 2:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int((time.time() if at is None else at) // 30))))


def add_recovery_codes(user: User) -> list[str]:
    return list(RecoveryCodes.activate(user).get_unused_codes())


def factors_of(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
