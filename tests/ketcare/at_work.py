"""People who work on the desk, and their browsers."""

import re
import time
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver

from ketcare.accounts.models import User
from tests.ketcare.accounts.signing_in import account, add_totp


def colleague(email: str, *roles: str, **columns: Any) -> User:
    """A staff account with these roles."""
    user = account(email, None, is_staff=True, **columns)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles)
    return user


def sit_down(user: User, **headers: str) -> Client:
    """A browser in which somebody signed in with an authenticator app, a moment ago."""
    if not Authenticator.objects.filter(user=user, type="totp").exists():
        add_totp(user)
    client = Client(headers=headers)
    client.force_login(user)
    show_factor(client, user)
    return client


def show_factor(client: Client, user: User, kind: str = "totp", at: float | None = None) -> None:
    """As sign-in with a factor, and a re-authentication, leave it in the web session."""
    factor = Authenticator.objects.get(user=user, type=kind)
    session = client.session
    moment = {"at": time.time() if at is None else at, "reauthenticated": True}
    session["account_authentication_methods"] = [{"method": "mfa", "id": factor.pk, "type": kind, **moment}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def desk_addresses() -> list[str]:
    """One address for each pattern of the desk."""
    return sorted({"/admin/" + path for path in _paths(admin.site.get_urls())})


def _paths(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield _filled(route)


def _filled(route: str) -> str:
    route = re.sub(r"<\w+:\w+>", "1", route).replace("(?P<url>.*)$", "no/such/page/").replace("^", "")
    if route.startswith("(?P<app_label>"):
        route = "site/"
    assert not set("<>()?$") & set(route), f"How to fill {route}?"
    return route
