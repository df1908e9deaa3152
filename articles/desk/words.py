"""All the words that a guide has had: who wrote them, what became of them, and how each would read."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import presenting, review
from articles.desk import frame
from articles.models import Guide, Rendering, Revision
from articles.models.review import SIGNATURES
from articles.rendering import PIPELINE, RenderingRefused, render

# As the sanitiser lets it through: text never has it, where "<" is written "&lt;".
FOLD: Final = '<details class="fold"'


def as_page(revision: Revision, *, unfolded: bool = False) -> dict[str, Any]:
    """What `admin/articles/preview.html` shows of a revision; a `problem` where its text cannot become a page.

    `unfolded`: with every answer open, for who has to read all of it.
    """
    keys = [source["key"] for source in revision.sources]
    kept = Rendering.objects.filter(revision=revision, pipeline=PIPELINE).first()
    if kept is not None and kept.is_sealed_for(revision.digest):
        html, opening, cited = kept.html, kept.contents["opening"], kept.contents["cited"]
    else:
        try:
            made = render(revision.body, language=revision.guide.language, sources=keys)
        except RenderingRefused as problem:
            return {"words": revision, "problem": str(problem)}
        html, opening, cited = made.html, made.opening, made.cited
    opened = '<details class="fold" open' if unfolded else FOLD
    fillings, snapshots = presenting.Fillings.of_site(), {source["key"]: source for source in revision.sources}
    return {
        "words": revision,
        "opening": fillings.in_html(html[:opening].replace(FOLD, opened)),
        "body": fillings.in_html(html[opening:].replace(FOLD, opened)),
        "sources": [
            {"number": number, "key": key, **presenting.source(snapshots[key])}
            for number, (key, _uses) in enumerate(cited, 1)
        ],
    }


@require_safe
@frame.for_guide("articles.view_revision")
def index(request: HttpRequest, guide: Guide) -> HttpResponseBase:
    """Every version, the newest first, with what reviewers said of it."""
    revisions = list(guide.revisions.select_related("author").prefetch_related("reviews").order_by("-number"))
    handed_in = [revision for revision in revisions if revision.submitted_at is not None]
    newest = handed_in[0] if handed_in else None
    vouched = newest is not None and any(row.verdict in SIGNATURES for row in newest.reviews.all())
    context: dict[str, Any] = {
        "revisions": [
            {"row": revision, "reviews": revision.reviews.all(), "is_live": revision.pk == guide.live_id}
            for revision in revisions
        ],
        "to_sign": newest,
        "waits": newest is not None and (not vouched or newest.pk != guide.live_id),
        "marks": guide.source_changes.open().select_related("source"),
        "old_addresses": guide.old_addresses.all(),
        "state": frame.state_of(guide),
    }
    return frame.desk_page(request, "admin/articles/words.html", title=frame.name_of(guide), guide=guide, **context)


@require_safe
@frame.for_guide("articles.view_revision")
def read(request: HttpRequest, guide: Guide, number: int) -> HttpResponseBase:
    """How these words would read. Whatever state they are in, no reader can come here."""
    revision = get_object_or_404(Revision.objects.select_related("guide", "author"), guide=guide, number=number)
    title = _("Version %(number)d: %(title)s") % {"number": number, "title": revision.title}
    page = as_page(revision)
    return frame.desk_page(request, "admin/articles/read.html", title=title, guide=guide, revision=revision, page=page)


@require_http_methods(["GET", "HEAD", "POST"])
@frame.for_guide("articles.change_revision")
def discard(request: HttpRequest, guide: Guide, number: int) -> HttpResponseBase:
    """Throws one's own newest draft away, once asked."""
    revision = get_object_or_404(Revision.objects.select_related("guide"), guide=guide, number=number)
    if request.method == "POST":
        try:
            review.discard(revision, by=frame.user_of(request))
        except review.Refused as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The draft was thrown away."))
        return redirect("admin:articles_guide_words", guide.pk)
    title = _("Throw this draft away?")
    return frame.desk_page(request, "admin/articles/discard.html", title=title, guide=guide, revision=revision)
