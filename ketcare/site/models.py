import datetime as dt
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Clinic(models.Model):
    """The clinic that runs the site: one row, which pages read through `ketcare.site.clinic`."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    after_hours_phone = models.CharField(_("phone after hours"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail for mistakes on a page"), blank=True)
    booking_url = models.URLField(_("booking link"), blank=True)
    session_day_note = models.TextField(_("note for the day of a session"), blank=True)
    solo = models.BooleanField(
        _("one clinician writes and signs"),
        default=False,
        help_text=_(
            "For a clinic with one clinician. They may sign their own words from the day after they were handed in, "
            "and the page says “Written and signed by the same clinician”."
        ),
    )

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinic")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_clinic"),
            models.CheckConstraint(
                condition=models.Q(booking_url="") | models.Q(booking_url__startswith="https://"),
                name="a_booking_link_is_https",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Clinic without a name"))


class GlossaryTerm(models.Model):
    """A word that readers meet, explained. No clinician signs it, and pages that show it say so."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    term = models.CharField(_("word"), max_length=80)
    # Other words and spellings for it, wrong ones too: search finds by them.
    also = models.JSONField(_("also"), default=list, blank=True)
    meaning = models.CharField(_("meaning"), max_length=320)
    mark = models.BooleanField(_("marked in guides"), default=True)
    # Where it is read about: "section/slug" of guides.
    guides = models.JSONField(_("guides"), default=list, blank=True)
    # With the number of words, it tells a worker that its finished pages are of yesterday.
    changed_at = models.DateTimeField(_("changed at"), auto_now=True, db_index=True)
    # The record as a file last brought it in: a row that differs from it was edited here and is left alone.
    as_imported = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(term="") & ~models.Q(meaning=""), name="a_word_has_a_meaning"),
        ]

    def __str__(self) -> str:
        return self.term

    def record(self) -> dict[str, Any]:
        """What `content/glossary.toml` says of the word."""
        return {
            "term": self.term,
            "also": self.also,
            "meaning": self.meaning,
            "mark": self.mark,
            "guides": self.guides,
        }

    def forms(self) -> list[str]:
        """The word and those of its other spellings that begin as it does: "sedative", "sedatives", not "benzos"."""
        word = self.term.partition(" (")[0]
        return [word, *(other for other in self.also if other[:5].casefold() == word[:5].casefold())]


class LineCheck(models.Model):
    """That somebody called or looked up a crisis line and found it as it stands in the file, named by its digest."""

    line = models.CharField(_("line"), max_length=60)
    digest = models.CharField(_("digest of what the file says"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", to_field="ref", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("check of a crisis line")
        verbose_name_plural = _("checks of crisis lines")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=("digest", "-at"), name="newest_check_of_a_line")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(digest=""), name="a_check_is_of_what_a_line_says"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.at:%Y-%m-%d}"


class Prompt(models.Model):
    """What the journal asks or says in one place, which its key names. `ketcare.site.prompts` knows the places.

    Whoever writes may skip each, and swap it for another question where there is one.
    """

    EMPTY: ClassVar[dict[str, Any]] = {
        "question": "",
        "hint": "",
        "note": "",
        "swaps": [],
        "chips": [],
        "no_better": [],
    }

    key = models.SlugField(_("place"), max_length=60, unique=True)
    heading = models.CharField(_("heading"), max_length=80)
    question = models.CharField(_("question"), max_length=200, blank=True)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    note = models.CharField(_("note below"), max_length=320, blank=True)
    # Other questions for the same place.
    swaps = models.JSONField(_("other questions"), default=list, blank=True)
    # Short answers to tap.
    chips = models.JSONField(_("short answers"), default=list, blank=True)
    # Those of them that lead to "If you don't feel better".
    no_better = models.JSONField(_("short answers that lead to help"), default=list, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # As of a word of the glossary.
    as_imported = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=~models.Q(heading=""), name="a_prompt_has_a_heading"),
        ]

    def __str__(self) -> str:
        return self.heading

    def record(self) -> dict[str, Any]:
        """What a file says of the prompt, with everything that it leaves out."""
        return {name: getattr(self, name) for name in ("heading", *self.EMPTY)}

    def said(self) -> dict[str, Any]:
        """What `content/prompts.toml` says of the prompt."""
        return {name: value for name, value in self.record().items() if value}


class Outbox(models.Model):
    """A mail that is to go out once: `ketcare.outbox` puts it here, claims it and sends it.

    Its address and words are sealed, and taken out once it is sent.
    """

    # Says what the mail is about, so that the same deed done twice is one mail.
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    sealed = models.BinaryField(blank=True, default=bytes)
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(db_index=True)
    # Afterwards it would come at the wrong time, and is better not sent.
    until = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ("due", "pk")
        indexes = [
            # `tick` asks every minute, among all that were sent in a month.
            models.Index(
                fields=("next_try",),
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="mail_that_waits",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(given_up_at__isnull=True),
                name="a_mail_is_sent_or_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Event(models.Model):
    """Something that happened to an account or on the desk: who, what, when. No content and no address."""

    at = models.DateTimeField(_("at"))
    owner_ref = models.UUIDField(_("account"), null=True, blank=True)
    verb = models.CharField(_("what happened"), max_length=40)
    object_ref = models.CharField(_("to what"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=("owner_ref", "-at"), name="event_of_an_account"),
            models.Index(fields=("at",), name="event_by_its_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"


class Destroyed(models.Model):
    """That a data key or an account was destroyed, by its ref alone: `ketcare.site.destroyed` says why that is kept."""

    ref = models.UUIDField(unique=True)
    what = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("thing that was destroyed")
        verbose_name_plural = _("things that were destroyed")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=["data-key", "account"]), name="a_data_key_or_an_account_is_destroyed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.ref}"


class Invitation(models.Model):
    """Leave to make an account, by a link that works once. The link itself is kept as a hash only."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Empty for the very first clinician, who comes by the link that `up` prints.
    email = models.EmailField(_("e-mail"), blank=True)
    for_staff = models.BooleanField(_("for staff"), default=False)
    # The names of the groups that the new account enters.
    roles = models.JSONField(_("roles"), default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="an_invitation_works_for_a_while"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="a_used_invitation_is_not_taken_back",
            ),
            models.CheckConstraint(
                condition=models.Q(for_staff=True) | models.Q(roles=[]), name="roles_are_for_staff_alone"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def works(self, now: dt.datetime) -> bool:
        """Whether its link still makes an account."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at

    @property
    def is_first(self) -> bool:
        """Whether it is the one that `up` prints, for the very first clinician."""
        return self.for_staff and not self.email and self.invited_by_id is None

    def proves(self, email: str) -> bool:
        """Whether its link came to that mailbox, or to the terminal of this site's own machine."""
        return self.is_first or self.email == email.strip().lower()
