"""The feed of reviews and changes, for those who want to know when a page of theirs is signed or withdrawn."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Guide, Review
from articles.models.review import Verdict
from articles.views import LANGUAGE, shown_guides
from ketcare.ready import answer, ready

MOST = 50


@dataclass(frozen=True)
class Event:
    """Something that happened to a guide that readers can, or could, read."""

    id: str
    guide: Guide
    title: str
    words: str
    by: str
    at: dt.datetime


def events(now: dt.datetime) -> list[Event]:
    """The newest events, those of guides that were never public left out."""
    shown = {guide.pk: guide for guide, _state in shown_guides(now)}
    withdrawn = Guide.objects.filter(language=LANGUAGE, live__isnull=False, withdrawn_at__isnull=False)
    found = [_withdrawal(guide) for guide in withdrawn]
    reviews = Review.objects.filter(revision__guide__in=shown).exclude(verdict=Verdict.CHANGES)
    reviews = reviews.select_related("revision").order_by("-at", "-id")
    found += [_verdict(review, shown[review.revision.guide_id]) for review in reviews if review.is_genuine()]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _withdrawal(guide: Guide) -> Event:
    at = guide.withdrawn_at or guide.changed_at
    # Its words are shown nowhere any more, and its title is one of them.
    title = _("Withdrawn: %(address)s") % {"address": guide.get_absolute_url()}
    return Event(f"withdrawn-{at:%Y%m%d%H%M%S}", guide, title, guide.withdrawn_why, "", at)


def _verdict(review: Review, guide: Guide) -> Event:
    if review.sample:
        verdict = _("Sample signature, no clinician has checked it: %(title)s")
    elif review.verdict == Verdict.SIGNED:
        verdict = _("Reviewed: %(title)s")
    elif review.verdict == Verdict.EDITORIAL:
        verdict = _("Corrected, and signed anew: %(title)s")
    elif review.verdict == Verdict.URGENT:
        verdict = _("Changed urgently, not yet signed: %(title)s")
    else:
        verdict = _("Signature taken back: %(title)s")
    by = "" if review.sample else f"{review.name}, {review.credential}"
    words = review.note or review.revision.summary
    return Event(str(review.pk), guide, verdict % {"title": review.revision.title}, words, by, review.at)


class ReviewFeed(Feed):  # type: ignore[type-arg]
    """Atom. Every address is under SITE_URL, whatever host the request named."""

    feed_type = Atom1Feed
    title = gettext_lazy("Ketcare: reviews and changes")
    subtitle = gettext_lazy("When a guide was signed, changed or withdrawn.")
    language = LANGUAGE

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        feed = super().__call__(request, *args, **kwargs)
        return answer(request, ready(feed.text), content_type=feed.headers["Content-Type"])

    def link(self) -> str:
        return settings.SITE_URL + reverse("guides")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("feed")

    def items(self) -> list[Event]:
        return events(timezone.now())

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.words)

    def item_link(self, item: Any) -> str:
        return settings.SITE_URL + str(item.guide.get_absolute_url())

    def item_guid(self, item: Any) -> str:
        return f"{self.item_link(item)}#{item.id}"

    def item_author_name(self, item: Any) -> str:
        return str(item.by)

    def item_pubdate(self, item: Any) -> dt.datetime:
        return item.at  # type: ignore[no-any-return]

    def item_updateddate(self, item: Any) -> dt.datetime:
        return item.at  # type: ignore[no-any-return]
