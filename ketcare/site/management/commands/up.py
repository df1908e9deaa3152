import os
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError, OperationalError
from django.utils import timezone

from articles import content, importing
from articles.models import Guide
from articles.source import BadFile
from ketcare import first_start, keys
from ketcare.accounts import invitations
from ketcare.site import backups, destroying, proving
from ketcare.site.clinic import publish_current
from ketcare.site.keyed import keys_in_use


class Command(BaseCommand):
    help = "Prepares what is missing and serves the site. Safe to run again: a second run changes nothing."
    # The checks ask the database, whose folder may have to be made first.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-serve", action="store_true", help="only prepare")

    def handle(self, *args: Any, host: str, port: int, workers: int, no_serve: bool, **options: Any) -> None:
        try:
            settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise CommandError(
                f"KETCARE_VAR names {settings.VAR_DIR}, which cannot be made ({problem.strerror}). Name another folder."
            ) from None
        try:
            self.prepare()
        except OperationalError as problem:
            raise CommandError(
                f"The database does not answer: {str(problem).strip()}\n"
                "See that DATABASE_URL is right and that no other program holds the database, and start again."
            ) from None
        if not no_serve:
            self.see_that_port_is_free(host, port)
            self.offer_first_account(port)
            self.serve(host, port, workers)

    def prepare(self) -> None:
        self.settle_keys()
        self.check(display_num_errors=False)
        self.migrate()
        self.prove_keys()
        # Counters of rate limits stand in a table that is no model's.
        call_command("createcachetable", verbosity=0)
        self.destroy_again()
        self.make_mail_folder()
        self.say_done("collecting static files", call_command, "collectstatic", interactive=False, verbosity=0)
        publish_current()
        self.take_in_guides()

    def make_mail_folder(self) -> None:
        """Without a mail server mails lie there, codes among them: for their owner only."""
        if settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
            settings.MAIL_FOLDER.mkdir(mode=0o700, exist_ok=True)
            self.tell(f"Ketcare: mails go into the folder {settings.MAIL_FOLDER}.")

    def tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def say_done(self, what: str, deed: Any, *args: Any, **kwargs: Any) -> None:
        self.tell(f"Ketcare: {what} …")
        deed(*args, **kwargs)

    def settle_keys(self) -> None:
        """Keeps newly made keys, unless older records depend on keys that are not here."""
        try:
            # On SQLite this waits for other writers: where one does not end, it is named here, and not as a fault of
            # a check or a migration.
            with transaction.atomic():
                used = keys_in_use()
        except OperationalError:
            raise
        except DatabaseError as problem:
            raise CommandError(f"DATABASE_URL names something that cannot be read as a database: {problem}") from None
        missing = sorted(used - keys.ring().ids) if not first_start.provisional.get("KETCARE_KEYS") else sorted(used)
        if missing:
            raise CommandError(
                f"This site's records were made with the key {', '.join(missing)}, which KETCARE_KEYS does not have. "
                "Put that key back (it was in .env or wherever the site's secrets are kept). No new key was made."
            )
        made = first_start.keep()
        if made:
            self.tell(f"Ketcare: made {', '.join(made)} and keeps them in {first_start.ENV_FILE}.")
        if "KETCARE_KEYS" in made:
            self.tell("         Keep a copy of that file in a safe place. Without its keys no signature on a guide can")
            self.tell("         be proved, and once there are journals none of them could ever be read again.")
        if "SIGNUP" in made:
            self.tell("         SIGNUP=open there lets whoever reaches this site make an account; SIGNUP=invite and")
            self.tell("         SIGNUP=closed do not.")
        if not made and first_start.ENV_FILE.exists():
            self.tell(f"Ketcare: the site's keys lie in {first_start.ENV_FILE}.")

    def prove_keys(self) -> None:
        """Under a wrong key of the right name each journal would be locked, and new ones lost once it is put right."""
        if wrong := proving.wrong_keys():
            raise CommandError(f"{proving.in_words(wrong)} The site was not started.")

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return
        if executor.loader.applied_migrations:
            self.copy_first()
        self.say_done("preparing the database", call_command, "migrate", interactive=False, verbosity=0)

    def copy_first(self) -> None:
        """What a migration does to a database cannot always be undone."""
        try:
            copy = backups.before_migration(timezone.now())
        except backups.NotMade as problem:
            raise CommandError(
                f"Before its tables change the database is copied. {problem} Nothing was changed."
            ) from None
        self.tell(f"Ketcare: copied the database to {copy} before changing it.")

    def destroy_again(self) -> None:
        """Before anybody can read it: what a restored backup brought back against its owner's will."""
        try:
            count = destroying.again()
        except OSError as problem:
            raise CommandError(f"The list of what was destroyed cannot be read or written: {problem}") from None
        if count:
            self.tell(
                f"Ketcare: data keys and accounts that a backup had brought back and are destroyed again: {count}"
            )

    def take_in_guides(self) -> None:
        read = content.read(settings.CONTENT_DIR, timezone.now().date())
        self.tell(f"Ketcare: looking at {len(read.guides)} shipped guides …")
        results = [*importing.take_in(read, now=timezone.now()), *importing.remake_renderings()]
        for result in results:
            if isinstance(result, BadFile):
                self.stderr.write(f"         refused: {result}")
            elif result.outcome != "unchanged":
                self.tell(f"         {result.what}: {result.outcome}")
        samples = sum(guide.public_state(timezone.now()).is_sample for guide in Guide.objects.published().with_words())
        if samples:
            self.tell(f"         {samples} sample guides are public: no clinician has checked them.")

    def offer_first_account(self, port: int) -> None:
        """Tells how the very first clinician gets in, on one's own machine: elsewhere a log might keep the link."""
        if not settings.LOCAL:
            return
        link = invitations.first_link(timezone.now())
        if link is not None:
            link = link.replace(settings.SITE_URL, local_address(port), 1)
            self.tell("Ketcare: nobody works on the desk yet. This link makes the first clinician's account, once:")
            self.tell(f"         {link}")
            self.tell("         It works for 24 hours, and until the next start.")

    def see_that_port_is_free(self, host: str, port: int) -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as problem:
                raise CommandError(
                    f"Nothing can be served on {host}, port {port} ({problem.strerror}). "
                    "Stop the program that uses it, or name another with --port."
                ) from None

    def serve(self, host: str, port: int, workers: int) -> None:
        """Becomes gunicorn, with a `tick` beside it that ends when it does."""
        connection.close()
        tick = [sys.executable, str(settings.BASE_DIR / "manage.py"), "tick", "--every", "60"]
        tick += ["--parent", str(os.getpid())]  # which gunicorn keeps
        # Ctrl-C while it begins would show its insides. It ends with gunicorn, and later takes the signal itself.
        taken = signal.signal(signal.SIGINT, signal.SIG_IGN)
        subprocess.Popen(tick, stdin=subprocess.DEVNULL, cwd=settings.BASE_DIR)
        signal.signal(signal.SIGINT, taken)
        address = local_address(port) if settings.LOCAL else settings.SITE_URL
        self.tell(f"Ketcare: serving {address} (listening on {host}, port {port}). Stop it with Ctrl-C.")
        self.stderr.flush()
        gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:ketcare.gunicorn", "--bind", f"{host}:{port}"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [*gunicorn, "--workers", str(workers), "ketcare.wsgi:application"])  # noqa: S606


def local_address(port: int) -> str:
    """Where a browser on this machine finds the site. By name: on a number browsers refuse passkeys."""
    return f"http://localhost:{port}"
