from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils import timezone

from articles.models import Guide, PublicState
from articles.views import in_sections, shown_guides
from ketcare import sheets


class _OurSitemap(Sitemap):  # type: ignore[type-arg]
    """Addresses under SITE_URL, whatever host the request named."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class GuideSitemap(_OurSitemap):
    def items(self) -> list[tuple[Guide, PublicState]]:
        return shown_guides(timezone.now())

    def location(self, item: tuple[Guide, PublicState]) -> str:
        return item[0].get_absolute_url()

    def lastmod(self, item: tuple[Guide, PublicState]) -> Any:
        return item[1].review.at if item[1].review else None


class PageSitemap(_OurSitemap):
    def items(self) -> list[str]:
        names = ["home", "guides", "faq", "glossary", "sources", "crisis", "about", "editorial_policy", "privacy"]
        names += ["accessibility", "export_format"]
        shown = shown_guides(timezone.now())
        return [
            *(reverse(name) for name in [*names, "sheets"]),
            *(found["url"] for found in in_sections(shown)),
            *sheets.offered(shown),
        ]

    def location(self, item: str) -> str:
        return item
