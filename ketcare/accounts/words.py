"""What is wrong and what to do, where django-allauth's own words say only the first."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACCOUNT: dict[str, str | Promise] = {
    "duplicate_email": _("That is the address of your account already. Give another."),
    "email_password_mismatch": _("Address and password do not go together. Check both, or choose a new password."),
    "email_taken": _("That address cannot be used here. Give another."),
    "enter_current_password": _("That is not your password so far. Try again."),
    "incorrect_code": _("That is not the code. Copy it once more from the newest mail."),
    "incorrect_password": _("That is not your password. Try again."),
    "rate_limited": _("Too many tries for now. Wait some minutes, then try again."),
    "same_as_current": _("That is the address already. Give another."),
    "too_many_login_attempts": _("Too many tries for now. Wait some minutes, then try again."),
}
SECOND_FACTOR: dict[str, str | Promise] = {
    "cannot_delete_authenticator": _("You work on this site, so one second step has to stay. Add another first."),
    "cannot_generate_recovery_codes": _("Recovery codes belong to a second step. Set one up first."),
    "incorrect_code": _("That is not the code. Wait for the next one, and check the clock of your phone."),
    "unverified_email": _("First confirm your e-mail address."),
}
