"""Finished pages: bytes, their compressed forms and their ETag, made once for words that many people read."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers

# A reader may get a page that is up to this many seconds old without asking, and once more while a fresh one is
# fetched. A withdrawal is therefore seen after a minute at the latest.
PUBLIC = "public, max-age=60, stale-while-revalidate=60"


@dataclass(frozen=True)
class ReadyPage:
    """One page as it goes out. `html` is what was rendered; the compressed forms are made when first asked for."""

    html: bytes

    @cached_property
    def brotli(self) -> bytes:
        return bytes(brotli.compress(self.html, mode=brotli.MODE_TEXT, quality=11))

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.html, compresslevel=9, mtime=0)

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.html).hexdigest()[:32]


@lru_cache(maxsize=128)
def ready(html: str) -> ReadyPage:
    """The finished page for that text; the most recent ones are kept with their compressed forms."""
    return ReadyPage(html.encode())


def answer(
    request: HttpRequest, page: ReadyPage, *, cache_control: str = PUBLIC, content_type: str | None = None
) -> HttpResponseBase:
    """The page in the best form that the reader takes, or 304 where they have it already."""
    accepted = _accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if "br" in accepted:
        body, encoding = page.brotli, "br"
    elif "gzip" in accepted:
        body, encoding = page.gzip, "gzip"
    else:
        body, encoding = page.html, ""
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = f'"{page.fingerprint}{"-" + encoding if encoding else ""}"'
    response.headers["Cache-Control"] = cache_control
    response.headers["Content-Length"] = str(len(body))
    if encoding:
        response.headers["Content-Encoding"] = encoding
    patch_vary_headers(response, ["Accept-Encoding"])
    conditional = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return conditional if conditional is not None else response


def page(request: HttpRequest, template: str, context: dict[str, Any], **how: str) -> HttpResponseBase:
    """That template, finished and answered; `how` goes to `answer`."""
    return answer(request, rendered(request, template, context), **how)


def rendered(request: HttpRequest, template: str, context: dict[str, Any]) -> ReadyPage:
    """That template as a finished page, with its one canonical address."""
    return ready(render_to_string(template, {"canonical": settings.SITE_URL + request.path, **context}))


def _accepted(header: str) -> set[str]:
    """The encodings of an Accept-Encoding header that are not refused with q=0."""
    accepted = set()
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        if parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip())
    return accepted
