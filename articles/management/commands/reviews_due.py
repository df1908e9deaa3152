import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles import daily_mail
from articles.models import Guide, Review


class Command(BaseCommand):
    help = "Names the guides whose yearly check is late or comes due. Exit code 1 and a line for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=60, metavar="N", help="how many days ahead; 60 by default")
        parser.add_argument("--email", action="store_true", help="also mails who is to do what, once a day each")

    def handle(self, *args: Any, days: int, email: bool, **options: Any) -> None:
        if days < 0:
            raise CommandError("--days is 0 or more.")
        now = timezone.now()
        if email:
            self.stdout.write(f"Mails: {daily_mail.send(now, at_any_hour=True)}")
        found = sorted(_due(now, now.date() + dt.timedelta(days=days)))
        for due, path, name in found:
            late = (now.date() - due).days
            how = f"late since {due}" if late > 0 else f"due on {due}"
            self.stderr.write(f"{path}: {how}, last signed by {name}")
        if found:
            raise CommandError(f"{len(found)} due.")
        self.stdout.write("Nothing is due.")


def _due(now: dt.datetime, last: dt.date) -> list[tuple[dt.date, str, str]]:
    """The guides under a real signature that are due by that day: the day, the address, who signed last."""
    found = []
    for guide in Guide.objects.published().with_words():
        review: Review | None = guide.public_state(now).review
        if review is None or review.sample or not review.is_signature or review.next_due is None:
            continue
        if review.next_due <= last:
            found.append((review.next_due, guide.get_absolute_url(), review.name))
    return found
