"""The roles of the desk, as groups, with what each may do."""

from typing import Any

from django.conf import settings
from django.db import migrations

LOOK = ["view"]
WRITE = ["view", "add", "change"]
ROLES = {
    "editor": {
        ("site", "glossaryterm"): WRITE,
        ("articles", "source"): WRITE,
        ("articles", "reviewer"): LOOK,
        ("accounts", "factorreset"): WRITE,
    },
    "reviewer": {
        ("site", "glossaryterm"): LOOK,
        ("articles", "source"): LOOK,
        ("articles", "reviewer"): LOOK,
        ("accounts", "factorreset"): WRITE,
    },
    "manager": {
        ("site", "clinic"): ["view", "change"],
        ("site", "event"): LOOK,
        ("site", "invitation"): WRITE,
        ("site", "glossaryterm"): LOOK,
        ("articles", "source"): LOOK,
        ("articles", "reviewer"): WRITE,
        ("accounts", "user"): ["view", "change"],
        ("accounts", "factorreset"): WRITE,
    },
}


def settle(apps: Any, schema_editor: Any) -> None:
    """Makes what is missing. Django makes its permissions only after all migrations, so those needed are made here."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for role, models in ROLES.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for (app, model), deeds in models.items():
            content_type, _made = content_types.get_or_create(app_label=app, model=model)
            words = apps.get_model(app, model)._meta.verbose_name_raw
            for deed in deeds:
                permission, _made = permissions.get_or_create(
                    content_type=content_type, codename=f"{deed}_{model}", defaults={"name": f"Can {deed} {words}"}
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("site", "0004_invitations_with_roles"),
        ("articles", "0001_initial"),
        ("accounts", "0003_factor_resets"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
