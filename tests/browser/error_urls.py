"""The site's addresses, and one for each error page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from ketcare.errors import error_page
from ketcare.urls import handler400, handler403, handler404, handler500
from ketcare.urls import urlpatterns as ours


def error(request: HttpRequest, status: int) -> HttpResponse:
    return error_page(status)


urlpatterns = [*ours, path("error/<int:status>/", error)]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
