from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ketcare.accounts import factor_resets
from ketcare.accounts.models import User


class Command(BaseCommand):
    help = "Takes away somebody's second factors, at once. Be sure that it is really they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you know that it is they: it is kept with the event")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        reason = reason.strip()
        if not reason:
            raise CommandError("Say in --reason how you know that it is they, such as --reason 'came in person'.")
        if "@" in reason:
            raise CommandError("Leave addresses out of --reason: it is kept in a log that names nobody.")
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address {email}.")
        factor_resets.take_away(user, now=timezone.now(), object_ref=f"command line: {reason}")
        self.stdout.write("Done: their second factors and recovery codes are gone, and every browser is signed out.")
        self.stdout.write("They were told by mail, and sign in with their password.")
