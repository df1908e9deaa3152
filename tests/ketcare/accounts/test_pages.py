"""What account pages say and show: the frame, the words at sign-up, forms that say what is wrong, the picture."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings as site_settings
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from ketcare.accounts.forms import PreferencesForm
from ketcare.accounts.models import Theme, User
from tests.ketcare.accounts.signing_in import account, reauthenticate, sign_in
from tests.reading import Element, read

CSS = site_settings.BASE_DIR / "static" / "css"
TEMPLATES = site_settings.BASE_DIR / "templates"
# Where they cannot be reached as the settings are: codes by phone, links by mail, trusted browsers, sign-in by code.
UNUSED = {
    "account/confirm_phone_verification_code.html",
    "account/email_confirm.html",
    "account/password_reset_done.html",
    "account/phone_change.html",
    "account/request_login_code.html",
    "account/verification_sent.html",
    "mfa/trust.html",
}


def page(client: Client, path: str) -> Element:
    return read(client.get("/accounts/" + path).content)


def dark_or_light(css: str, opening: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", css.split(opening, 1)[1].split("}", 1)[0]))


def test_each_page_that_allauth_can_show_is_in_words_of_ours():
    theirs = Path(allauth.__file__).parent / "templates"
    pages = {
        str(path.relative_to(theirs)) for folder in ("account", "mfa") for path in theirs.glob(f"{folder}/**/*.html")
    }
    inherited = {name for name in pages if "/base_manage" in name or "/base_entrance" in name or "snippets" in name}
    layouts = {name for name in pages if name.endswith("/base.html")}
    missing = {name for name in pages if not (TEMPLATES / name).exists()}
    assert missing <= UNUSED | inherited | layouts


def test_a_title_is_the_name_of_the_page_and_the_discreet_name(db: None, settings: Settings):
    settings.DISCREET_NAME = "Diary"
    assert page(Client(), "login/").one("title").text == "Sign in · Diary"


def test_public_pages_link_to_the_account_without_a_look_at_who_reads(db: None):
    response = Client().get("/about/")
    assert "/accounts/login/" in read(response.content).links()
    assert "Cookie" not in response.headers.get("Vary", "")


def test_sign_out_is_a_form_on_every_page_inside(alices: Client):
    footer = page(alices, "settings/").one("footer")
    assert [form.attributes["action"] for form in footer.all("form")] == ["/accounts/logout/"]
    assert footer.one("form").attributes["method"] == "post"


@pytest.mark.parametrize(("theme", "attribute"), [("dark", "dark"), ("light", "light"), ("system", None)])
def test_the_theme_that_somebody_chose_is_on_the_page(db: None, theme: Theme, attribute: str | None):
    client = sign_in(Client(), account("alice@example.org", theme=theme))
    assert page(client, "settings/").one("html").attributes.get("data-theme") == attribute


def test_the_themes_of_accounts_have_the_colors_of_the_site():
    site, private = (CSS / "site.css").read_text(), (CSS / "private.css").read_text()
    light = dark_or_light(site, ":root, :host {")
    assert len(light) == 9
    assert dark_or_light(private, '[data-theme="light"] {') == light
    assert dark_or_light(private, '[data-theme="dark"] {') == dark_or_light(site, "prefers-color-scheme: dark) {")


def test_the_privacy_words_stand_above_the_button(db: None):
    words = page(Client(), "signup/").one("main").text
    for promise in (
        "hold the key",
        "a court can order it",
        "no one will answer",
        "For adults, 18 and over",
        "call 911",
    ):
        assert promise in words
    assert words.index("No one reads along") < words.index("Make my account")


def test_a_phrase_is_suggested_anew_each_time(db: None):
    phrases = {page(Client(), "signup/").one("main").text.split("drawn at random: ")[1][:20] for _ in range(3)}
    assert len(phrases) > 1


def test_a_form_says_what_is_wrong_above_and_at_its_field(db: None):
    answer = read(Client().post("/accounts/signup/", {"email": "alice", "password1": "short"}).content)
    assert answer.one("title").text.startswith("Problem: ")
    summary = next(part for part in answer.all("div") if part.attributes.get("role") == "alert")
    entries = {entry.attributes.get("id"): entry for entry in answer.all("input", "select")}
    assert len(summary.links()) >= 3
    for link in summary.links():
        entry = entries[link.removeprefix("#")]
        described = entry.attributes["aria-describedby"].split()
        known = [part.attributes.get("id") for part in answer.all("p")]
        assert f"{link.removeprefix('#')}_error" in described
        assert set(described) <= set(known)
    assert "value" not in entries["id_password1"].attributes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("login/", {"login": "username", "password": "current-password"}),
        ("signup/", {"email": "email", "password1": "new-password"}),
        ("password/reset/", {"email": "email"}),
    ],
)
def test_managers_of_passwords_know_what_each_field_is(db: None, path: str, expected: dict[str, str]):
    entries = {entry.attributes["name"]: entry.attributes for entry in page(Client(), path).all("input")}
    assert {name: entries[name]["autocomplete"] for name in expected} == expected
    assert all("onpaste" not in entry for entry in entries.values())


def test_where_mails_lie_in_a_folder_the_page_for_the_code_says_so(db: None, settings: Settings):
    assert "var/mail" not in render_to_string("account/local_mail.html")
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend"}}
    settings.MAIL_FOLDER = settings.BASE_DIR / "var" / "mail"
    assert "<code>var/mail</code>" in render_to_string("account/local_mail.html")


def test_the_picture_of_the_secret_is_there_only_while_an_app_is_set_up(alices: Client):
    assert alices.get("/accounts/2fa/totp/qr.svg").status_code == 404
    reauthenticate(alices)
    shown = page(alices, "2fa/totp/activate/")
    assert "/accounts/2fa/totp/qr.svg" in [image.attributes["src"] for image in shown.all("img")]
    picture = alices.get("/accounts/2fa/totp/qr.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture.headers["Cache-Control"]
    assert b"<svg" in picture.content
    assert Client().get("/accounts/2fa/totp/qr.svg").status_code == 302


@pytest.mark.parametrize(("for_staff", "asked"), [(False, True), (True, False)])
def test_how_long_somebody_may_be_silent_is_not_for_staff_to_choose(db: None, for_staff: bool, asked: bool):
    form = PreferencesForm(instance=User(email="rao@example.org", is_staff=for_staff))
    assert ("idle_minutes" in form.fields) == asked


def test_a_browser_with_a_made_up_name_is_not_found(alices: Client):
    reauthenticate(alices)
    assert alices.post("/accounts/browsers/end/", {"ref": "no-such"}).status_code == 404


def test_a_language_is_chosen_where_there_is_more_than_one(alices: Client, alice: User, settings: Settings):
    assert "Language: English" in page(alices, "settings/").one("main").text
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    assert "Español" in page(alices, "settings/").one("main").text
    chosen = {"name": "", "language": "es", "time_zone": "UTC", "theme": "system", "idle_minutes": "15"}
    assert alices.post("/accounts/settings/", chosen).status_code == 302
    alice.refresh_from_db()
    assert alice.language == "es"
