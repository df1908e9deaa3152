from django.urls import path
from django.views.decorators.http import require_safe

from articles import views
from articles.feeds import ReviewFeed

urlpatterns = [
    path("guides/", views.index, name="guides"),
    path("guides/<slug:section>/", views.section, name="section"),
    path("guides/<slug:section>/<slug:slug>/", views.guide, name="guide"),
    path("guides/<slug:section>/<slug:slug>/history/", views.history, name="guide_history"),
    path("guides/<slug:section>/<slug:slug>/review.json", views.review_json, name="guide_review_json"),
    path("reviewers/<slug:slug>/", views.reviewer, name="reviewer"),
    path("sources/", views.sources, name="sources"),
    path("faq/", views.faq, name="faq"),
    path("search/", views.search, name="search"),
    path("feed.xml", require_safe(ReviewFeed()), name="feed"),
]
