"""What readers find at a guide's address: taken down, brought back, moved, or hidden while it is a sample."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import review
from articles.desk import frame
from articles.models import Guide
from ketcare.site.events import Verb


class WithdrawForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=gettext_lazy("Readers who come to this page see these words."),
    )


class MoveForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Guide
        fields = ("section", "slug")

    def validate_unique(self) -> None:
        """The verb says whose address it is."""


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def withdraw(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            review.withdraw(guide, why=form.cleaned_data["why"].strip(), now=timezone.now(), by=frame.user_of(request))
        except review.Refused as problem:
            form.add_error(None, str(problem))
        else:
            frame.write_down(request, Verb.WITHDRAWN, guide)
            messages.success(request, _("Withdrawn. Its address tells readers why."))
            return redirect("admin:articles_guide_words", guide.pk)
    return frame.question(request, guide, _("Withdraw"), form, button=_("Withdraw this guide"), about="withdraw")


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def bring_back(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            review.bring_back(guide, by=frame.user_of(request))
        except review.Refused as problem:
            form.add_error(None, str(problem))
        else:
            frame.write_down(request, Verb.BROUGHT_BACK, guide)
            messages.success(request, _("It is back, with the words and the signature that it had."))
            return redirect("admin:articles_guide_words", guide.pk)
    return frame.question(request, guide, _("Bring back"), form, button=_("Bring it back"), about="bring_back")


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.change_guide")
def move(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    place = Guide(section=guide.section, slug=guide.slug)
    form = MoveForm(request.POST if request.method == "POST" else None, instance=place)
    if form.is_valid():
        try:
            review.move(guide, **form.cleaned_data, by=frame.user_of(request))
        except review.Refused as problem:
            form.add_error(None, str(problem))
        else:
            frame.write_down(request, Verb.MOVED, guide)
            messages.success(request, _("Moved. The old address leads to the new one."))
            return redirect("admin:articles_guide_words", guide.pk)
    return frame.question(request, guide, _("Another address"), form, button=_("Move it there"), about="move")


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def hide(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            review.hide_sample(guide, by=frame.user_of(request), now=timezone.now())
        except review.Refused as problem:
            form.add_error(None, str(problem))
        else:
            frame.write_down(request, Verb.HIDDEN, guide)
            messages.success(request, _("Hidden. It comes back when a clinician signs it."))
            return redirect("admin:index")
    return frame.question(request, guide, _("Hide this sample"), form, button=_("Hide it"), about="hide")


@require_http_methods(["GET", "HEAD", "POST"])
def hide_samples(request: HttpRequest) -> HttpResponseBase:
    """Every guide under a sample signature at once."""
    user, now = frame.user_of(request), timezone.now()
    if not user.has_perm("articles.withdraw_guide"):
        raise PermissionDenied
    shown = [guide for guide in Guide.objects.published().with_words() if guide.public_state(now).is_sample]
    if request.method == "POST":
        hidden = 0
        for guide in shown:
            try:
                review.hide_sample(guide, by=user, now=now)
            except review.Refused:
                continue  # signed or hidden by somebody else a moment ago
            frame.write_down(request, Verb.HIDDEN, guide)
            hidden += 1
        messages.success(
            request, _("Hidden: %(number)d. They come back when a clinician signs them.") % {"number": hidden}
        )
        return redirect("admin:index")
    return frame.desk_page(
        request,
        "admin/articles/hide_samples.html",
        title=_("Hide all sample guides"),
        guides=[{"title": guide.words.title, "url": guide.get_absolute_url()} for guide in shown],
    )
