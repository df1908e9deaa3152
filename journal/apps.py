from django.apps import AppConfig


class JournalConfig(AppConfig):
    """What patients write for themselves, sealed, around their sessions."""

    name = "journal"
