"""The environment in which Ketcare starts, and those in which it says what is missing or wrong."""

import json

import pytest

from tests.starting import GOOD, KEY, asked, manage

ADDRESS = "SITE_URL is not an address such as https://guides.example.org. Leave out any path."
MAIL = "EMAIL_URL is not smtp+tls://user:password@host:port. Write it in that form."
CACHE = "CACHE_URL is neither dbcache://table nor rediscache://host:port/0. All workers have to share what it counts."
PROXIES = "TRUSTED_PROXIES is not a number from 0 to 3. Set it to how many proxies of yours stand before the site."
NAME = "DISCREET_NAME is longer than 40 characters or no plain line. Choose a short name."
EXIT = "EXIT_URL is not an https:// address. Name a page that anybody might have open."
FROM = "MAIL_FROM is no address such as no-reply@example.org. Correct it or leave it out."
DATABASE = "DATABASE_URL is neither sqlite:///path nor postgres://user:password@host:port/name. Write one of these."
SECRET = "SECRET_KEY is missing. Set it to 50 or more random characters; on your own machine, script/server does."


def refusal(folder, command="check", **variables) -> str:
    """The one line with which the start ends."""
    ended = manage(command, folder=folder, **variables)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert ended.stderr.startswith("Ketcare cannot start: ")
    return ended.stderr.removeprefix("Ketcare cannot start: ").rstrip("\n")


def test_a_whole_environment_starts(tmp_path):
    (tmp_path / "var").mkdir()
    ended = manage("check", folder=tmp_path, **GOOD)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "problem"), [("check", "unable to open database file"), ("tick", "unable to open database file")]
)
def test_a_command_says_so_where_there_is_no_database_yet(tmp_path, command, problem):
    ended = manage(command, folder=tmp_path, **GOOD)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert problem in ended.stderr


def test_a_command_says_so_where_the_database_is_not_prepared(tmp_path):
    (tmp_path / "var").mkdir()
    ended = manage("verify_reviews", folder=tmp_path, **GOOD)
    assert ended.returncode == 1
    assert ended.stderr == (
        "Ketcare cannot use its database: no such table: articles_guide\n"
        "See that DATABASE_URL is right; manage.py up prepares it.\n"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SECRET_KEY", SECRET),
        (
            "KETCARE_KEYS",
            "KETCARE_KEYS is missing. Set it to the site's keys, id:base64url, newest first; script/server makes one.",
        ),
        ("SITE_URL", "SITE_URL is missing. Set it to the site's address, such as https://guides.example.org."),
        (
            "SIGNUP",
            "SIGNUP is missing. Set it to who may make an account: open, invite or closed; script/server writes open.",
        ),
    ],
)
def test_what_has_no_default_stops_the_start_where_it_is_missing(tmp_path, name, words):
    rest = {other: value for other, value in GOOD.items() if other != name}
    assert refusal(tmp_path, **rest) == words
    assert refusal(tmp_path, **rest, **{name: " "}) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "a" * 49, "SECRET_KEY is shorter than 50 characters. Set it to 50 or more random characters."),
        ("KETCARE_KEYS", "k1:abc", "KETCARE_KEYS cannot be used: key 1 has 2 bytes, and 32 are needed."),
        ("SITE_URL", "guides.example.org", ADDRESS),
        ("SITE_URL", "ftp://guides.example.org", ADDRESS),
        ("SITE_URL", "https://", ADDRESS),
        ("SITE_URL", "https://guides.example.org/help", ADDRESS),
        ("SITE_URL", "https://guides.example.org?a=1", ADDRESS),
        ("SITE_URL", "https://guides.example.org#a", ADDRESS),
        ("SITE_URL", "https://[guides", ADDRESS),
        ("SITE_URL", "https://guides.example.org:https", ADDRESS),
        (
            "SITE_URL",
            "https://me@guides.example.org",
            "SITE_URL holds a user name. Write the address as readers see it, without one.",
        ),
        (
            "SITE_URL",
            "http://guides.example.org",
            "SITE_URL is http on a public name. Give it https: pages about health need it.",
        ),
        (
            "SITE_URL",
            "http://localhost.example.org",
            "SITE_URL is http on a public name. Give it https: pages about health need it.",
        ),
        ("DEBUG", "perhaps", "DEBUG is neither on nor off. Write DEBUG=on or DEBUG=off."),
        ("DATABASE_URL", "ketcare.sqlite3", DATABASE),
        ("DATABASE_URL", "mysql://user:hunter22@localhost/ketcare", DATABASE),
        ("DATABASE_URL", "postgress://user:hunter22@localhost/ketcare", DATABASE),
        ("DATABASE_URL", "postgres://user:hunter22@localhost", DATABASE),
        ("DATABASE_URL", "sqlite://:memory:", DATABASE),
        ("DATABASE_URL", "sqlite://", DATABASE),
        (
            "CLINIC_BOOKING_URL",
            "http://example.org/",
            "CLINIC_BOOKING_URL is not an https:// address. Correct it or leave it out.",
        ),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is not one of DEBUG, ERROR, INFO, WARNING. Choose one of these."),
        ("SIGNUP", "everybody", "SIGNUP is not one of closed, invite, open. Choose one of these."),
        ("EMAIL_URL", "mail.example.org", MAIL),
        ("EMAIL_URL", "smtp+tls://", MAIL),
        ("EMAIL_URL", "consolemail://", MAIL),
        ("EMAIL_URL", "dummymail://hunter22@mail.example.org", MAIL),
        ("CACHE_URL", "locmemcache://", CACHE),
        ("CACHE_URL", "dummycache://", CACHE),
        ("CACHE_URL", "filecache:///tmp", CACHE),
        ("CACHE_URL", "redis", CACHE),
        ("TRUSTED_PROXIES", "one", PROXIES),
        ("TRUSTED_PROXIES", "-1", PROXIES),
        ("TRUSTED_PROXIES", "10", PROXIES),
        ("DISCREET_NAME", "a" * 41, NAME),
        ("DISCREET_NAME", "Notes\nBcc: bob@example.org", NAME),
        ("MAIL_FROM", "somebody", FROM),
        ("MAIL_FROM", "a@example.org\nBcc: bob@example.org", FROM),
        ("EXIT_URL", "http://example.org/", EXIT),
        ("EXIT_URL", "https://", EXIT),
        ("EXIT_URL", "weather", EXIT),
        ("CRISIS_REGION", "XX", "CRISIS_REGION is not one of AU, CA, GB, GB-ENG, NZ, US. Choose one of these."),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name_and_what_to_do(tmp_path, name, value, words):
    assert refusal(tmp_path, **{**GOOD, name: value}) == words


@pytest.mark.parametrize("command", ["up", "tick", "migrate", "import_guides", "verify_reviews"])
def test_every_command_ends_in_one_line_where_a_secret_is_missing(tmp_path, command):
    public = {"KETCARE_KEYS": KEY, "SITE_URL": "https://guides.example.org", "SIGNUP": "closed"}
    assert refusal(tmp_path, command, **public) == SECRET


def test_a_key_that_cannot_be_read_is_not_printed(tmp_path):
    words = refusal(tmp_path, **{**GOOD, "KETCARE_KEYS": KEY.partition(":")[2] + ":k1"})
    assert words == (
        "KETCARE_KEYS cannot be used: key 1 is not written as id:base64url (an id has letters, digits and dashes)."
    )


def test_a_secret_that_begins_with_a_dollar_sign_is_taken_as_it_is(tmp_path):
    secret = "$" + "a" * 60
    variables = {**GOOD, "SECRET_KEY": secret, "SECRET_KEY_FALLBACKS": f"${'b' * 60}, {'c' * 60},"}
    printed = asked("print(settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)", folder=tmp_path, **variables)
    assert printed == f"{secret} {['$' + 'b' * 60, 'c' * 60]}"


def test_a_file_gives_what_the_environment_does_not(tmp_path):
    (tmp_path / ".env").write_text(
        "".join(f"{name}={value}\n" for name, value in {**GOOD, "CLINIC_NAME": "Harbor", "DEBUG": "on"}.items())
    )
    printed = asked("print(settings.CLINIC_NAME, settings.DEBUG)", folder=tmp_path, CLINIC_NAME="Bay Clinic")
    assert printed == "Bay Clinic True"


def test_debug_is_off_unless_it_is_switched_on(tmp_path):
    assert asked("print(settings.DEBUG)", folder=tmp_path, **GOOD) == "False"


SAID = """
import json
names = ("HTTPS LOCAL ALLOWED_HOSTS SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE"
    " SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS")
print(json.dumps({name: getattr(settings, name) for name in names.split()}
    | {"upgrade": settings.SECURE_CSP["upgrade-insecure-requests"]}))
"""


def test_an_https_address_brings_what_goes_with_https(tmp_path):
    public = {**GOOD, "SITE_URL": "https://guides.example.org/", "EMAIL_URL": "smtp+tls://mail.example.org:587"}
    said = json.loads(asked(SAID, folder=tmp_path, **public))
    assert said == {
        "HTTPS": True,
        "LOCAL": False,
        "ALLOWED_HOSTS": ["guides.example.org"],
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 2 * 365 * 24 * 60 * 60,
        "upgrade": True,
    }


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1"])
def test_ones_own_machine_may_do_without_https(tmp_path, address):
    said = json.loads(asked(SAID, folder=tmp_path, **{**GOOD, "SITE_URL": address}))
    assert said == {
        "HTTPS": False,
        "LOCAL": True,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_NAME": "csrf",
        "CSRF_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "upgrade": False,
    }


# Mail and counted tries -------------------------------------------------------------------------------------------


def test_a_public_site_without_a_mail_server_does_not_start(tmp_path):
    words = refusal(tmp_path, **{**GOOD, "SITE_URL": "https://guides.example.org"})
    assert words == "EMAIL_URL is missing. Accounts need mail: set it to smtp+tls://user:password@host:port."


def test_a_mail_server_is_read_from_its_address(tmp_path):
    code = "import json; print(json.dumps(settings.MAILERS['default']))"
    url = "smtp+tls://site:pass%20word@mail.example.org:2525"
    said = json.loads(asked(code, folder=tmp_path, **GOOD, EMAIL_URL=url))
    assert said["BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert said["OPTIONS"] == {
        "host": "mail.example.org",
        "port": 2525,
        "username": "site",
        "password": "pass word",
        "use_tls": True,
        "use_ssl": False,
        "timeout": 20,
    }


def test_on_ones_own_machine_mails_go_into_a_folder(tmp_path):
    code = "print(settings.MAILERS['default'])"
    said = asked(code, folder=tmp_path, **GOOD)
    assert "filebased" in said
    assert str(tmp_path / "var" / "mail") in said


def test_what_is_left_empty_has_its_default(tmp_path):
    code = "print(settings.DISCREET_NAME, settings.DEFAULT_FROM_EMAIL, settings.ALLAUTH_TRUSTED_PROXY_COUNT)"
    empty = {"DISCREET_NAME": "", "MAIL_FROM": "", "TRUSTED_PROXIES": ""}
    assert asked(code, folder=tmp_path, **GOOD, **empty) == "Notes no-reply@localhost 0"


def test_all_workers_count_tries_in_one_place(tmp_path):
    code = "print(settings.CACHES['default']['BACKEND'])"
    assert asked(code, folder=tmp_path, **GOOD).endswith(".DatabaseCache")
    assert asked(code, folder=tmp_path, **GOOD, CACHE_URL="rediscache://127.0.0.1:6379/0").endswith(".RedisCache")


# SQLite -----------------------------------------------------------------------------------------------------------

PRAGMAS = """
import json
from django.db import connection
with connection.cursor() as cursor:
    found = {}
    for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout"):
        cursor.execute(f"PRAGMA {name}")
        found[name] = cursor.fetchone()[0]
print(json.dumps(found))
"""
IN_FORCE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 20_000}


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ("", {}),
        ("?timeout=5", {"busy_timeout": 5000}),
        ("?init_command=PRAGMA synchronous=OFF", {}),
    ],
)
def test_what_keeps_an_acknowledged_write_is_really_in_force(tmp_path, options, changed):
    url = f"sqlite:///{tmp_path}/ketcare.sqlite3{options}"
    assert json.loads(asked(PRAGMAS, folder=tmp_path, **GOOD, DATABASE_URL=url)) == IN_FORCE | changed


LOCKED_OUT = """
import sqlite3
from django.db import connection, transaction
other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=0, isolation_level=None)
with transaction.atomic():
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as problem:
        print(problem)
other.execute("BEGIN IMMEDIATE")
print("free")
"""


def test_a_transaction_takes_its_lock_when_it_begins(tmp_path):
    (tmp_path / "var").mkdir()
    assert asked(LOCKED_OUT, folder=tmp_path, **GOOD) == "database is locked\nfree"


def test_postgresql_is_read_from_its_address(tmp_path):
    code = "print({name: settings.DATABASES['default'][name] for name in ('ENGINE', 'NAME', 'HOST', 'PASSWORD')})"
    url = "postgres://ketcare:pass%20word@db.example.org:5433/site"
    assert asked(code, folder=tmp_path, **GOOD, DATABASE_URL=url) == str(
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "site",
            "HOST": "db.example.org",
            "PASSWORD": "pass word",
        }
    )
