import runpy

import pytest
from django.conf import settings as site_settings
from pytest_django import Settings

SETTINGS = str(site_settings.BASE_DIR / "ketcare" / "settings.py")


@pytest.fixture
def https(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting as the settings' file has it where SITE_URL is https."""
    here = runpy.run_path(SETTINGS)
    monkeypatch.setenv("SITE_URL", "https://guides.example.org")
    monkeypatch.setenv("ALLOWED_HOSTS", "guides.example.org")
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://mail.example.org:587")
    for name, value in runpy.run_path(SETTINGS).items():
        if name.isupper() and value != here[name]:
            setattr(settings, name, value)
