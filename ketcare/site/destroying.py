"""What its owner had destroyed, and a restored backup brought back, is destroyed again."""

from django.db import transaction

from journal.ending import destroy_journal
from ketcare.accounts import deletion
from ketcare.accounts.models import User
from ketcare.site import destroyed
from ketcare.site.destroyed import Item, What
from ketcare.site.models import Destroyed


def again() -> int:
    """Brings rows and list in step, whichever lacks something; says how much had to be destroyed again.

    Safe to run twice at once. Raises OSError where the list cannot be read or written.
    """
    known = set(Destroyed.objects.values_list("ref", flat=True))
    listed = [item for item in destroyed.items_of(destroyed.path_of_list()) if item.ref not in known]
    count = sum(_again(item) for item in listed)
    destroyed.add_lines()
    return count


@transaction.atomic
def _again(item: Item) -> bool:
    destroyed.write_down(What(item.what), item.ref, at=item.at)
    if item.what == What.ACCOUNT:
        return deletion.end_again(item.ref, now=item.at)
    owner = User.objects.filter(data_key=item.ref).first()
    return owner is not None and destroy_journal(owner, now=item.at)
