from typing import Any

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from articles.sitemaps import GuideSitemap, PageSitemap
from ketcare import pages, sheets, styleguide

SITEMAPS: dict[str, Any] = {"guides": GuideSitemap, "pages": PageSitemap}

urlpatterns = [
    path("", pages.home, name="home"),
    path("", include("articles.urls")),
    path("glossary/", pages.glossary, name="glossary"),
    path("crisis/", pages.crisis, name="crisis"),
    path("about/", pages.plain, {"template": "pages/about.html"}, name="about"),
    path("editorial-policy/", pages.plain, {"template": "pages/editorial_policy.html"}, name="editorial_policy"),
    path("privacy/", pages.plain, {"template": "pages/privacy.html"}, name="privacy"),
    path("accessibility/", pages.plain, {"template": "pages/accessibility.html"}, name="accessibility"),
    path("export-format/", pages.plain, {"template": "pages/export_format.html"}, name="export_format"),
    path("export-format/journal-1.schema.json", pages.export_schema, name="export_schema"),
    path("sheets/", sheets.index, name="sheets"),
    path("sheets/questions/", sheets.questions, name="sheet_questions"),
    path("sheets/questions/<slug:moment>/", sheets.questions, name="sheet_questions_for"),
    path("sheets/taking-someone-home/", sheets.companion, name="sheet_companion"),
    path("sheets/blank-week/", sheets.week, name="sheet_week"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("journal/", include("journal.urls")),
    path("accounts/", include("ketcare.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("journal/", include("journal.urls")),
    path("admin/", admin.site.urls),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", pages.robots, name="robots"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
]

handler400 = "ketcare.errors.bad_request"
handler403 = "ketcare.errors.permission_denied"
handler404 = "ketcare.errors.page_not_found"
handler500 = "ketcare.errors.server_error"
