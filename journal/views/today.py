"""The first page of the journal: what could I do now?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.forms import NoteForm
from journal.gate import journal_page, owner_of
from journal.models import Entry, Kind
from journal.tokens import FormToken, Place
from journal.views.sessions import history_of


@require_safe
@journal_page
def today(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    history = history_of(owner)
    near = [sitting.treatment for sitting in (*history.open, history.next) if sitting]
    written = Entry.objects.filter(owner=owner, treatment__in=near, trashed_at__isnull=True)
    standing = {
        (treatment, kind, day): ref
        for treatment, kind, day, ref in written.filter(kind__in=[Kind.REFLECTION, Kind.INTENTION]).values_list(
            "treatment_id", "kind", "day", "ref"
        )
    }
    context = {
        "history": history,
        "windows": [
            {
                "sitting": sitting,
                "today": standing.get((sitting.treatment.pk, Kind.REFLECTION, sitting.day)),
                "earlier": [
                    day for day in range(1, sitting.day) if (sitting.treatment.pk, Kind.REFLECTION, day) not in standing
                ],
            }
            for sitting in history.open
        ],
        "intentions": history.next and standing.get((history.next.treatment.pk, Kind.INTENTION, 0)),
        "unsaved": owner.drafts.count(),
        "form": NoteForm(),
        "token": FormToken.for_new(owner, Place.of(Kind.NOTE)).signed(),
    }
    return render(request, "journal/today.html", context)
