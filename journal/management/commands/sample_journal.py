from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from journal import samples
from journal.models import Entry
from ketcare.accounts.models import User


class Command(BaseCommand):
    help = "Writes a believable journal of three sessions for trying things out. On one's own machine only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="an account that has no journal yet")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("SITE_URL is a public name: made-up entries have no place among real ones.")
        owner = User.objects.filter(email=email.strip().lower()).first()
        if owner is None:
            raise CommandError(f"No account has the address {email}. Make one on the site first.")
        if Entry.objects.filter(owner=owner).exists() or owner.treatments.exists():
            raise CommandError("That account has a journal already. Make another account for this.")
        written = samples.write_for(owner, now=timezone.now())
        self.stdout.write(f"Wrote {written} entries about three sessions. Sign in as {owner.email} to read them.")
