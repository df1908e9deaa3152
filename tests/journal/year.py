"""A year of reminders in many zones: people with sessions and an hour, a tick every few minutes, a server that fails.

`python -m tests.journal.year FOLDER DAYS MINUTES` runs it in an empty database and prints what was found;
`bench/reminders.py` gives it its environment. The suite runs a fortnight of it.
"""

import datetime as dt
import json
import random
import smtplib
import sys
import zoneinfo
from collections.abc import Sequence
from typing import Any

MEDICAL = ("ketamine", "session", "treatment", "therap", "clinic", "dose", "medic", "mood", "ketcare", "patient")
ZONES = 40
# At which sessions are, where somebody told.
TIMES = (None, dt.time(9), dt.time(15), dt.time(20, 30))


def some_zones() -> list[str]:
    """From every part of the list, those with half hours and those that skip midnight among them."""
    known = sorted(zoneinfo.available_timezones() - {"localtime"})
    wanted = ["Africa/Cairo", "America/Havana", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
    return [*wanted, *known[:: len(known) // (ZONES - len(wanted))]][:ZONES]


class Year:
    """Everybody has a session every three to twelve days, never writes and looks in each noon; every second tick comes
    twice."""

    def __init__(
        self,
        zones: Sequence[str],
        *,
        begins: dt.datetime,
        days: int,
        step: dt.timedelta,
        fails_one_in: int,
        seed: int = 1,
    ) -> None:
        self.zones, self.begins, self.step, self.fails_one_in = zones, begins, step, fails_one_in
        self.ends = begins + dt.timedelta(days=days)
        self.chance = random.Random(seed)  # noqa: S311 (nobody has to guess it)
        self.now = begins
        self.hours: dict[str, tuple[zoneinfo.ZoneInfo, int]] = {}
        self.sessions: dict[str, set[dt.date]] = {}
        self.mails: list[tuple[str, dt.datetime]] = []
        self.failures = 0
        self.medical: list[str] = []

    def settle(self) -> None:
        """Makes the accounts, their sessions and what they asked for."""
        from journal import reminders
        from journal.models import Treatment
        from ketcare.accounts.models import User

        for number, zone in enumerate(self.zones):
            email = f"person{number}@example.org"
            owner = User.objects.create_user(email, time_zone=zone)
            hour = self.chance.randrange(24)
            reminders.ask_for(owner, hour, now=self.begins)
            self.hours[email] = zoneinfo.ZoneInfo(zone), hour
            date, last = self.begins.date(), self.ends.date()
            self.sessions[email] = set()
            while date <= last:
                Treatment.objects.create(owner=owner, date=date, zone=zone, time=self.chance.choice(TIMES))
                self.sessions[email].add(date)
                date += dt.timedelta(days=self.chance.choice((3, 4, 7, 12)))

    def send(self, mail: Any) -> None:
        """Stands in for the mail server."""
        if not self.chance.randrange(self.fails_one_in):
            self.failures += 1
            raise smtplib.SMTPServerDisconnected("gone")
        self.mails.append((mail.to[0], self.now))
        said = f"{mail.subject} {mail.body} {mail.from_email}".casefold()
        self.medical += [word for word in MEDICAL if word in said]

    def run(self) -> None:
        from django.core.mail import EmailMessage

        from journal import reminders
        from ketcare import outbox
        from ketcare.accounts.models import User
        from ketcare.site import events

        def send(mail: EmailMessage) -> None:
            self.send(mail)

        kept, EmailMessage.send = EmailMessage.send, send  # type: ignore[method-assign,assignment]
        try:
            while self.now < self.ends:
                for _tick in range(self.chance.choice((1, 2))):
                    reminders.send_due(self.now)
                    outbox.deliver(self.now)
                for email, (zone, _hour) in self.hours.items():
                    noon = dt.datetime.combine(self.now.astimezone(zone).date(), dt.time(12), zone)
                    if self.now <= noon < self.now + self.step:
                        owner = User.objects.get(email=email)
                        events.record(events.Verb.SIGNED_IN, owner=owner.ref, now=self.now)
                self.now += self.step
        finally:
            EmailMessage.send = kept  # type: ignore[method-assign]

    # What was found ------------------------------------------------------------------------------------------------

    @property
    def sent(self) -> int:
        return len(self.mails)

    def wanted(self) -> dict[tuple[str, dt.date], dt.datetime]:
        """Who is to hear on which of their dates, and from when on, worked out day by day and not as the site does."""
        found = {}
        for email, (zone, hour) in self.hours.items():
            date = self.begins.date() - dt.timedelta(days=1)
            while date <= self.ends.date() + dt.timedelta(days=1):
                # At which moment that hour comes: looked for minute by minute, since clocks do as they like.
                begins = self._comes(date, hour, zone)
                night = hour < 5  # still the day before, where that one has a session
                sessions = self.sessions[email]
                is_session = (date - dt.timedelta(days=1) if night else date) in sessions
                if night and date in sessions:
                    is_session = False
                after = any(date - dt.timedelta(days=ahead) in sessions for ahead in range(1, 8))
                if begins and self.begins <= begins < self.ends and after and not is_session:
                    found[email, date] = begins
                date += dt.timedelta(days=1)
        return found

    @staticmethod
    def _comes(date: dt.date, hour: int, zone: zoneinfo.ZoneInfo) -> dt.datetime | None:
        moment = dt.datetime.combine(date, dt.time(), dt.UTC) - dt.timedelta(hours=15)
        for _quarter in range(4 * 52):  # to the end of that date twelve hours west of UTC
            local = moment.astimezone(zone)
            if local.date() == date and local.hour >= hour:
                return moment
            moment += dt.timedelta(minutes=15)
        return None

    def dates(self) -> list[tuple[str, dt.date]]:
        return [(email, at.astimezone(self.hours[email][0]).date()) for email, at in self.mails]

    @property
    def missed(self) -> list[str]:
        """But for those whose hour was not over when the year was."""
        last, sent = self.ends - dt.timedelta(hours=1), set(self.dates())
        missed = [who for who, begins in self.wanted().items() if begins < last and who not in sent]
        return sorted(f"{email} {date}" for email, date in missed)

    @property
    def doubled(self) -> list[str]:
        dates = self.dates()
        return sorted({f"{email} {date}" for email, date in dates if dates.count((email, date)) > 1})

    @property
    def unasked(self) -> list[str]:
        return sorted(f"{email} {date}" for email, date in set(self.dates()) - self.wanted().keys())

    @property
    def outside(self) -> list[str]:
        """Mails that left later than an hour after theirs began."""
        found = []
        for email, at in self.mails:
            zone, hour = self.hours[email]
            begins = self._comes(at.astimezone(zone).date(), hour, zone)
            if begins is None or not begins <= at < begins + dt.timedelta(hours=1):
                found.append(f"{email} {at}")
        return found


def main(folder: str, days: int, minutes: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from ketcare import outbox

    outbox.deliver_soon = lambda: None
    year = Year(
        some_zones(),
        begins=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        days=days,
        step=dt.timedelta(minutes=minutes),
        fails_one_in=5,
    )
    year.settle()
    year.run()
    told = {
        name: getattr(year, name) for name in ("sent", "failures", "missed", "doubled", "unasked", "outside", "medical")
    }
    json.dump({**told, "wanted": len(year.wanted()), "zones": len(year.zones)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
