"""Handing in: a last look at a draft with what an editor would mend in it; afterwards its words are frozen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import review
from articles.desk import frame
from articles.desk.judging import Judged, beside_lines, judge, words_of
from articles.differences import changes, claims_first
from articles.history import last_signed, text_of
from articles.models import Guide, Revision
from articles.rendering import RenderingRefused
from ketcare.site.events import Verb


def judged(revision: Revision) -> Judged:
    """What lint says of a revision's words, as `lint_guides` would of a file."""
    words = words_of(
        title=revision.title,
        summary=revision.summary,
        body=revision.body,
        section=revision.guide.section,
        also_known_as=revision.also_known_as,
        sources=[source["key"] for source in revision.sources],
    )
    return judge(words, language=revision.guide.language)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.change_revision")
def hand_in(request: HttpRequest, guide: Guide, number: int) -> HttpResponseBase:
    revision = get_object_or_404(Revision.objects.select_related("guide"), guide=guide, number=number)
    if revision.submitted_at is not None:
        return redirect("admin:articles_guide_words", guide.pk)
    found = judged(revision)
    version, refused = review.version_of(revision), ""
    if request.method == "POST":
        refused = _hand_in(revision, found, request.POST.get("version", ""))
        if not refused:
            frame.write_down(request, Verb.HANDED_IN, guide)
            messages.success(request, _("Handed in. These words do not change any more; a reviewer can sign them now."))
            return redirect("admin:articles_guide_words", guide.pk)
    signed = last_signed(guide)
    context = {
        "revision": revision,
        "version": version,
        "refused": refused,
        "stops": bool(found.stops),
        "findings": beside_lines(found.findings, revision.body),
        "summary": found.summary,
        "signed": signed,
        "changes": claims_first(changes(text_of(signed), text_of(revision))) if signed else [],
    }
    title = _("Hand in: %(title)s") % {"title": revision.title}
    status = 409 if refused else 200
    return frame.desk_page(request, "admin/articles/hand_in.html", title=title, guide=guide, status=status, **context)


def _hand_in(revision: Revision, found: Judged, version: str) -> str:
    """Freezes the words that were on the page; why not, where it may not be."""
    newest = review.newest_of(revision.guide)
    if version != review.version_of(revision) or newest is None or newest.pk != revision.pk:
        return _("This draft was changed meanwhile. Look at it once more.")
    if found.stops or found.rendered is None:
        return _("Something stops it. Mend what is marked below, and save.")
    try:
        review.submit(revision, now=timezone.now(), rendered=found.rendered)
    except (review.Refused, RenderingRefused) as problem:
        return str(problem)
    return ""
