"""One thing to bring along: asked on the last day before a session, and offered where its intentions are written.

It begins an intention only when its owner taps it.
"""

from journal import reading
from journal.history import History
from journal.models import Entry, Kind, Treatment
from journal.sealed import Journal
from ketcare.site.prompts import prompt


def brought_to(treatment: Treatment, history: History, journal: Journal) -> str:
    """What was to be brought to that session, as it was answered after the one before; empty where nothing was."""
    before = history.before(treatment.date)
    if before is None:
        return ""
    asked = prompt("bring-along").question
    days = Entry.objects.filter(treatment=before.treatment, kind=Kind.REFLECTION, trashed_at__isnull=True)
    for entry in days.filter(owner=treatment.owner_id).order_by("-day"):
        words = reading.opened(journal, entry) or {}
        if words.get("question") == asked and (text := words.get("text", "").strip()):
            return str(text)
    return ""
