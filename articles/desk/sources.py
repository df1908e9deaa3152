"""Sources on the desk: their records, safety notices about them, and the guides that rest on what changed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles import review
from articles.desk import frame
from articles.desk.source_form import SourceForm
from articles.models import Source, SourceChanged
from articles.review.fanout import guides_on
from articles.tables import RECORD
from articles.worklist import places
from ketcare.site import events
from ketcare.site.events import Verb


class NoticeForm(forms.Form):
    """What a safety notice says, for colleagues."""

    notice = forms.CharField(
        label=gettext_lazy("What the notice says, and where it can be read"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )


class ClearForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why the words stand as they are"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=gettext_lazy("Your name stands with this note."),
    )


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A live guide keeps the record of its source as it was signed: a change here marks the guides that rest on it."""

    form = SourceForm
    change_form_template = "admin/articles/source/change_form.html"
    list_display = ("key", "kind", "checked_on", "retracted_on")
    list_filter = ("kind",)
    search_fields = ("key",)

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        own = [
            path("<int:pk>/notice/", gate(enter_notice), name="articles_source_notice"),
            path("changes/<int:pk>/", gate(clear), name="articles_source_clear"),
        ]
        return [*own, *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """Field by field for those who write; whoever only looks sees the record as it is kept."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("key", *(RECORD if writes else ("record",)), "kind", "checked_on", "retracted_on")

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        marks = (
            SourceChanged.objects.filter(source__pk=object_id) if object_id.isdigit() else SourceChanged.objects.none()
        )
        context = {
            "marks": [_told(mark) for mark in marks.select_related("guide__live", "cleared_by").order_by("-raised_at")],
            "may_warn": request.user.has_perm("articles.add_sourcechanged"),
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        before = Source.objects.filter(pk=obj.pk).first()
        super().save_model(request, obj, form, change)
        by, now = frame.user_of(request), timezone.now()
        marked = review.source_was_changed(obj, before, by=by, now=now)
        if form.has_changed():
            events.record(Verb.SOURCE_CHANGED, owner=by.ref, object_ref=obj.key, now=now)
        if marked:
            messages.info(request, _marked(marked))


def _marked(guides: int) -> str:
    return ngettext(
        "%(guides)d guide rests on it: it is marked on the first page of the desk.",
        "%(guides)d guides rest on it: they are marked on the first page of the desk.",
        guides,
    ) % {"guides": guides}


def _told(mark: SourceChanged) -> dict[str, Any]:
    """A mark for templates."""
    return {"mark": mark, "guide": frame.name_of(mark.guide), "is_open": mark.cleared_at is None}


def _page(request: HttpRequest, template: str, *, title: str, form: forms.Form, **context: Any) -> HttpResponseBase:
    status = 409 if form.is_bound and form.non_field_errors() else 200
    return frame.desk_page(request, template, title=title, status=status, opts=Source._meta, form=form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A safety notice about a source, which marks each guide that rests on it."""
    if not request.user.has_perm("articles.add_sourcechanged"):
        raise PermissionDenied
    source = get_object_or_404(Source, pk=pk)
    form = NoticeForm(request.POST or None)
    if form.is_valid():
        by, now = frame.user_of(request), timezone.now()
        try:
            with transaction.atomic():
                marked = review.warn_of_source(source, notice=form.cleaned_data["notice"], by=by, now=now)
                events.record(Verb.SOURCE_WARNED, owner=by.ref, object_ref=source.key, now=now)
        except review.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _marked(marked) if marked else _("Noted. No live guide rests on it."))
            return redirect("admin:articles_source_change", source.pk)
    guides = [frame.name_of(guide) for guide in guides_on(source)]
    title = _("Enter a safety notice")
    return _page(request, "admin/articles/source/notice.html", title=title, source=source, form=form, resting=guides)


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What happened to a source, for one guide; whoever may clears it with a note. A signature clears it, too."""
    user = frame.user_of(request)
    if not user.has_perm("articles.view_sourcechanged"):
        raise PermissionDenied
    may_clear = user.has_perm("articles.change_sourcechanged")
    if request.method == "POST" and not may_clear:
        raise PermissionDenied
    marks = SourceChanged.objects.select_related("guide__live", "source", "raised_by", "cleared_by")
    mark = get_object_or_404(marks, pk=pk)
    form = ClearForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        try:
            with transaction.atomic():
                review.clear_change(mark, note=form.cleaned_data["note"], by=user, now=now)
                events.record(Verb.SOURCE_CLEARED, owner=user.ref, object_ref=str(mark.pk), now=now)
        except review.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Cleared, with your note."))
            return redirect("admin:index")
    title = _("Source changed")
    return _page(
        request,
        "admin/articles/source/clear.html",
        title=title,
        mark=mark,
        guide_name=frame.name_of(mark.guide),
        words_url=places.words(mark.guide),
        form=form,
        may_clear=may_clear and mark.cleared_at is None,
    )
