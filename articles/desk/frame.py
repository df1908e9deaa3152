"""What the pages of the desk about one guide have in common: the way to it, and the frame of the admin."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import review
from articles.models import Guide, PublicState, Reviewer
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.events import Verb

View = Callable[..., HttpResponseBase]


def for_guide(permission: str) -> Callable[[View], View]:
    """Gives the view the guide that its address names. 404 for none, 403 without that permission."""

    def with_permission(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not user_of(request).has_perm(permission):
                raise PermissionDenied
            return view(request, get_object_or_404(Guide, pk=pk), *args, **kwargs)

        return gate

    return with_permission


def user_of(request: HttpRequest) -> User:
    """Who sits there: the gate of the desk lets nobody else through."""
    return cast(User, request.user)


def reviewer_of(user: User) -> Reviewer | None:
    """The profile under which that person signs; None where there is none."""
    return Reviewer.objects.filter(user=user, sample=False).first()


def name_of(guide: Guide) -> str:
    """What the desk calls a guide: the title that readers know, else that of its newest words, else its address."""
    words = guide.live or guide.revisions.order_by("-number").first()
    return words.title if words and words.title else str(guide)


def state_of(guide: Guide) -> PublicState:
    """What a reader meets at the guide's address now."""
    [read] = Guide.objects.filter(pk=guide.pk).with_words()
    return read.public_state(timezone.now())


def desk_page(
    request: HttpRequest, template: str, *, title: str, guide: Guide | None = None, status: int = 200, **context: Any
) -> HttpResponseBase:
    """A page in the admin's frame; with a guide, its breadcrumbs lead to it."""
    shown = {
        **admin.site.each_context(request),
        "title": title,
        "opts": Guide._meta,
        "guide": guide,
        "guide_name": name_of(guide) if guide else "",
        **context,
    }
    return render(request, template, shown, status=status)


@dataclass(frozen=True)
class Question:
    """A page that asks before something is done to a guide. `about` names the part of its template that says what
    follows; `done` is said afterwards, on the page of the guide or on the work list."""

    deed: Any
    button: Any
    about: str
    verb: Verb
    done: Any
    to_work_list: bool = False

    def asked(self, request: HttpRequest, guide: Guide, form: Any, do: Callable[[], object]) -> HttpResponseBase:
        """Shows the page, or does it where the form was sent and is valid; why it was refused stands on the page."""
        if form.is_valid():
            try:
                do()
            except review.Refused as problem:
                form.add_error(None, str(problem))
            else:
                write_down(request, self.verb, guide)
                messages.success(request, self.done)
                return (
                    redirect("admin:index") if self.to_work_list else redirect("admin:articles_guide_words", guide.pk)
                )
        return desk_page(
            request,
            "admin/articles/question.html",
            title=_("%(deed)s: %(guide)s") % {"deed": self.deed, "guide": name_of(guide)},
            guide=guide,
            form=form,
            button=self.button,
            about=self.about,
            status=409 if form.is_bound and form.non_field_errors() else 200,
        )


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: nothing before it was sent."""
    return request.POST if request.method == "POST" else None


def write_down(request: HttpRequest, verb: Verb, guide: Guide) -> None:
    """The deed as an event of whoever did it: which guide, and no word of it."""
    events.record(verb, owner=user_of(request).ref, object_ref=str(guide), now=timezone.now())


def tell_of_save(request: HttpRequest) -> None:
    at = timezone.localtime(timezone.now(), user_of(request).zone)
    messages.success(request, _("Saved at %(time)s.") % {"time": f"{at:%H:%M}"})
