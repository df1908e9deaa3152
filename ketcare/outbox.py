"""Mail that goes out once: put under a key that says what it is about, claimed, sent, tried again.

`put` belongs to the deed's own transaction. Delivery follows the commit within seconds, in a thread of its own, so that
nobody waits (and nobody learns from the waiting whether an address is known); `tick` takes up what that left.

A process that ends between handing a mail over and writing that down sends it again, later; its Message-ID is made of
the key, so that the second can be told from a new one.
"""

import datetime as dt
import hashlib
import json
import logging
import smtplib
import time
import unicodedata
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import Error, OperationalError, connection, connections, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ketcare import keys, sealing
from ketcare.accounts.models import User
from ketcare.site import events
from ketcare.site.models import Outbox
from ketcare.soon import Soon, ending

log = logging.getLogger("ketcare.outbox")

# Longer than a mail server can take with the time limit that settings give it.
CLAIM: Final = dt.timedelta(minutes=5)
# After each failed attempt; then it is given up.
WAITS: Final = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
# Between attempts of a mail that has an end.
SOON: Final = dt.timedelta(minutes=5)
BATCH: Final = 20

# Control characters, separators of lines and paragraphs, halves of characters.
NOT_IN_A_HEAD: Final = {"Cc", "Zl", "Zp", "Cs"}

WAITING = Q(sent_at__isnull=True, given_up_at__isnull=True)


class Refused(ValueError):
    """An address or a subject that would be more than itself in the head of a mail. The message holds neither."""


def put(
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    body: str,
    now: dt.datetime,
    to_user: User | None = None,
    until: dt.datetime | None = None,
    soon: bool = True,
) -> bool:
    """A mail to go out; False where there is one with that key already. Its words are sealed until it is sent.

    With `until` it is tried more often, and given up at that moment. Without `soon` it is left to `tick`.
    Raises Refused where `to` is not one plain address, or the subject more than one line.
    """
    try:
        validate_email(to)
    except ValidationError:
        raise Refused("That is not one plain e-mail address.") from None
    if any(unicodedata.category(sign) in NOT_IN_A_HEAD for sign in to + subject):
        raise Refused("The head of a mail is one line without control characters.")
    words = json.dumps({"to": to, "subject": subject, "body": body}).encode()
    _mail, made = Outbox.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to_user": to_user,
            "sealed": sealing.seal_for(keys.OUTBOX, words, context=(key,)),
            "due": now,
            "next_try": now,
            "until": until,
        },
    )
    if made and soon:
        # Robust: the deed is done, and where no thread can be had `tick` sends the mail.
        transaction.on_commit(deliver_soon, robust=True)
    return made


def withdraw(*, kind: str, to_user: User, now: dt.datetime) -> None:
    """What waits of that kind for that person does not go out any more, and its words are taken out."""
    waiting = Outbox.objects.filter(WAITING, kind=kind, to_user=to_user)
    waiting.update(given_up_at=now, sealed=b"", claimed_until=None)


def deliver(now: dt.datetime) -> int:
    """Sends what is due and not claimed by another; says how many went out. Safe to run twice at once.

    Must not run in a transaction: a claim counts once others can see it.
    """
    began = time.monotonic()

    def clock() -> dt.datetime:
        return now + dt.timedelta(seconds=time.monotonic() - began)

    _give_up_what_is_too_late(now)
    sent = 0
    while batch := list(_free(clock()).order_by("-pk").values_list("pk", flat=True)[:BATCH]):
        # The newest first, and few at a time: somebody waits for a code while a thousand reminders are due.
        for pk in batch:
            if ending():
                return sent  # the mail at hand was sent, and no other is begun
            sent += _claim_and_send(pk, clock)
    return sent


def _give_up_what_is_too_late(now: dt.datetime) -> None:
    """Without an event: nothing is wrong with the address, the moment has passed."""
    too_late = Outbox.objects.filter(WAITING, next_try__lte=now, until__lte=now)
    if too_late.exists():
        too_late.update(given_up_at=now, sealed=b"", claimed_until=None)


def _free(at: dt.datetime) -> QuerySet[Outbox]:
    unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    in_time = Q(until__isnull=True) | Q(until__gt=at)  # a run can be long: it counts when a mail's turn comes
    return Outbox.objects.filter(WAITING & unclaimed & in_time, next_try__lte=at)


def _claim_and_send(pk: int, clock: Callable[[], dt.datetime]) -> bool:
    at = clock()
    with transaction.atomic(durable=True):
        # Of several who see it free, the database lets one change it.
        claimed = _free(at).filter(pk=pk).update(claimed_until=at + CLAIM)
    mail = Outbox.objects.select_related("to_user").filter(WAITING, pk=pk).first() if claimed else None
    if mail is None:
        return False  # another was faster, it was withdrawn, or the account is gone and its mail with it
    try:
        _hand_over(mail)
    except sealing.CannotOpen:
        # A key that is not here may come back; what is damaged stays so.
        _failed(mail, clock(), "it cannot be opened", final=not _lacks_its_key(mail))
    except (OSError, smtplib.SMTPException, ImproperlyConfigured, ValueError) as problem:
        _failed(mail, clock(), _in_short(problem), final=_is_final(problem))
    else:
        _write_down(mail, clock())
        return True
    return False


def _hand_over(mail: Outbox) -> None:
    words = json.loads(sealing.unseal_for(keys.OUTBOX, bytes(mail.sealed), context=(mail.key,)))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    identity = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{host}>"
    EmailMessage(
        words["subject"],
        words["body"],
        settings.DEFAULT_FROM_EMAIL,
        [words["to"]],
        headers={"Message-ID": identity, "Auto-Submitted": "auto-generated"},
    ).send()


def _write_down(mail: Outbox, at: dt.datetime) -> None:
    """That it was sent, and takes out its words. A database that is busy just now is asked again: it would be a
    second mail."""
    for pause in (1, 5, 0):
        try:
            Outbox.objects.filter(WAITING, pk=mail.pk).update(sent_at=at, sealed=b"", claimed_until=None)
            return
        except OperationalError:
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    log.error("A mail of kind %s was sent, and that could not be written down: it will be sent again.", mail.kind)


def _failed(mail: Outbox, at: dt.datetime, what: str, *, final: bool) -> None:
    log.warning("A mail of kind %s could not be handed over (%s, attempt %d).", mail.kind, what, mail.attempts + 1)
    # Where the claim ran out and another has the mail, it is the other's to say what became of it.
    row = Outbox.objects.filter(WAITING, pk=mail.pk, claimed_until=mail.claimed_until)
    changes = {"attempts": mail.attempts + 1, "claimed_until": None}
    wait = (SOON if mail.attempts else WAITS[0]) if mail.until else None
    if not final and (wait or mail.attempts < len(WAITS)):
        row.update(next_try=at + (wait or WAITS[mail.attempts]), **changes)
        return
    with transaction.atomic():
        if row.update(given_up_at=at, sealed=b"", **changes):
            owner = mail.to_user.ref if mail.to_user else None
            events.record(events.Verb.MAIL_GIVEN_UP, owner=owner, object_ref=mail.kind, now=at)


def _lacks_its_key(mail: Outbox) -> bool:
    try:
        key_id = sealing.key_id_of(bytes(mail.sealed))
    except sealing.CannotOpen:
        return False
    if key_id in keys.ring().ids:
        return False
    log.error("A mail waits for the key %s, which KETCARE_KEYS does not have. Put that key back.", key_id)
    return True


def _replies(problem: Exception) -> list[tuple[int, bytes]]:
    """What the mail server answered: code and words."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return list(problem.recipients.values())
    if isinstance(problem, smtplib.SMTPResponseException):
        error = problem.smtp_error
        return [(problem.smtp_code, error if isinstance(error, bytes) else str(error).encode())]
    return []


def _is_final(problem: Exception) -> bool:
    """Whether that mailbox, or the server for this very mail, said no for good (RFC 5321, 5yz).

    A refusal of the sender, of the sign-in, or of us as a sender (RFC 3463, 5.7.x) is not the mailbox's fault: whoever
    runs the site can mend it within the time of the attempts.
    """
    if not isinstance(problem, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return False
    replies = _replies(problem)
    return bool(replies) and all(
        code >= 500 and code != 530 and not words.lstrip().startswith(b"5.7.") for code, words in replies
    )


def _in_short(problem: Exception) -> str:
    """Without the server's words, in which the address often stands."""
    codes = " ".join(str(code) for code, _words in _replies(problem))
    return f"{type(problem).__name__} {codes}".rstrip()


# Soon after a commit --------------------------------------------------------------------------------------------------


def _deliver_and_close() -> None:
    try:
        deliver(timezone.now())
    except Error as problem:
        log.warning("The outbox could not be read (%s); tick tries again.", type(problem).__name__)
    finally:
        connections.close_all()


_delivery = Soon(_deliver_and_close, name="outbox")


def deliver_soon() -> None:
    """Has this process's thread for it deliver what is due."""
    _delivery.ask()
