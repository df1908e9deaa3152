"""The site's addresses, and among those of the journal one for each way in which a post can fail."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import path

from ketcare.urls import handler400, handler403, handler404, handler500
from ketcare.urls import urlpatterns as ours
from tests.ketcare.faulty_urls import answering, raising

FAULTS = {
    "400": raising(SuspiciousOperation("x")),
    "403": raising(PermissionDenied("x")),
    "405": answering(lambda: HttpResponseNotAllowed(["PATCH"])),
    "413": answering(lambda: HttpResponse(status=413)),
    "429": answering(lambda: HttpResponse(status=429)),
    "500": raising(RuntimeError("x")),
    "503": raising(OperationalError("x")),
}
urlpatterns = [*(path(f"journal/fails/{status}/", view) for status, view in FAULTS.items()), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
