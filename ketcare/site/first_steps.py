"""From a new staff account to the desk: what is done, what comes next, each step whenever one likes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles.forms import ReviewerForm
from articles.models import Reviewer
from ketcare import crisis
from ketcare.accounts.models import User
from ketcare.desk import at_the_desk, factors_of
from ketcare.site import events
from ketcare.site.clinic import publish
from ketcare.site.events import Verb
from ketcare.site.models import Clinic, Event


@dataclass(frozen=True)
class Step:
    title: str
    why: str
    url: str
    done: bool


def steps_of(user: User) -> Iterator[Step]:
    """The steps that are that person's to do, in the order that makes most sense."""
    yield Step(
        _("A second step at sign-in"),
        _("A passkey, or an app that shows codes. The desk opens to nobody without one."),
        reverse("mfa_index"),
        bool(factors_of(user)),
    )
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    yield Step(
        _("Recovery codes"),
        _("They are shown once. Write them down: with them you get back in when your phone is lost."),
        reverse("mfa_view_recovery_codes") if codes else reverse("mfa_index"),
        codes is not None and codes.wrap().did_view,
    )
    if user.has_perm("site.change_clinic"):
        yield Step(
            _("Your clinic"),
            _("Its name and phone stand where a page says whom to call."),
            reverse("first_steps_clinic"),
            Clinic.objects.exclude(name="", phone="").exists(),
        )
        yield Step(
            _("Crisis numbers"),
            _("See that the numbers at the top of every page are those of your country."),
            reverse("first_steps_region"),
            Event.objects.filter(verb=Verb.REGION, object_ref=crisis.region().code).exists(),
        )
    if user.has_perm("articles.add_reviewer"):
        yield Step(
            _("Who reviews"),
            _("If you sign guides yourself: your name, your credential, and what could sway you."),
            reverse("first_steps_reviewer"),
            Reviewer.objects.filter(user=user).exists(),
        )


def next_of(steps: Iterable[Step]) -> Step | None:
    """What comes next; None once all is done."""
    return next((step for step in steps if not step.done), None)


@require_safe
@login_required
def first_steps(request: HttpRequest) -> HttpResponseBase:
    user = cast(User, request.user)
    if not user.is_staff:
        raise Http404
    steps = list(steps_of(user))
    following = next_of(steps)
    if following is None:
        return redirect("admin:index")
    return render(request, "first_steps/index.html", {"steps": steps, "following": following})


class ClinicForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Clinic
        fields = ("name", "phone", "hours", "after_hours_phone", "email", "booking_url", "session_day_note")
        widgets = {"session_day_note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["phone"].required = True


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@permission_required("site.change_clinic", raise_exception=True)
def clinic(request: HttpRequest) -> HttpResponseBase:
    row = Clinic.objects.filter(pk=1).first() or Clinic(pk=1)
    form = ClinicForm(request.POST or None, instance=row)
    if form.is_valid():
        with transaction.atomic():
            saved = form.save()
            events.record(Verb.CLINIC, owner=cast(User, request.user).ref)
            transaction.on_commit(partial(publish, saved))
        return _on(request)
    return render(request, "first_steps/clinic.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@permission_required("site.change_clinic", raise_exception=True)
def region(request: HttpRequest) -> HttpResponseBase:
    """The region is a choice of whoever runs the site: here it is looked at, and written down that somebody did."""
    here = crisis.region()
    if request.method == "POST":
        events.record(Verb.REGION, owner=cast(User, request.user).ref, object_ref=here.code)
        return _on(request)
    others = [each for each in crisis.regions().values() if each.code != here.code]
    return render(request, "first_steps/region.html", {"here": here, "others": others})


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@permission_required("articles.add_reviewer", raise_exception=True)
def reviewer(request: HttpRequest) -> HttpResponseBase:
    """ "I am the reviewer": a profile for one's own account."""
    user = cast(User, request.user)
    if Reviewer.objects.filter(user=user).exists():
        return redirect("first_steps")
    today = timezone.now().date()
    form = ReviewerForm(request.POST or None, initial={"name": user.name, "verified_on": today.isoformat()})
    if form.is_valid():
        profile: Reviewer = form.save(commit=False)
        profile.user, profile.slug = user, free_slug(profile.name)
        with transaction.atomic():
            profile.save()
            events.record(Verb.REVIEWER, owner=user.ref, object_ref=profile.slug)
        return _on(request)
    return render(request, "first_steps/reviewer.html", {"form": form})


def free_slug(name: str) -> str:
    """An address for that name which no reviewer has."""
    wanted = slugify(name)[:50] or "reviewer"
    taken = set(Reviewer.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if slug not in taken)


@require_safe
@login_required
def next_step(request: HttpRequest) -> HttpResponseBase:
    """Straight to what comes next, or to the desk: the list of steps is there for who wants to choose."""
    user = cast(User, request.user)
    if not user.is_staff:
        raise Http404
    following = next_of(steps_of(user))
    if following is None:
        return redirect("admin:index")
    if following.url == reverse("mfa_index"):  # allauth's page, which does not know why somebody comes
        messages.info(request, following.why)
    return redirect(following.url)


def _on(request: HttpRequest) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect("first_steps_next")
