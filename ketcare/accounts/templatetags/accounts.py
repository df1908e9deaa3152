"""Tags of the pages about accounts."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from ketcare import crisis
from ketcare.accounts import passwords
from ketcare.accounts.forms import PRIVACY_VERSION
from ketcare.site import clinic

register = template.Library()


@register.simple_tag
def suggested_phrase() -> str:
    return passwords.suggested_phrase()


@register.simple_tag
def mail_folder() -> str:
    """Where this copy of the site puts its mails, as one would name it beside the code; empty where it sends them."""
    if not settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
        return ""
    folder = settings.MAIL_FOLDER
    return str(folder.relative_to(settings.BASE_DIR) if folder.is_relative_to(settings.BASE_DIR) else folder)


@register.inclusion_tag("account/privacy_words.html")
def privacy_words() -> dict[str, Any]:
    """What a person has before them when they make an account."""
    return {"clinic": clinic.details(), "region": crisis.region(), "version": PRIVACY_VERSION}


@register.inclusion_tag("account/email/not_you.txt")
def not_you(mailbox_is_left: bool = False) -> dict[str, Any]:
    """What to do where somebody else did what a mail tells of. `mailbox_is_left`: no code comes there any more."""
    return {"clinic": clinic.details(), "site": settings.SITE_URL, "mailbox_is_left": mailbox_is_left}


@register.filter
def as_json(value: object) -> str:
    """For an attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)
