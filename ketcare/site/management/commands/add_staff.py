from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.forms import ValidationError
from django.utils import timezone

from ketcare.accounts import invitations, inviting
from ketcare.accounts.models import User


class Command(BaseCommand):
    help = "Prints and mails a link that makes a staff account, once and within seven days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--role",
            action="append",
            choices=invitations.ROLES,
            dest="roles",
            help="what the account may do on the desk; again for more. Without it: all, as on a site's first day",
        )

    def handle(self, *args: Any, email: str, roles: list[str] | None, **options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        if User.objects.filter(email=email).exists():
            raise CommandError(
                f"There is an account with the address {email}. A manager can let it work on the desk (Desk, Accounts)."
            )
        invitation, link = inviting.send(
            email, roles=roles or invitations.ROLES, for_staff=True, by=None, now=timezone.now()
        )
        self.stdout.write(
            f"This link makes a staff account for {email}. It works once, for seven days, and was mailed:"
        )
        self.stdout.write(link)
        self.stdout.write(f"Roles: {', '.join(invitation.roles)}. The desk opens once a second factor is set up.")
