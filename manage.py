#!/usr/bin/env python
"""Ketcare's command line: `manage.py up` prepares the site and serves it; `manage.py help` lists the rest."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ketcare.settings")
    if sys.argv[1:2] == ["up"]:
        from ketcare.first_start import provide_missing_secrets

        provide_missing_secrets()
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"Ketcare cannot start: {problem}")
    except OperationalError as problem:
        sys.exit(
            f"Ketcare cannot use its database: {problem}\nSee that DATABASE_URL is right; manage.py up prepares it."
        )


if __name__ == "__main__":
    main()
