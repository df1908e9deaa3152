"""A mail goes out once: whoever else delivers at the same time, whatever the mail server answers."""

import datetime as dt
import smtplib
import time
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import OperationalError, transaction
from pytest_django import Settings

from ketcare import outbox
from ketcare.accounts.models import User
from ketcare.keys import Ring, make_key
from ketcare.outbox import CLAIM, WAITS, Refused, deliver, put, withdraw
from ketcare.site.events import Verb
from ketcare.site.models import Event, Outbox
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "alice@example.org"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def alice() -> User:
    return User.objects.create_user(ADDRESS)


def write(key: str = "code:1", **changes: Any) -> bool:
    words = {"kind": "code", "to": ADDRESS, "subject": "Notes: your code", "body": "It is ABC-DEF.", "now": NOW}
    return put(key=key, **{**words, **changes})


class Server:
    """Stands in for a mail server: `answers` what it says to the next mails, then takes them all."""

    def __init__(self) -> None:
        self.answers: list[Exception | None] = []
        self.taken: list[EmailMessage] = []

    def send(self, mail: EmailMessage) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(mail)


@pytest.fixture
def undelivered(monkeypatch) -> None:
    """Where a test commits, nothing goes out by that."""
    monkeypatch.setattr(outbox, "deliver_soon", lambda: None)


@pytest.fixture
def server(monkeypatch) -> Server:
    server = Server()
    monkeypatch.setattr(EmailMessage, "send", lambda mail: server.send(mail))
    return server


def refused(code: int, words: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({ADDRESS: (code, words.encode())})


BUSY = refused(451, "4.3.0 try later")
UNKNOWN = refused(550, "5.1.1 no such user alice@example.org")


# Putting ----------------------------------------------------------------------------------------------------------


def test_a_mail_goes_out_as_it_was_put(mailoutbox):
    write()
    assert deliver(NOW) == 1
    [mail] = mailoutbox
    assert (mail.subject, mail.body, mail.to) == ("Notes: your code", "It is ABC-DEF.", [ADDRESS])
    assert mail.from_email == "no-reply@localhost"
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_same_key_is_one_mail(mailoutbox):
    assert write()
    assert not write(body="It is another.")
    deliver(NOW)
    assert [mail.body for mail in mailoutbox] == ["It is ABC-DEF."]


def test_a_sent_mail_is_not_sent_again(mailoutbox):
    write()
    assert [deliver(NOW), deliver(NOW + dt.timedelta(days=3))] == [1, 0]
    assert not write()
    assert len(mailoutbox) == 1


def test_the_message_id_follows_from_the_key(server):
    for key in ("code:1", "code:2"):
        write(key)
    deliver(NOW)
    Outbox.objects.all().delete()
    write("code:1")
    deliver(NOW)
    second, first, again = [mail.extra_headers["Message-ID"] for mail in server.taken]
    assert first == again != second
    assert first.endswith("@localhost>")


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\ud800"])
def test_no_header_can_be_smuggled_in_by_a_subject_v1_3_11(break_):
    with pytest.raises(Refused):
        write(subject=f"Notes{break_}Bcc: bob@example.org")
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    "to",
    [
        "alice@example.org\r\nBcc: bob@example.org",
        "alice@example.org\n",
        "alice@example.org, bob@example.org",
        "Alice <alice@example.org>",
        '"\x01"@example.org',
        "alice",
        "",
    ],
)
def test_no_address_is_more_than_one_address_v1_3_11(to):
    with pytest.raises(Refused) as problem:
        write(to=to)
    assert "example" not in str(problem.value)
    assert not Outbox.objects.exists()


def test_a_subject_may_have_any_letters_and_spaces(mailoutbox):
    write(subject="Notes\u00a0: ваш код \N{WAVING HAND SIGN}")
    assert deliver(NOW) == 1


def test_address_and_words_are_sealed_while_they_wait():
    write()
    [mail] = Outbox.objects.all()
    stored = repr([getattr(mail, field.attname) for field in Outbox._meta.fields]) + repr(bytes(mail.sealed))
    for word in (ADDRESS, "alice", "ABC-DEF", "your code"):
        assert word not in stored


def test_address_and_words_are_taken_out_once_sent():
    write()
    deliver(NOW)
    [mail] = Outbox.objects.all()
    assert (bytes(mail.sealed), mail.sent_at is not None, mail.claimed_until) == (b"", True, None)


def test_a_deed_that_is_undone_sends_nothing(mailoutbox):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert deliver(NOW) == 0
    assert mailoutbox == []


def test_with_the_commit_delivery_begins(monkeypatch, django_capture_on_commit_callbacks):
    begun = []
    monkeypatch.setattr(outbox, "deliver_soon", lambda: begun.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert begun == []
    assert begun == [True]


def test_where_no_thread_can_be_had_the_deed_is_done_all_the_same(
    monkeypatch, django_capture_on_commit_callbacks, mailoutbox, caplog
):
    def no_thread():
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(outbox, "deliver_soon", no_thread)
    with django_capture_on_commit_callbacks(execute=True):
        assert write()
    assert deliver(NOW) == 1


# Claiming ---------------------------------------------------------------------------------------------------------


def test_who_sees_it_free_while_another_sends_does_not_send_it(server, monkeypatch):
    write()
    inner: list[int] = []
    plain = server.send

    def send_while_another_looks(mail):
        inner.append(deliver(NOW))
        plain(mail)

    server.send = send_while_another_looks
    assert deliver(NOW) == 1
    assert inner == [0]
    assert len(server.taken) == 1


def test_of_two_who_saw_it_free_one_sends_it(server, monkeypatch):
    """The other's list is from before the claim."""
    write()
    [pk] = Outbox.objects.values_list("pk", flat=True)
    assert [outbox._claim_and_send(pk, lambda: NOW), outbox._claim_and_send(pk, lambda: NOW)] == [True, False]
    assert len(server.taken) == 1


def test_what_a_killed_process_had_claimed_goes_out_once_the_claim_is_over(server):
    write()
    Outbox.objects.update(claimed_until=NOW + CLAIM)
    assert deliver(NOW + CLAIM - SECOND) == 0
    assert deliver(NOW + CLAIM) == 1


def test_a_claim_counts_from_its_own_moment(server, monkeypatch):
    """Not from the moment when a long delivery began."""
    claims: list[dt.datetime] = []
    passed = iter(range(0, 10_000, 60))
    monkeypatch.setattr(time, "monotonic", lambda: next(passed))

    def note_the_claim(mail):
        claimed = Outbox.objects.get(claimed_until__isnull=False).claimed_until
        assert claimed is not None
        claims.append(claimed)

    server.send = note_the_claim
    for number in range(3):
        write(f"code:{number}")
    deliver(NOW)
    assert claims == sorted(set(claims))
    assert claims[-1] - claims[0] >= dt.timedelta(minutes=4)


@pytest.mark.parametrize(
    "end", [User.delete, lambda alice: withdraw(kind="code", to_user=alice, now=NOW)], ids=["deleted", "withdrawn"]
)
def test_a_mail_whose_account_is_deleted_or_that_is_withdrawn_meanwhile_is_not_sent(
    alice, server, monkeypatch, caplog, end
):
    write(to_user=alice)
    [pk] = Outbox.objects.values_list("pk", flat=True)
    free = outbox._free

    def free_and_then_gone(at):
        rows = free(at)
        update = rows.filter(pk=pk).update

        class Rows:
            def filter(self, pk):
                return self

            def update(self, **changes):
                update(**changes)
                end(alice)
                return 1

        return Rows()

    monkeypatch.setattr(outbox, "_free", free_and_then_gone)
    assert not outbox._claim_and_send(pk, lambda: NOW)
    assert server.taken == []
    assert caplog.text == ""


def test_what_is_withdrawn_leaves_no_words_and_no_other_goes_with_it(alice, server):
    write(to_user=alice)
    write("code:2")
    write("other:1", kind="other", to_user=alice)
    withdraw(kind="code", to_user=alice, now=NOW)
    assert deliver(NOW) == 2
    row = Outbox.objects.get(key="code:1")
    assert (row.sent_at, row.given_up_at, bytes(row.sealed)) == (None, NOW, b"")


def test_the_newest_goes_first(server):
    for number in range(50):
        write(f"reminder:{number}", subject=f"Reminder {number}")
    write("code", subject="Your code")
    assert deliver(NOW) == 51
    assert server.taken[0].subject == "Your code"


def test_a_mail_that_is_put_during_a_long_delivery_does_not_wait_for_its_end(server):
    for number in range(50):
        write(f"reminder:{number}", subject=f"Reminder {number}")
    plain = server.send

    def put_one_more(mail):
        plain(mail)
        if len(server.taken) == 5:
            write("code", subject="Your code")

    server.send = put_one_more
    deliver(NOW)
    assert [mail.subject for mail in server.taken].index("Your code") <= outbox.BATCH


def test_a_process_that_is_to_end_begins_no_other_mail(server, monkeypatch):
    for number in range(3):
        write(f"code:{number}")
    monkeypatch.setattr(outbox, "ending", lambda: bool(server.taken))
    assert deliver(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_after_sending_makes_no_second_mail(undelivered, monkeypatch):
    write()
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    [mail] = Outbox.objects.all()

    class Busy:
        def filter(self, *args, **kwargs):
            if not pauses:
                raise OperationalError("database is locked")
            return Outbox.objects.filter(*args, **kwargs)

    monkeypatch.setattr(outbox, "Outbox", type("Stand", (), {"objects": Busy()}))
    outbox._write_down(mail, NOW)
    assert pauses == [1]
    assert Outbox.objects.get().sent_at == NOW


# What the mail server answers -------------------------------------------------------------------------------------

TEMPORARY = {
    "busy": BUSY,
    "the mailbox is full": refused(452, "4.2.2 over quota"),
    "not let in": smtplib.SMTPAuthenticationError(535, b"5.7.8 no"),
    "our sender is refused": smtplib.SMTPSenderRefused(550, b"5.7.1 no", "no-reply@localhost"),
    "we may not relay": refused(554, "5.7.1 relay access denied"),
    "sign in first": refused(530, "5.7.0 must authenticate"),
    "words refused for now": smtplib.SMTPDataError(451, b"4.7.1 greylisted"),
    "hung up": smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
    "no server": ConnectionRefusedError(111, "Connection refused"),
    "silence": TimeoutError("timed out"),
}


@pytest.mark.parametrize("problem", TEMPORARY.values(), ids=TEMPORARY)
def test_what_may_pass_is_tried_again(server, problem):
    write()
    server.answers = [problem]
    assert [deliver(NOW), deliver(NOW + WAITS[0] - 5 * SECOND), deliver(NOW + WAITS[0] + SECOND)] == [0, 0, 1]
    assert not Event.objects.exists()


FINAL = {
    "no such mailbox": UNKNOWN,
    "closed": refused(550, "5.2.1 disabled"),
    "without an extended code": refused(550, "no such user"),
    "the mail itself": smtplib.SMTPDataError(552, b"5.3.4 too large"),
}


@pytest.mark.parametrize("problem", FINAL.values(), ids=FINAL)
def test_a_final_no_is_given_up_at_once_and_its_owner_is_told(alice, server, problem):
    write(to_user=alice)
    server.answers = [problem]
    assert deliver(NOW) == 0
    [mail] = Outbox.objects.all()
    assert (mail.attempts, bytes(mail.sealed)) == (1, b"")
    assert mail.given_up_at is not None
    [event] = Event.objects.all()
    assert (event.owner_ref, event.verb, event.object_ref) == (alice.ref, Verb.MAIL_GIVEN_UP, "code")
    assert deliver(NOW + dt.timedelta(days=9)) == 0
    assert server.taken == []


def test_a_mail_to_no_account_is_given_up_without_an_owner(server):
    write()
    server.answers = [UNKNOWN]
    deliver(NOW)
    assert Event.objects.get().owner_ref is None


def test_the_waits_grow_and_after_the_last_it_is_given_up(alice, server):
    write(to_user=alice)
    server.answers = [BUSY] * 20
    now = NOW
    for tries, wait in enumerate(WAITS, 1):
        deliver(now)
        mail = Outbox.objects.get()
        assert (mail.attempts, mail.given_up_at, mail.claimed_until) == (tries, None, None)
        assert now + wait <= mail.next_try < now + wait + 10 * SECOND
        now = mail.next_try
    deliver(now)
    mail = Outbox.objects.get()
    assert (mail.attempts, mail.given_up_at is not None, bytes(mail.sealed)) == (len(WAITS) + 1, True, b"")
    assert Event.objects.get().owner_ref == alice.ref


def test_one_that_fails_holds_up_no_other(server):
    for number in range(3):
        write(f"code:{number}")
    server.answers = [BUSY, UNKNOWN]
    assert deliver(NOW) == 1


def test_the_log_names_no_address(server, caplog):
    write()
    server.answers = [UNKNOWN]
    deliver(NOW)
    assert "A mail of kind code could not be handed over (SMTPRecipientsRefused 550, attempt 1)." in caplog.text
    assert "alice" not in caplog.text


def test_whose_claim_ran_out_does_not_take_it_from_the_next(server):
    """It came back with a failure after five minutes, while another sends."""
    write()
    others = NOW + 2 * CLAIM

    def claimed_by_another(mail):
        Outbox.objects.update(claimed_until=others)
        raise BUSY

    server.send = claimed_by_another
    deliver(NOW)
    mail = Outbox.objects.get()
    assert (mail.claimed_until, mail.attempts, mail.given_up_at) == (others, 0, None)


# Keys -------------------------------------------------------------------------------------------------------------


def test_a_mail_whose_key_is_lost_waits_for_it_and_the_log_names_the_key(server, settings: Settings, caplog):
    write()
    ring = settings.KETCARE_KEYS
    settings.KETCARE_KEYS = Ring.parse(make_key("other"))
    assert deliver(NOW) == 0
    assert "A mail waits for the key test1, which KETCARE_KEYS does not have. Put that key back." in caplog.text
    settings.KETCARE_KEYS = ring
    assert deliver(NOW + WAITS[0] + SECOND) == 1


def test_a_mail_sealed_under_an_older_key_goes_out(server, settings: Settings):
    write()
    new, ring = Ring.parse(make_key("k2")), settings.KETCARE_KEYS
    settings.KETCARE_KEYS = Ring({**new.keys, **ring.keys})
    assert deliver(NOW) == 1


@pytest.mark.parametrize("damage", ["flipped", "another", "empty"])
def test_a_damaged_mail_is_given_up_at_once(alice, server, damage):
    write("code:2", now=NOW + dt.timedelta(days=30))
    write(to_user=alice)
    sealed = bytes(Outbox.objects.get(key="code:1").sealed)
    other = bytes(Outbox.objects.get(key="code:2").sealed)
    broken = {"flipped": sealed[:-1] + bytes([sealed[-1] ^ 1]), "another": other, "empty": b""}[damage]
    Outbox.objects.filter(key="code:1").update(sealed=broken)
    assert deliver(NOW) == 0
    assert server.taken == []
    assert Outbox.objects.get(key="code:1").given_up_at is not None
    assert Event.objects.get().verb == Verb.MAIL_GIVEN_UP


# Soon -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_thread_sends_what_was_committed_and_leaves_no_connection(undelivered, mailoutbox):
    write(now=NOW - dt.timedelta(days=1))
    thread = outbox._delivery.ask()
    thread.join(30)
    assert [mail.to for mail in mailoutbox] == [[ADDRESS]]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_no_traceback(monkeypatch, caplog):
    def deliver_nothing(now):
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(outbox, "deliver", deliver_nothing)
    outbox._delivery.ask().join(30)
    assert "The outbox could not be read (OperationalError); tick tries again." in caplog.text


# With an end ------------------------------------------------------------------------------------------------------

HOUR = dt.timedelta(hours=1)


def test_a_mail_with_an_end_is_tried_every_few_minutes(server, undelivered):
    write(until=NOW + HOUR)
    server.answers = [BUSY] * 9
    times = [minute for minute in range(60) if deliver(NOW + minute * 60 * SECOND) or server.answers == []]
    assert len(server.taken) == 1
    assert 40 < times[0] < 60


def test_a_mail_is_given_up_at_its_end_and_its_words_with_it(server, undelivered):
    write(until=NOW + HOUR)
    server.answers = [BUSY] * 100
    for minute in range(65):
        deliver(NOW + minute * 60 * SECOND)
    mail = Outbox.objects.get()
    assert (bytes(mail.sealed), server.taken) == (b"", [])
    assert mail.given_up_at is not None
    assert NOW + HOUR <= mail.given_up_at < NOW + HOUR + 5 * 60 * SECOND
    assert not Event.objects.exists()


def test_a_mail_that_nobody_tried_before_its_end_is_not_sent(server, undelivered):
    write(until=NOW + HOUR)
    assert deliver(NOW + HOUR) == 0
    assert server.taken == []


def test_a_mail_whose_end_comes_while_others_are_sent_is_not_sent(server, undelivered, monkeypatch):
    passed = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])
    write("with an end", until=NOW + HOUR)
    write("newer")
    take = server.send

    def take_an_hour(mail):
        passed[0] += 3600
        take(mail)

    server.send = take_an_hour
    assert deliver(NOW) == 1
    assert Outbox.objects.get(sent_at__isnull=True).key == "with an end"
