"""What readers find at a guide's address: taken down, brought back, moved, or hidden while it is a sample."""

from typing import Final

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
from articles.desk.frame import Question, posted
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


WITHDRAW: Final = Question(
    deed=gettext_lazy("Withdraw"),
    button=gettext_lazy("Withdraw this guide"),
    about="withdraw",
    verb=Verb.WITHDRAWN,
    done=gettext_lazy("Withdrawn. Its address tells readers why."),
)
BRING_BACK: Final = Question(
    deed=gettext_lazy("Bring back"),
    button=gettext_lazy("Bring it back"),
    about="bring_back",
    verb=Verb.BROUGHT_BACK,
    done=gettext_lazy("It is back, with the words and the signature that it had."),
)
MOVE: Final = Question(
    deed=gettext_lazy("Another address"),
    button=gettext_lazy("Move it there"),
    about="move",
    verb=Verb.MOVED,
    done=gettext_lazy("Moved. The old address leads to the new one."),
)
HIDE: Final = Question(
    deed=gettext_lazy("Hide this sample"),
    button=gettext_lazy("Hide it"),
    about="hide",
    verb=Verb.HIDDEN,
    done=gettext_lazy("Hidden. It comes back when a clinician signs it."),
    to_work_list=True,
)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def withdraw(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    form, by, now = WithdrawForm(posted(request)), frame.user_of(request), timezone.now()
    return WITHDRAW.asked(
        request, guide, form, lambda: review.withdraw(guide, why=form.cleaned_data["why"].strip(), now=now, by=by)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def bring_back(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    by = frame.user_of(request)
    return BRING_BACK.asked(request, guide, forms.Form(posted(request)), lambda: review.bring_back(guide, by=by))


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.change_guide")
def move(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    form = MoveForm(posted(request), instance=Guide(section=guide.section, slug=guide.slug))
    by = frame.user_of(request)
    return MOVE.asked(request, guide, form, lambda: review.move(guide, **form.cleaned_data, by=by))


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.withdraw_guide")
def hide(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    by, now = frame.user_of(request), timezone.now()
    return HIDE.asked(request, guide, forms.Form(posted(request)), lambda: review.hide_sample(guide, by=by, now=now))


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
