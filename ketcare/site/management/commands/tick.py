import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from articles.verification import guides_being_checked
from ketcare.site.clinic import publish_current


class Command(BaseCommand):
    help = "Does what is due: brings the clinic's details in step and names guides that are being checked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="again and again, until the parent ends")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            try:
                self.once()
            except DatabaseError as problem:
                if not every:
                    raise CommandError(f"The database does not answer: {problem}") from None
                self.stderr.write(f"tick: the database did not answer ({type(problem).__name__}); trying again later")
            if not every:
                return
            time.sleep(every)
            close_old_connections()

    def once(self) -> None:
        """Safe to run twice at once: each deed brings something into a state that it may be in already."""
        if publish_current():
            self.stdout.write("tick: the clinic's details were brought up to date")
        for guide, problem in guides_being_checked(timezone.now()):
            self.stderr.write(f"tick: {guide.get_absolute_url()} is being checked: {problem}")
