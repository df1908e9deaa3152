"""Every setting, from the environment (`.env` on one's own machine). A bad or missing value stops the start."""

import logging
import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ketcare.first_start import ENV_FILE
from ketcare.keys import BadRing, Ring

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if ENV_FILE.exists():
    environ.Env.read_env(ENV_FILE)


def required(name: str, what_to_do: str) -> str:
    # Not through environ: to it, a value that begins with a dollar sign is the name of another variable.
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. {what_to_do}")
    return value


def switch(name: str, *, default: bool) -> bool:
    value = env.str(name, default="on" if default else "off").strip().lower()
    if value in {"on", "true", "yes", "1"}:
        return True
    if value in {"off", "false", "no", "0"}:
        return False
    raise ImproperlyConfigured(f"{name} is neither on nor off. Write {name}=on or {name}=off.")


def one_of(name: str, *, default: str, choices: set[str]) -> str:
    value: str = env.str(name, default=default).strip()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is not one of {', '.join(sorted(choices))}. Choose one of these.")
    return value


# Secrets -------------------------------------------------------------------------------------------------------------

SECRET_KEY = required("SECRET_KEY", "Set it to 50 or more random characters; on your own machine, script/server does.")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters. Set it to 50 or more random characters.")
SECRET_KEY_FALLBACKS = [key.strip() for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key.strip()]

try:
    KETCARE_KEYS = Ring.parse(
        required("KETCARE_KEYS", "Set it to the site's keys, id:base64url, newest first; script/server makes one.")
    )
except BadRing as problem:
    raise ImproperlyConfigured(f"KETCARE_KEYS cannot be used: {problem}.") from None

# Where the site stands -----------------------------------------------------------------------------------------------

SITE_URL = required("SITE_URL", "Set it to the site's address, such as https://guides.example.org.").rstrip("/")
try:
    _site = urlsplit(SITE_URL)
    _port = _site.port  # a ValueError where it is no number
except ValueError:
    _site = urlsplit("")
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query or _site.fragment:
    raise ImproperlyConfigured("SITE_URL is not an address such as https://guides.example.org. Leave out any path.")
if "@" in _site.netloc:
    raise ImproperlyConfigured("SITE_URL holds a user name. Write the address as readers see it, without one.")
HTTPS = _site.scheme == "https"
LOCAL = _site.hostname in {"localhost", "127.0.0.1"}
if not HTTPS and not LOCAL:
    raise ImproperlyConfigured("SITE_URL is http on a public name. Give it https: pages about health need it.")

DEBUG = switch("DEBUG", default=False)
ALLOWED_HOSTS = [host.strip() for host in env.str("ALLOWED_HOSTS", default="").split(",") if host.strip()] or (
    ["localhost", "127.0.0.1", "[::1]"] if LOCAL else [_site.hostname]
)

# Files that the running site writes: the SQLite file, collected static files, copies before a migration.
VAR_DIR = Path(env.str("KETCARE_VAR", default=str(BASE_DIR / "var")))
CONTENT_DIR = BASE_DIR / "content"

# Database ------------------------------------------------------------------------------------------------------------

try:
    with warnings.catch_warnings():
        # For an unknown kind of database, environ's warning would print the password.
        warnings.simplefilter("ignore")
        _database: dict[str, Any] = dict(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ketcare.sqlite3'}"))
except (ValueError, KeyError, TypeError, ImproperlyConfigured):
    _database = {}
_engine = _database.get("ENGINE") if _database.get("NAME") not in {None, "", ":memory:"} else None
if _engine == "django.db.backends.sqlite3":
    # A write takes its lock at BEGIN, so that two writers wait for each other instead of failing half-way; FULL keeps
    # an acknowledged write through a power cut; secure_delete leaves no deleted words in free pages.
    _database["OPTIONS"] = {
        "timeout": 20,  # seconds to wait for another writer; sqlite:///path?timeout=5 says otherwise
        **_database.get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;",
    }
    _database["CONN_MAX_AGE"] = None
elif _engine == "django.db.backends.postgresql":
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {"connect_timeout": 5, **_database.get("OPTIONS", {})}
else:
    raise ImproperlyConfigured(
        "DATABASE_URL is neither sqlite:///path nor postgres://user:password@host:port/name. Write one of these."
    )
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Crisis help and the clinic ------------------------------------------------------------------------------------------

CRISIS_REGION = env.str("CRISIS_REGION", default="US").strip()
# These fill the clinic's form the first time only; afterwards the form is the truth.
CLINIC_NAME = env.str("CLINIC_NAME", default="").strip()
CLINIC_PHONE = env.str("CLINIC_PHONE", default="").strip()
CLINIC_BOOKING_URL = env.str("CLINIC_BOOKING_URL", default="").strip()
if CLINIC_BOOKING_URL and not CLINIC_BOOKING_URL.startswith("https://"):
    raise ImproperlyConfigured("CLINIC_BOOKING_URL is not an https:// address. Correct it or leave it out.")

# Application ---------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "ketcare.urls"
WSGI_APPLICATION = "ketcare.wsgi.application"
INSTALLED_APPS = [
    "ketcare.accounts",
    "ketcare.site",
    "articles",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
MIDDLEWARE = [
    "ketcare.headers.every_answer",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ketcare.errors.DressedErrors",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ketcare.headers.no_cookie_without_a_form",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ketcare.site.templatetags.ketcare",
            ],
            # Public pages never look at the web session or the user, so no context processor does either.
            "context_processors": [],
        },
    }
]

# Languages and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# What a browser may do -----------------------------------------------------------------------------------------------

SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [CSP.NONE],
    # Over plain http on one's own machine it would send every link to a port where nothing listens.
    "upgrade-insecure-requests": HTTPS,
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = HTTPS
# Whoever comes over http is sent to the site's own name, whatever name the request had.
SECURE_SSL_HOST = _site.netloc if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "ketcare.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = [
    # HSTS preload is a promise for a whole domain that only its owner can make.
    "security.W021",
]

# Logs: a line to stderr, no addresses, no query strings --------------------------------------------------------------

LOG_LEVEL = one_of("LOG_LEVEL", default="INFO", choices={"DEBUG", "INFO", "WARNING", "ERROR"})
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own handlers would mail error pages with what was posted.
    "loggers": {"django": {"handlers": [], "level": LOG_LEVEL, "propagate": True}},
}
logging.captureWarnings(True)
