"""What an error report may hold (DEFAULT_EXCEPTION_REPORTER_FILTER): of a private page, neither posts nor variables."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

PRIVATE = ("/accounts/", "/journal/", "/admin/")


class NothingPrivate(SafeExceptionReporterFilter):
    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if _is_private(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        nothing: dict[str, Any] = {}
        return nothing.items() if _is_private(request) else super().get_traceback_frame_variables(request, tb_frame)


def _is_private(request: HttpRequest | None) -> bool:
    return request is not None and request.path.startswith(PRIVATE)
