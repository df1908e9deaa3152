"""The end of a journal. Nobody brings it back."""

import datetime as dt

from django.db import transaction

from journal import reminders
from journal.models import Choices, DataKey, Draft, Entry, EntryVersion, Reminder, Treatment
from ketcare.accounts.models import User
from ketcare.site import destroyed
from ketcare.site.destroyed import What


def wait_for_saves(owner_pk: int) -> None:
    """Takes the lock that a save has (`sealed.Journal.hold`), for whoever locks the account itself afterwards. A save
    comes to the account's row second, too: in the other order each could wait for the other."""
    list(DataKey.objects.select_for_update().filter(owner=owner_pk).values_list("pk"))


@transaction.atomic
def destroy_journal(owner: User, *, now: dt.datetime) -> bool:
    """Destroys the data key, without which copies elsewhere are noise, and then every row; False where none was there.

    That the key is destroyed is written down, so that no restored backup brings the journal back.
    """
    key = DataKey.objects.select_for_update().filter(owner=owner).first()
    if key is not None:
        destroyed.write_down(What.DATA_KEY, key.id, at=now)
        key.delete()
    EntryVersion.objects.filter(entry__owner=owner).delete()
    rows = [model.objects.filter(owner=owner).delete()[0] for model in (Draft, Entry, Treatment, Reminder, Choices)]
    reminders.stop(owner, now=now)
    return key is not None or any(rows)
