"""The page on which somebody chooses, and the one that ends mails by their link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal import reminders
from journal.choices import ChoicesForm
from journal.gate import journal_page, owner_of
from journal.models import Reminder


@require_http_methods(["GET", "HEAD", "POST"])
@journal_page
def choices_page(request: HttpRequest) -> HttpResponseBase:
    form = ChoicesForm(request.POST if request.method == "POST" else None, owner=owner_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("journal_choices")
    return render(request, "journal/choices.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link of such a mail ends them, signed in or not."""
    owner = reminders.owner_with(token)
    if owner is None:
        return render(request, "journal/reminders_over.html", status=404)
    if request.method == "POST":
        reminders.stop(owner, now=timezone.now())
    return render(request, "journal/stop_reminders.html", {"stopped": not Reminder.objects.filter(owner=owner)})
