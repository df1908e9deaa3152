"""The site's addresses, and one for each way in which a view can fail."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import path

from ketcare.urls import handler400, handler403, handler404, handler500
from ketcare.urls import urlpatterns as ours

# Stands in what the failures say and in what is sent to them: it may be on no page.
SECRET = "canary-7f3a9c"


def raising(problem: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        words_in_the_frame = SECRET  # noqa: F841  (a page with a trace would show it)
        raise problem

    return view


def answering(response: Callable[[], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: response()


def in_own_words() -> HttpResponse:
    return HttpResponse("Own words.", status=429, headers={"Cache-Control": "public, max-age=60"})


urlpatterns = [
    *ours,
    path("bad-request/", raising(SuspiciousOperation(SECRET))),
    path("forbidden/", raising(PermissionDenied(SECRET))),
    path("missing/", raising(Http404(SECRET))),
    path("not-allowed/", answering(lambda: HttpResponseNotAllowed(["PATCH"]))),
    path("too-large/", answering(lambda: HttpResponse(status=413))),
    path("too-many/", answering(lambda: HttpResponse(status=429, headers={"Retry-After": "60"}))),
    path("in-own-words/", answering(in_own_words)),
    path("broken/", raising(RuntimeError(SECRET))),
    path("database-away/", raising(OperationalError(SECRET))),
    path("connection-gone/", raising(InterfaceError(SECRET))),
    path("form/", answering(lambda: HttpResponse("Taken in."))),
]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
