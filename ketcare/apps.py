from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig


class DeskConfig(SimpleAdminConfig):
    """Django's admin as this site's desk.

    What stands on it is named here: Django's search for admin modules would bring in what libraries register, such as
    people's second factors.
    """

    default_site = "ketcare.desk.Desk"

    def ready(self) -> None:
        super().ready()
        for registered in ("ketcare.accounts.admin", "ketcare.site.admin", "articles.admin"):
            import_module(registered)
