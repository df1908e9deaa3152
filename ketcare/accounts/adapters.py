"""Where django-allauth asks what this site wants: mail through the outbox, sealed secrets, events, invitations."""

import base64
import secrets
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ketcare import keys, outbox, sealing
from ketcare.accounts import invitations, words
from ketcare.accounts.devices import device_words
from ketcare.accounts.models import User, WebSession
from ketcare.accounts.private import ACTIVE_AT
from ketcare.accounts.sessions import DEVICE, hash_of
from ketcare.desk import came_by_recovery_code
from ketcare.site import events
from ketcare.site.events import Verb

# What a mail to the owner tells of, as an event.
TOLD = {
    "account/email/password_changed": Verb.PASSWORD,
    "account/email/password_set": Verb.PASSWORD,
    "account/email/password_reset": Verb.PASSWORD_RESET,
    "account/email/email_changed": Verb.EMAIL,
    "account/email/email_deleted": Verb.EMAIL,
    "mfa/email/totp_activated": Verb.FACTOR_ADDED,
    "mfa/email/webauthn_added": Verb.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Verb.FACTOR_REMOVED,
    "mfa/email/webauthn_removed": Verb.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": Verb.CODES,
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = {**DefaultAccountAdapter.error_messages, **words.ACCOUNT}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP == "open" or invitations.brought_by(request) is not None

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        invitation = invitations.brought_by(request)
        if invitation is not None:
            invitations.prepare(user, invitation)
        saved: User = super().save_user(request, user, form, commit)
        events.record(Verb.SIGNED_UP, owner=saved.ref)
        if invitation is not None and not invitations.use(request, invitation, by=saved, now=timezone.now()):
            # Two came with the same link at the same moment: this account is not made.
            raise ImmediateHttpResponse(render(request, "account/invitation_over.html", status=404))
        if invitation is not None and invitation.proves(saved.email):
            # An invitation that came by mail proves its address; a code proves every other.
            self.stash_verified_email(request, saved.email)
        return saved

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every other browser's session at once, and for good."""
        super().set_password(user, password)
        here = hash_of(self.request.session.session_key or "")
        WebSession.objects.filter(owner=user).exclude(key_hash=here).delete()

    def send_account_already_exists_mail(self, email: str) -> None:
        # A new account would have cost the hashing of its password: who waits learns nothing.
        make_password(secrets.token_urlsafe())
        super().send_account_already_exists_mail(email)

    def is_safe_url(self, url: str | None) -> bool:
        """Somebody is sent on within this site only, and by a whole path: no browser has to guess what is meant."""
        return bool(url) and str(url).startswith("/") and bool(super().is_safe_url(url))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who writes here begins with today; who works here with their settings."""
        if isinstance(request.user, User) and request.user.is_staff:
            return reverse("settings")
        url: str = super().get_login_redirect_url(request)
        return url

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("settings")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        if isinstance(request.user, User) and request.user.is_staff:
            return reverse("first_steps_next")
        url: str = super().get_signup_redirect_url(request)
        return url

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        request.session[DEVICE] = device_words(self.get_http_user_agent(request))
        # Of a sign-up with a code by mail, allauth keeps no record that would be a sign of its owner.
        request.session[ACTIVE_AT] = timezone.now().timestamp()
        events.record(Verb.SIGNED_IN, owner=user.ref)
        response: HttpResponse | None = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            events.record(Verb.SIGNED_OUT, owner=request.user.ref)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        known = User.objects.filter(email=str(credentials.get("email", "")).strip().lower()).first()
        events.record(Verb.REFUSED, owner=known.ref if known else None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address and by who asks: a stranger's wrong guesses lock nobody out but the stranger."""
        return f"{get_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.DISCREET_NAME}: {subject}"

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        if (verb := TOLD.get(template_prefix)) is not None:
            events.record(verb, owner=user.ref)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        known = {"email": email, "discreet_name": settings.DISCREET_NAME, "site": settings.SITE_URL, **context}
        message = self.render_mail(template_prefix, email, {"request": self.request, **known})
        address = EmailAddress.objects.filter(email=email.lower()).select_related("user").first()
        outbox.put(
            key=f"{template_prefix}:{uuid.uuid4()}",
            kind=template_prefix.rpartition("/")[2],
            to=email,
            subject=str(message.subject),
            body=str(message.body),
            now=timezone.now(),
            to_user=address.user if address else None,
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {**DefaultMFAAdapter.error_messages, **words.SECOND_FACTOR}

    def encrypt(self, text: str) -> str:
        """TOTP secrets and the seeds of recovery codes, as they stand in the database."""
        sealed = sealing.seal_for(keys.SECOND_FACTOR, text.encode(), context=("allauth.mfa",))
        return base64.urlsafe_b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.urlsafe_b64decode(encrypted_text.encode())
        return sealing.unseal_for(keys.SECOND_FACTOR, sealed, context=("allauth.mfa",)).decode()

    def get_totp_label(self, user: User) -> str:
        return user.email

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.DISCREET_NAME}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """What a new passkey is called until its owner says otherwise."""
        return device_words(context.request.headers.get("User-Agent", ""))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff keep a second factor: without one they would stand before a closed desk."""
        user = authenticator.user
        if not user.is_staff or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        if authenticator.created_at.timestamp() < came_by_recovery_code(context.request, user):
            return True  # the old factor is lost, and makes way for a new one
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
