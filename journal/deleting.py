"""The end of a journal: its data key and all that it sealed. Nobody brings it back."""

import datetime as dt

from django.db import transaction

from journal.models import DataKey, Draft, Entry, EntryVersion, Treatment
from ketcare.accounts.models import User
from ketcare.site import destroyed
from ketcare.site.destroyed import What


@transaction.atomic
def delete_journal(owner: User, *, now: dt.datetime) -> bool:
    """Destroys all that this person wrote and the key that sealed it; False where there was nothing.

    That the key is destroyed is written down, so that a restored backup does not bring the journal back.
    """
    key = DataKey.objects.select_for_update().filter(owner=owner).first()
    if key is not None:
        destroyed.write_down(What.DATA_KEY, key.id, at=now)
        key.delete()
    EntryVersion.objects.filter(entry__owner=owner).delete()
    rows = [model.objects.filter(owner=owner).delete()[0] for model in (Draft, Entry, Treatment)]
    return key is not None or any(rows)
