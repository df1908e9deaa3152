"""What somebody posted to their journal, given back in the page that says that it was not taken in.

Needs no database, no web session and no form: it has to work when nothing else does.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token

PREFIX: Final = "/journal/"
# A body that is larger than what the site takes in is still read up to here, so that it can be given back.
MOST: Final = 4 * 1024 * 1024
CSRF: Final = "csrfmiddlewaretoken"
# Fields in which nobody wrote: they go along when the words are sent again, and are not shown.
SILENT: Final = {"token", "keep", "answer", "mood", "phase", "date", "time", "number", "had_before", "settle"} | {
    *("card", "question", "chip", "shape", "state", "to", "of", "at")
}
# After these the very same post may go well; after others it would not.
WORTH_ANOTHER_TRY: Final = {429, 500, 503}


@dataclass(frozen=True)
class GivenBack:
    """`texts` as they were typed; `silent` is what else the form held; `csrf` is there where it may be sent again."""

    path: str
    texts: tuple[tuple[str, str], ...]
    silent: tuple[tuple[str, str], ...]
    csrf: str = ""


def from_post(request: HttpRequest, status: int) -> GivenBack | None:
    """What the post held, or None where it was no post to the journal, or held no words."""
    if request.method != "POST" or not request.path.startswith(PREFIX):
        return None
    fields = [(name, text) for name, text in _fields(request) if name != CSRF and text]
    texts = tuple(field for field in fields if field[0] not in SILENT)
    if not texts:
        return None
    silent = tuple(field for field in fields if field[0] in SILENT)
    return GivenBack(request.path, texts, silent, get_token(request) if status in WORTH_ANOTHER_TRY else "")


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return [(name, str(text)) for name, texts in request.POST.lists() for text in texts]
    except RequestDataTooBig:
        return _fields_of_too_much(request)
    except (SuspiciousOperation, TooManyFieldsSent, UnreadablePostError, MultiPartParserError):
        return []


def _fields_of_too_much(request: HttpRequest) -> list[tuple[str, str]]:
    kind = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if kind != "application/x-www-form-urlencoded" or length > MOST:
        return []
    try:
        body: Any = request.read(length)
        return parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100)
    except (ValueError, UnreadablePostError):
        return []
