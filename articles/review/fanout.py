"""From a source to the guides that rest on it: marks on the desk, which unsign nothing."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Guide, Review, Source, SourceChanged
from articles.review.place import Refused
from ketcare.accounts.models import User


def guides_on(source: Source) -> list[Guide]:
    """The guides whose live words cite the source."""
    return list(Guide.objects.filter(live__citations__source=source).distinct())


@transaction.atomic
def source_was_changed(
    source: Source, before: Source | None, *, by: User | None, now: dt.datetime, guides: list[Guide] | None = None
) -> int:
    """Marks each guide that cites the source, where what a page shows of it differs; says how many.

    `guides`: only these of them, where others come with words of their own.
    """
    if before is None or before.snapshot() == source.snapshot():
        return 0
    if source.retracted_on and not before.retracted_on:
        kind, reason = SourceChanged.Kind.RETRACTED, _("Retracted on %(day)s.") % {"day": source.retracted_on}
    else:
        kind, reason = SourceChanged.Kind.RECORD, _differing(before, source)
    guides = guides_on(source) if guides is None else guides
    for guide in guides:
        mark = SourceChanged(guide=guide, source=source, kind=kind, reason=reason, raised_at=now, raised_by=by)
        open_one = SourceChanged.objects.open().filter(guide=guide, source=source, kind=kind).first()
        if open_one is None:
            mark.save()
        elif reason not in open_one.reason.split("\n"):
            open_one.reason = f"{open_one.reason}\n{reason}"
            open_one.save()
    return len(guides)


def _differing(before: Source, after: Source) -> str:
    old, new = before.snapshot(), after.snapshot()
    names = [name for name in ("kind", "checked_on", "retracted_on") if old[name] != new[name]]
    names += [
        name for name in sorted({*old["record"], *new["record"]}) if old["record"].get(name) != new["record"].get(name)
    ]
    return _("Its record was changed: %(fields)s.") % {"fields": ", ".join(names)}


@transaction.atomic
def warn_of_source(source: Source, *, notice: str, by: User, now: dt.datetime) -> int:
    """A safety notice about a source: marks each guide that rests on it, and says how many. Raises Refused."""
    if not notice.strip():
        raise Refused(_("Say what the notice says, and where it can be read."))
    guides = guides_on(source)
    for guide in guides:
        SourceChanged.objects.create(
            guide=guide,
            source=source,
            kind=SourceChanged.Kind.NOTICE,
            reason=notice.strip(),
            raised_at=now,
            raised_by=by,
        )
    return len(guides)


@transaction.atomic
def clear_change(mark: SourceChanged, *, note: str, by: User, now: dt.datetime) -> None:
    """Somebody looked, and the words stand as they are. Raises Refused without a note, and where it is cleared."""
    if not note.strip():
        raise Refused(_("Say why the words stand as they are."))
    cleared = SourceChanged.objects.open().filter(pk=mark.pk)
    if not cleared.update(cleared_at=now, cleared_by=by, cleared_note=note.strip()):
        raise Refused(_("Somebody cleared this meanwhile."))


def clear_with(review: Review, *, read_at: dt.datetime) -> None:
    """A signature clears the marks that were there when the words were read."""
    SourceChanged.objects.open().filter(guide=review.revision.guide_id, raised_at__lte=read_at).update(
        cleared_at=review.at, cleared_by=review.signed_by_id, cleared_with=review
    )
