"""What to do when something is lost, in plain words; and the stop that the mail about a factor reset leads to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ketcare.accounts import factor_resets
from ketcare.site import clinic


@require_safe
def ways_back(request: HttpRequest) -> HttpResponse:
    return render(request, "account/ways_back.html", {"clinic": clinic.details()})


@require_http_methods(["GET", "HEAD", "POST"])
def stop_factor_reset(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link may stop it, signed in or not: who lost their phone may still be robbed of the account."""
    reset = factor_resets.with_token(token)
    if reset is None:
        return render(request, "account/factor_reset_over.html", status=404)
    stopped = request.method == "POST" and factor_resets.stop(reset, by=reset.owner, now=timezone.now())
    return render(request, "account/factor_reset_stop.html", {"reset": reset, "stopped": stopped})
