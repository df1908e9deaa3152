"""The page on which a reviewer reads exactly the words that they sign, or say what has to change."""

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import review
from articles.desk import frame
from articles.desk.handing_in import judged
from articles.desk.judging import beside_lines
from articles.desk.sheet import Sheet
from articles.desk.sign_forms import TakeBackForm, TheseWords
from articles.desk.words import as_page
from articles.differences import changes
from articles.models import Guide, Reviewer, Revision
from ketcare.accounts.private import shown_within
from ketcare.site.events import Verb

# Whoever reviews shows once who they are, and then signs one guide after the other.
SITTING: Final = dt.timedelta(minutes=15)
DEEDS: Final = ("correct", "urgent", "sign", "changes")
SIGNATURES: Final = ("correct", "sign")
TAKE_BACK: Final = frame.Question(
    deed=gettext_lazy("Take the signature back"),
    button=gettext_lazy("Take it back"),
    about="take_back",
    verb=Verb.REVOKED,
    done=gettext_lazy("Taken back. Readers see that the page is being checked."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@shown_within(SITTING)
@frame.for_guide("articles.add_review")
def sign(request: HttpRequest, guide: Guide, number: int) -> HttpResponseBase:
    sheet = _sheet(guide, number)
    reviewer = frame.reviewer_of(frame.user_of(request))
    if request.method != "POST":
        return _page(request, sheet, reviewer)
    deed = request.POST.get("deed", "")
    form = sheet.form(deed, request.POST)
    if form is None or reviewer is None:
        return _page(request, sheet, reviewer, problem=_("This cannot be done with these words."))
    if not form.is_valid():
        return _page(request, sheet, reviewer, bound={deed: form})
    try:
        form.do(sheet.revision, by=reviewer, now=timezone.now())
    except review.Refused as refused:
        # Read anew: what is on the page from now on is what is there.
        newest = guide.revisions.filter(submitted_at__isnull=False).order_by("-number").first()
        fresh = _sheet(guide, newest.number if newest else number)
        return _page(request, fresh, reviewer, str(refused), form.cleaned_data["seen"])
    frame.write_down(request, form.verb, guide)
    if deed == "changes":
        messages.success(request, _("Noted. The author sees on the desk what has to change."))
        return redirect("admin:articles_guide_words", guide.pk)
    return redirect(guide.get_absolute_url())


def _sheet(guide: Guide, number: int) -> Sheet:
    rows = Revision.objects.select_related("guide", "author")
    return Sheet(get_object_or_404(rows, guide=guide, number=number), timezone.now())


def _page(
    request: HttpRequest,
    sheet: Sheet,
    reviewer: Reviewer | None,
    problem: str = "",
    seen: str = "",
    bound: dict[str, TheseWords] | None = None,
) -> HttpResponseBase:
    revision = sheet.revision
    why_not = _why_not(reviewer, revision, sheet.opened_at)
    writer = reviewer.user if reviewer and reviewer.user and review.wrote(reviewer.user, revision) else None
    waits = review.why_own_words_wait(writer, revision, sheet.opened_at) if writer else ""
    closed = {*(DEEDS if why_not else ()), *(SIGNATURES if waits else ())}
    if writer and writer == revision.author:
        closed.add("changes")  # they make them themselves
    open_forms = {deed: (bound or {}).get(deed) or sheet.form(deed) for deed in DEEDS if deed not in closed}
    context: dict[str, Any] = {
        "revision": revision,
        "sheet": sheet,
        "reviewer": reviewer,
        "own": writer is not None,
        "waits": waits,
        "why_not": why_not,
        "problem": problem,
        "since_seen": changes(seen, sheet.text) if seen else [],
        "page": as_page(revision, unfolded=True),
        "findings": beside_lines(judged(revision).findings, revision.body),
        "marks": revision.guide.source_changes.open().select_related("source"),
        "forms": open_forms,
        "failed": next(iter((bound or {}).values()), None),
    }
    title = _("Sign: %(title)s") % {"title": revision.title}
    status = 409 if problem else 200
    return frame.desk_page(
        request, "admin/articles/sign.html", title=title, guide=revision.guide, status=status, **context
    )


def _why_not(reviewer: Reviewer | None, revision: Revision, now: dt.datetime) -> str:
    """What stands in the way of any verdict on this page, before somebody reads it in vain; "" where nothing does."""
    if reviewer is None:
        return _("You have no reviewer’s profile. A manager makes one for you (Reviewers).")
    if not reviewer.may_sign_on(now.date()):
        over = {"day": reviewer.expires_on.isoformat()}
        return _("Your credential is out of date (until %(day)s). A manager enters the new one.") % over
    if revision.submitted_at is None:
        return _("These words are a draft. They can be signed once they are handed in.")
    if not revision.is_unchanged():
        return _("These words are not as they were handed in, so nobody can sign them. Write a new version.")
    if Revision.objects.filter(guide=revision.guide, number__gt=revision.number, submitted_at__isnull=False).exists():
        return _("A newer version was handed in: that one is signed.")
    if revision.guide.withdrawn_at is not None:
        return _("This guide is withdrawn.")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@shown_within(SITTING)
@frame.for_guide("articles.add_review")
def take_back(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    """Takes back what vouches for the words that readers see: the page is closed until somebody signs again."""
    state, reviewer = frame.state_of(guide), frame.reviewer_of(frame.user_of(request))
    if state.review is None or state.is_sample or reviewer is None:
        raise Http404
    form, row, now = TakeBackForm(frame.posted(request)), state.review, timezone.now()
    return TAKE_BACK.asked(
        request,
        guide,
        form,
        lambda: review.revoke(row, by=reviewer, why=form.cleaned_data["why"].strip(), now=now),
    )
