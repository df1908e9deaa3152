from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Guides, their reviews and their sources."""

    name = "articles"
