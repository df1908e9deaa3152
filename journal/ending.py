"""The end of a journal."""

from django.db import transaction

from journal.models import DataKey, Draft, Entry, EntryVersion, Treatment
from ketcare.accounts.models import User


@transaction.atomic
def destroy_journal(owner: User) -> None:
    """Destroys the data key, without which copies elsewhere are noise, and then every row."""
    DataKey.objects.filter(owner=owner).delete()
    Draft.objects.filter(owner=owner).delete()
    EntryVersion.objects.filter(entry__owner=owner).delete()
    Entry.objects.filter(owner=owner).delete()
    Treatment.objects.filter(owner=owner).delete()
