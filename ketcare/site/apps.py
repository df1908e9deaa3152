from django.apps import AppConfig
from django.core.checks import register


class SiteConfig(AppConfig):
    """What belongs to the whole site and is edited on the desk."""

    name = "ketcare.site"
    label = "site"

    def ready(self) -> None:
        from ketcare import checks, crisis

        register(checks.database_is_reliable)
        register(checks.no_sample_is_public, deploy=True)
        register(checks.tries_are_counted_by_reader, deploy=True)
        crisis.region()  # a file that cannot be read stops the start, not the first page
