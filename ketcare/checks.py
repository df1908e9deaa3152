"""System checks of our own."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone


def database_is_reliable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite keeps an acknowledged write only with these settings; nobody may lose them by accident."""
    options = settings.DATABASES["default"].get("OPTIONS", {})
    if connection.vendor == "sqlite" and "synchronous=FULL" not in options.get("init_command", ""):
        return [Error("SQLite runs without synchronous=FULL.", hint="Set it in DATABASES.", id="ketcare.E001")]
    return []


def tries_are_counted_by_reader(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where a proxy holds the certificate, all readers come from its address, unless the site looks behind it."""
    if not settings.HTTPS or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    return [
        checks.Warning(
            "Behind a proxy, all readers share one count of tries at sign-in, and anyone can use it up.",
            hint="Set TRUSTED_PROXIES to how many proxies of yours stand before the site.",
            id="ketcare.W001",
        )
    ]


def no_sample_is_public(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A public site shows only words that a real clinician signed."""
    from articles.models import Guide

    try:
        guides = Guide.objects.published().with_words()
    except DatabaseError:
        return []  # not migrated yet, so nothing is public
    now = timezone.now()
    samples = [guide for guide in guides if guide.public_state(now).is_sample]
    if not samples:
        return []
    return [
        Error(
            f"{len(samples)} sample guides are public, such as {samples[0].get_absolute_url()}.",
            hint="Have a clinician sign them, or withdraw them.",
            id="ketcare.E002",
        )
    ]
