"""Guides on the desk: their list, and the form in which their words are written."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import review
from articles.desk import frame, handing_in, public, signing, words
from articles.desk.guide_form import WORDS, GuideForm
from articles.desk.preview import preview_urls
from articles.models import Guide, Review, Revision, SourceChanged
from articles.models.review import SIGNATURES, Verdict


@admin.register(Guide)
class GuideAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A guide is its address and its words. Saving keeps a draft; what readers see changes by a signature alone."""

    form = GuideForm
    change_form_template = "admin/articles/guide_form.html"
    change_list_template = "admin/articles/guide_list.html"
    list_display = ("called", "public", "newest", "next_review", "section")
    list_filter = ("section",)
    list_select_related = ("live",)
    search_fields = ("slug", "live__title", "revisions__title")
    ordering = ("section", "slug")
    view_on_site = False  # the form says what readers see, and links to it
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list[URLPattern]:
        own = [
            ("<int:pk>/words/", words.index, "articles_guide_words"),
            ("<int:pk>/words/<int:number>/", words.read, "articles_guide_read"),
            ("<int:pk>/words/<int:number>/discard/", words.discard, "articles_guide_discard"),
            ("<int:pk>/words/<int:number>/hand-in/", handing_in.hand_in, "articles_guide_hand_in"),
            ("<int:pk>/words/<int:number>/sign/", signing.sign, "articles_guide_sign"),
            ("<int:pk>/take-back/", signing.take_back, "articles_guide_take_back"),
            ("<int:pk>/withdraw/", public.withdraw, "articles_guide_withdraw"),
            ("<int:pk>/bring-back/", public.bring_back, "articles_guide_bring_back"),
            ("<int:pk>/move/", public.move, "articles_guide_move"),
            ("<int:pk>/hide/", public.hide, "articles_guide_hide"),
            ("hide-samples/", public.hide_samples, "articles_hide_samples"),
        ]
        mounted = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in own]
        return [*preview_urls(self.admin_site), *mounted, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        newest = Revision.objects.filter(guide=OuterRef("pk")).order_by("-number")
        due = Review.objects.filter(revision=OuterRef("live"), verdict__in=SIGNATURES, sample=False).order_by("-at")
        rows: QuerySet[Guide] = super().get_queryset(request)
        return rows.annotate(
            newest_number=Max("revisions__number"),
            newest_title=Subquery(newest.values("title")[:1]),
            newest_handed_in=Subquery(newest.values("submitted_at")[:1]),
            due=Subquery(due.values("next_due")[:1]),
            is_urgent=Exists(Review.objects.filter(revision=OuterRef("live"), verdict=Verdict.URGENT)),
            has_changed_source=Exists(SourceChanged.objects.open().filter(guide=OuterRef("pk"))),
        )

    @admin.display(description=gettext_lazy("guide"), ordering="slug")
    def called(self, guide: Any) -> str:
        title = guide.live.title if guide.live else guide.newest_title
        return str(title or guide)

    @admin.display(description=gettext_lazy("readers see"))
    def public(self, guide: Any) -> str:
        if guide.live is None:
            return _("nothing yet")
        if guide.withdrawn_at:
            return _("withdrawn")
        version = {"number": guide.live.number}
        if guide.due is None:
            return (_("version %(number)d, urgent") if guide.is_urgent else _("version %(number)d, a sample")) % version
        return _("version %(number)d") % version

    @admin.display(description=gettext_lazy("newest words"))
    def newest(self, guide: Any) -> str:
        if guide.newest_number is None:
            return ""
        if guide.newest_handed_in is None:
            return _("draft %(number)d") % {"number": guide.newest_number}
        if guide.live and guide.live.number == guide.newest_number:
            return _("as readers see them")
        return _("version %(number)d, handed in") % {"number": guide.newest_number}

    @admin.display(description=gettext_lazy("next review"), ordering="due")
    def next_review(self, guide: Any) -> Any:
        return _("source changed") if guide.has_changed_source else guide.due

    def get_fields(self, request: HttpRequest, obj: Guide | None = None) -> tuple[str, ...]:
        if obj:
            return (*WORDS, "change", "reason", "base")
        return ("title", "section", "slug", *(name for name in WORDS if name != "title"), "change", "reason", "base")

    def get_form(self, request: HttpRequest, obj: Guide | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The whole form on every page; the admin would look for its words among the columns of a guide."""
        kwargs["fields"] = () if obj else ("section", "slug")
        return super().get_form(request, obj, change, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Guides"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever may only look sees the list of words; the form is for those who write."""
        if request.method in {"GET", "HEAD"} and self.has_view_permission(request):
            guide = self.get_object(request, object_id)
            if guide is not None and not self.has_change_permission(request, guide):
                return redirect("admin:articles_guide_words", guide.pk)
        return super().change_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        guide: Guide | None = kwargs.get("obj")
        form = context["adminform"].form
        if guide is not None:
            context |= {
                "newest_words": review.newest_of(guide),
                "state": frame.state_of(guide),
                "guide_name": frame.name_of(guide),
                "title": frame.name_of(guide),
                "subtitle": None,
            }
        if form.is_bound and getattr(form, "theirs", None) is not None:
            own = form.theirs.author_id == request.user.pk
            context |= {"theirs": form.theirs, "texts": form.both_texts(), "own": own}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Guide, form: Any, change: bool) -> None:
        if not change:
            obj.changed_at = timezone.now()
            super().save_model(request, obj, form, change)
        review.save_draft(
            obj, form.draft, by=frame.user_of(request), base=form.cleaned_data["base"] or "0", now=timezone.now()
        )

    def _after_save(self, request: HttpRequest, guide: Guide) -> HttpResponse:
        newest = review.newest_of(guide)
        if newest is not None and newest.submitted_at is not None:
            messages.info(request, _("Nothing was changed, so nothing was saved: these words are handed in already."))
            return redirect("admin:articles_guide_words", guide.pk)
        frame.tell_of_save(request)
        if "_handin" in request.POST and newest is not None:
            return redirect("admin:articles_guide_hand_in", guide.pk, newest.number)
        return redirect(reverse("admin:articles_guide_change", args=[guide.pk]))

    def response_add(self, request: HttpRequest, obj: Guide, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Guide) -> HttpResponse:
        return self._after_save(request, obj)
