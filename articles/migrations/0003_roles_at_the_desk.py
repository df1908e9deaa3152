"""What each role may do with guides. Adds to what the groups have; `settle` is safe to run again."""

from typing import Any

from django.conf import settings
from django.db import migrations

LOOK = ["view"]
ROLES = {
    "editor": {
        ("articles", "guide"): ["view", "add", "change"],
        ("articles", "revision"): ["view", "add", "change"],
        ("articles", "review"): LOOK,
        ("articles", "sourcechanged"): LOOK,
        ("site", "linecheck"): ["view", "add"],
    },
    "reviewer": {
        ("articles", "guide"): ["view", "withdraw"],
        ("articles", "revision"): LOOK,
        ("articles", "review"): ["view", "add"],
        ("articles", "sourcechanged"): ["view", "add", "change"],
        ("site", "linecheck"): ["view", "add"],
    },
    "manager": {
        ("articles", "guide"): ["view", "withdraw"],
        ("articles", "revision"): LOOK,
        ("articles", "review"): LOOK,
        ("articles", "sourcechanged"): LOOK,
        ("site", "linecheck"): ["view", "add"],
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
        ("articles", "0002_the_way_of_a_revision"),
        ("site", "0007_checks_of_crisis_lines"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
