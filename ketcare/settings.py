"""Every setting, from the environment (`.env` on one's own machine). A bad or missing value stops the start."""

import logging
import os
import warnings
from email.utils import parseaddr
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

# The counters of rate limits, shared by all workers: by default a table of the database.
try:
    CACHES = {"default": env.cache_url_config(env.str("CACHE_URL", default="").strip() or "dbcache://ketcare_cache")}
except (ValueError, KeyError, TypeError, ImproperlyConfigured):
    CACHES = {"default": {"BACKEND": ""}}
if CACHES["default"]["BACKEND"].rpartition(".")[2] not in {"DatabaseCache", "RedisCache", "PyMemcacheCache"}:
    raise ImproperlyConfigured(
        "CACHE_URL is neither dbcache://table nor rediscache://host:port/0. All workers have to share what it counts."
    )
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    # By default the table keeps 300 entries, and whoever fills it would wipe the counters that stop them.
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# Crisis help and the clinic ------------------------------------------------------------------------------------------

CRISIS_REGION = env.str("CRISIS_REGION", default="US").strip()
# These fill the clinic's form the first time only; afterwards the form is the truth.
CLINIC_NAME = env.str("CLINIC_NAME", default="").strip()
CLINIC_PHONE = env.str("CLINIC_PHONE", default="").strip()
CLINIC_BOOKING_URL = env.str("CLINIC_BOOKING_URL", default="").strip()
if CLINIC_BOOKING_URL and not CLINIC_BOOKING_URL.startswith("https://"):
    raise ImproperlyConfigured("CLINIC_BOOKING_URL is not an https:// address. Correct it or leave it out.")

# Accounts and mail ---------------------------------------------------------------------------------------------------

SIGNUP = one_of(
    "SIGNUP",
    default=required("SIGNUP", "Set it to who may make an account: open, invite or closed; script/server writes open."),
    choices={"open", "invite", "closed"},
)
# What private mails, titles of private pages and authenticator apps show: no medical word stands there.
DISCREET_NAME = env.str("DISCREET_NAME", default="").strip() or "Notes"
if len(DISCREET_NAME) > 40 or not DISCREET_NAME.isprintable():
    raise ImproperlyConfigured("DISCREET_NAME is longer than 40 characters or no plain line. Choose a short name.")
# Where "Exit this page" leads: something that anybody might have open.
EXIT_URL = env.str("EXIT_URL", default="").strip() or "https://www.weather.gov/"
if not urlsplit(EXIT_URL).hostname or not EXIT_URL.startswith("https://") or not EXIT_URL.isprintable():
    raise ImproperlyConfigured("EXIT_URL is not an https:// address. Name a page that anybody might have open.")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="").strip() or f"no-reply@{_site.hostname}"
if "@" not in parseaddr(DEFAULT_FROM_EMAIL)[1] or not DEFAULT_FROM_EMAIL.isprintable():
    raise ImproperlyConfigured("MAIL_FROM is no address such as no-reply@example.org. Correct it or leave it out.")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# On one's own machine mails go into a folder, and pages say where.
MAIL_FOLDER = VAR_DIR / "mail"
_mail_url = env.str("EMAIL_URL", default="").strip()
if _mail_url:
    try:
        _mail = env.email_url_config(_mail_url)
    except (ValueError, KeyError, TypeError, AttributeError, ImproperlyConfigured):
        _mail = {}
    if not str(_mail.get("EMAIL_BACKEND", "")).endswith("smtp.EmailBackend") or not _mail.get("EMAIL_HOST"):
        raise ImproperlyConfigured("EMAIL_URL is not smtp+tls://user:password@host:port. Write it in that form.")
    MAILERS: dict[str, Any] = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": _mail["EMAIL_HOST"],
                "port": _mail["EMAIL_PORT"] or 587,
                "username": _mail["EMAIL_HOST_USER"] or "",
                "password": _mail["EMAIL_HOST_PASSWORD"] or "",
                "use_tls": bool(_mail.get("EMAIL_USE_TLS")),
                "use_ssl": bool(_mail.get("EMAIL_USE_SSL")),
                "timeout": 20,
            },
        }
    }
elif LOCAL:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(MAIL_FOLDER)},
        }
    }
else:
    raise ImproperlyConfigured(
        "EMAIL_URL is missing. Accounts need mail: set it to smtp+tls://user:password@host:port."
    )

# Application ---------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "ketcare.urls"
WSGI_APPLICATION = "ketcare.wsgi.application"
INSTALLED_APPS = [
    "ketcare.accounts",
    "ketcare.site",
    "articles",
    "journal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ketcare.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ketcare.accounts.passwords.NotMadeOfContext"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "home"
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
    # None of these looks at the web session unless a page does.
    "ketcare.accounts.sessions.WebSessions",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ketcare.accounts.private.PrivatePages",
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
            # Public pages are rendered without their request: nothing of these looks at a reader there.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
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
    "staticfiles": {"BACKEND": "ketcare.collecting.CollectedFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# A page whose style is missing still has its words and its crisis lines; one that cannot be made has neither.
WHITENOISE_MANIFEST_STRICT = False

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
SESSION_ENGINE = "ketcare.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "journal.views.leaving.csrf_failure"
SILENCED_SYSTEM_CHECKS = [
    # HSTS preload is a promise for a whole domain that only its owner can make.
    "security.W021",
]

# Sign-up, sign-in and second factors (django-allauth) ----------------------------------------------------------------

ACCOUNT_ADAPTER = "ketcare.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "ketcare.accounts.forms.SignupExtras"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
# Mostly by who asks: by address alone, a stranger could use up the ways back of somebody else.
ACCOUNT_RATE_LIMITS = {"reset_password": "5/m/ip,20/h/ip,60/h/key"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
# Behind a proxy the reader's address stands in X-Forwarded-For; how many of its last entries proxies of ours wrote.
_proxies = env.str("TRUSTED_PROXIES", default="").strip() or "0"
if _proxies not in {"0", "1", "2", "3"}:
    raise ImproperlyConfigured(
        "TRUSTED_PROXIES is not a number from 0 to 3. Set it to how many proxies of yours stand before the site."
    )
ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxies)
MFA_ADAPTER = "ketcare.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = DISCREET_NAME
# Browsers allow passkeys over http on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL and not HTTPS

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
# Nothing here makes such a report; whoever adds what does gets none of what people wrote.
DEFAULT_EXCEPTION_REPORTER_FILTER = "ketcare.reporting.NothingPrivate"
logging.captureWarnings(True)
