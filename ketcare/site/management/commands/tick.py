import os
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils import timezone

from articles import daily_mail
from articles.verification import guides_being_checked
from journal import reminders
from ketcare import outbox, soon
from ketcare.accounts import deletion, factor_resets
from ketcare.site import backups, destroying, retention
from ketcare.site.clinic import publish_current


class Command(BaseCommand):
    help = (
        "Does what is due: tells who works on the desk what waits there, sends mail and reminders, ends accounts whose "
        "day has come, throws away what is over, brings the clinic's details in step, keeps a nightly copy of the "
        "database and names guides that are being checked."
    )

    # Some of Django's take SQLite's write lock, and take a busy database for a broken one.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="again and again, until the parent ends")
        parser.add_argument("--parent", type=int, metavar="PID", help="the parent, which may have ended by now")

    def handle(self, *args: Any, every: int | None, parent: int | None, **options: Any) -> None:
        if not every:
            try:
                self.once()
            except Error as problem:
                raise CommandError(f"The database does not answer: {problem}") from None
            return
        parent = parent or os.getppid()
        # Ctrl-C is for the whole group of processes. A mail that is being handed over is not left half-way.
        for asked_to_end in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked_to_end, lambda *_: soon.end())
        while os.getppid() == parent and not soon.ending():
            try:
                self.once()
            except (Error, OSError) as problem:
                what = "the database did not answer" if isinstance(problem, Error) else "a file was not written"
                self.stderr.write(f"tick: {what} ({type(problem).__name__}); trying again later")
            connection.close()
            self.wait(every, parent)

    def wait(self, seconds: int, parent: int) -> None:
        """Until the time has passed, but not longer than the parent lives."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and os.getppid() == parent and not soon.ending():
            time.sleep(1)

    def once(self) -> None:
        """Safe to run twice at once: each deed brings something into a state that it may be in already."""
        if publish_current():
            self.stdout.write("tick: the clinic's details were brought up to date")
        if told := daily_mail.send(timezone.now()):
            self.stdout.write(f"tick: people told what waits on the desk: {told}")
        reminders.send_due(timezone.now())
        if sent := outbox.deliver(timezone.now()):
            self.stdout.write(f"tick: mails sent: {sent}")
        if resets := factor_resets.carry_out(timezone.now()):
            self.stdout.write(f"tick: second factors taken away, as two colleagues agreed: {resets}")
        if ended := deletion.delete_due(timezone.now()):
            self.stdout.write(f"tick: accounts ended, as their owners asked: {ended}")
        self.destroy_again()
        retention.throw_away(timezone.now())
        self.throw_copies_away()
        self.keep_a_copy()
        for guide, problem in guides_being_checked(timezone.now()):
            self.stderr.write(f"tick: {guide.get_absolute_url()} is being checked: {problem}")

    def destroy_again(self) -> None:
        try:
            count = destroying.again()
        except OSError as problem:
            self.stderr.write(f"tick: the list of what was destroyed cannot be read or written: {problem}")
            return
        if count:
            self.stdout.write(f"tick: data keys and accounts that a backup had brought back were destroyed: {count}")

    def throw_copies_away(self) -> None:
        try:
            backups.throw_away(timezone.now())
        except OSError as problem:
            self.stderr.write(f"tick: old copies of the database cannot be thrown away: {problem}")

    def keep_a_copy(self) -> None:
        try:
            copy = backups.nightly(timezone.now())
        except backups.NotMade as problem:
            self.stderr.write(f"tick: the copy of this night was not made. {problem}")
            return
        if copy:
            self.stdout.write(f"tick: copied the database to {copy}")
