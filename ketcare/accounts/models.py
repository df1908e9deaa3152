import datetime as dt
import uuid
import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def validate_time_zone(name: str) -> None:
    """A name of the IANA time zone database, such as America/New_York. Raises ValidationError."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as America/New_York."))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account for that address, which is kept in lower case. Raises ValueError without an address."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class Theme(models.TextChoices):
    SYSTEM = "system", _("As this device has it")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


IDLE_MINUTES = 15
STAFF_IDLE_MINUTES = 30


class User(AbstractBaseUser, PermissionsMixin):
    """A patient or a clinician. Known by e-mail; other rows and logs name the random `ref` instead."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("There is an account with this address.")}
    )
    name = models.CharField(_("name shown"), max_length=80, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    theme = models.CharField(_("light or dark"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes without a sign of you, after which we ask who you are"), default=IDLE_MINUTES
    )
    # Whether private pages have the button "Exit this page".
    shares_device = models.BooleanField(_("I share this device with someone who should not see this"), default=False)
    # The privacy words that the person had before them when they signed up, by their version.
    privacy_version = models.CharField(_("privacy words accepted"), max_length=10, blank=True)
    privacy_accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    # The account is deleted at that moment, unless its owner signs in and changes their mind.
    delete_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("works on the desk"), default=False)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = [
            # `tick` asks every minute, and almost no account has such a day.
            models.Index(
                fields=("delete_at",), condition=models.Q(delete_at__isnull=False), name="account_to_be_deleted"
            ),
        ]
        constraints = [
            # With this the unique index holds for every way to write an address.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="an_address_is_in_lower_case"),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__gte=5, idle_minutes__lte=60), name="idle_time_is_5_to_60_minutes"
            ),
            models.CheckConstraint(condition=models.Q(theme__in=Theme.values), name="a_theme_is_a_known_one"),
        ]

    @property
    def longest_idle(self) -> dt.timedelta:
        """How long a browser may be silent before it has to show again who sits there."""
        return dt.timedelta(minutes=STAFF_IDLE_MINUTES if self.is_staff else self.idle_minutes)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which the person lives."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def local_day(self, moment: dt.datetime) -> dt.date:
        """Which day it is at that moment where the person lives."""
        return moment.astimezone(self.zone).date()

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def __str__(self) -> str:
        return str(self.ref)


class WebSession(models.Model):
    """A browser that is signed in, or on its way: `ketcare.accounts.sessions` writes it.

    What its cookie holds stands here as a hash only, and its content is sealed.
    """

    key_hash = models.CharField(max_length=64, primary_key=True, editable=False)
    # Names it in addresses: the hash is for the cookie alone.
    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="web_sessions")
    device = models.CharField(_("device"), max_length=80, blank=True)
    sealed = models.BinaryField()
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("last seen"))
    expires_at = models.DateTimeField(_("ends at"), db_index=True)

    class Meta:
        verbose_name = _("signed-in browser")
        verbose_name_plural = _("signed-in browsers")
        ordering = ("-seen_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("started_at")), name="a_web_session_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class FactorReset(models.Model):
    """That the second factors of somebody on the desk are to be taken away: two others agree, and a day passes.

    `ketcare.accounts.factor_resets` writes it. Its owner hears of it at once, by a mail whose link stops it.
    """

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factor_resets", verbose_name=_("account"))
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked by"))
    reason = models.CharField(_("how you know that it is really they"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    agreed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("agreed to by")
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    stop_hash = models.CharField(max_length=64, unique=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ("-asked_at",)
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("owner")), name="nobody_asks_to_reset_their_own_factor"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True)
                | ~models.Q(agreed_by=models.F("owner")) & ~models.Q(agreed_by=models.F("asked_by")),
                name="two_others_agree_to_a_factor_reset",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, due_at__isnull=True)
                | models.Q(agreed_by__isnull=False, due_at__isnull=False),
                name="an_agreed_factor_reset_is_due",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(due_at__isnull=False, stopped_at__isnull=True),
                name="only_an_agreed_factor_reset_is_done",
            ),
            models.UniqueConstraint(
                fields=("owner",),
                condition=models.Q(stopped_at__isnull=True, done_at__isnull=True),
                name="one_factor_reset_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """Whether it can still be stopped."""
        return self.stopped_at is None and self.done_at is None
