"""The editor's preview: what a text would become on this site, and what to mend in it. Nothing of it is kept."""

from typing import Any, Final

from allauth.core.internal import ratelimit
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles import presenting
from articles.desk.judging import as_plain, judge, words_of
from articles.models import Source
from articles.rendering import BODY_LIMIT, Rendered
from articles.source import GuideFile

# Each one starts a process; whoever types without a pause asks for about 20 a minute.
MOST_OFTEN: Final = "40/m/user"


def preview_urls(admin_site: AdminSite) -> list[URLPattern]:
    """For `get_urls` of the model admin whose form has the editor; the name is `admin:articles_preview`."""
    return [path("preview/", admin_site.admin_view(preview), name="articles_preview")]


def lines_of(text: str) -> list[str]:
    """The entries of a field that takes one on each line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


@require_POST
@never_cache
def preview(request: HttpRequest) -> HttpResponse:
    """JSON: `html` (null where the text is no page), `findings` as {line, message, stops}, `summary`.

    Where nothing was looked at (too often, too long): `problem`, in words, and its status.
    """
    if not request.user.has_perm("articles.change_revision"):
        raise PermissionDenied
    body = request.POST.get("body", "")
    if len(body.encode(errors="surrogatepass")) > BODY_LIMIT:
        problem = _("The text is longer than %(most)d KB. Make two guides of it.") % {"most": BODY_LIMIT // 1024}
        return JsonResponse({"problem": problem}, status=413)
    limit = {"preview": MOST_OFTEN}
    if ratelimit.consume(request, app="articles", action="preview", config=limit) is None:
        problem = _("The preview was asked for too often. It comes back within a minute; your text is not touched.")
        return JsonResponse({"problem": problem}, status=429, headers={"Retry-After": "60"})
    words = words_of(
        body=body,
        sources=lines_of(request.POST.get("sources", "")),
        title=request.POST.get("title", ""),
        summary=request.POST.get("summary", ""),
        section=request.POST.get("section", ""),
        also_known_as=lines_of(request.POST.get("also_known_as", "")),
    )
    judged = judge(words, language=request.POST.get("language", "en"))
    html = render_to_string("admin/articles/preview.html", page_of(judged.rendered, words)) if judged.rendered else None
    return JsonResponse({"html": html, "findings": as_plain(judged.findings), "summary": judged.summary})


def page_of(rendered: Rendered, words: GuideFile) -> dict[str, Any]:
    """What `admin/articles/preview.html` shows of a text, as its page would."""
    fillings = presenting.Fillings.of_site()
    records = Source.objects.in_bulk([key for key, _uses in rendered.cited], field_name="key")
    return {
        "words": words,
        "opening": fillings.in_html(rendered.html[: rendered.opening]),
        "body": fillings.in_html(rendered.html[rendered.opening :]),
        "sources": [
            {"number": number, "key": key, **(presenting.source(records[key].snapshot()) if key in records else {})}
            for number, (key, _uses) in enumerate(rendered.cited, 1)
        ],
    }
