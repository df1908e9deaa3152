"""What became of a guide's words: who judged them, which were signed last, and what has changed since."""

from django.utils.translation import gettext as _

from articles.differences import Change, changes
from articles.models import Guide, Review, Revision
from articles.models.review import SIGNATURES, Verdict


def events(guide: Guide) -> list[Review]:
    """Every verdict on this guide's words that this site's keys made, newest first.

    What a reviewer asked an author to change is between them: those words were never public.
    """
    reviews = Review.objects.filter(revision__guide=guide).exclude(verdict=Verdict.CHANGES)
    return [row for row in reviews.select_related("revision").order_by("-at", "-id") if row.is_genuine()]


def last_signed(guide: Guide) -> Revision | None:
    """The newest words of a guide that carry a real signature which nobody took back."""
    signatures = Review.objects.filter(
        revision__guide=guide, verdict__in=SIGNATURES, sample=False, revocations__isnull=True
    ).select_related("revision")
    found = [row.revision for row in signatures if row.is_genuine() and row.digest == row.revision.digest]
    return max(found, key=lambda revision: revision.number, default=None)


def text_of(revision: Revision) -> str:
    """Everything that a signature is put to, as one text to compare; sources as their keys."""
    lines = [f"# {revision.title}", revision.summary]
    if revision.also_known_as:
        lines.append(_("Also known as: %(names)s") % {"names": ", ".join(revision.also_known_as)})
    if revision.sources:
        lines.append(_("Sources: %(keys)s") % {"keys": ", ".join(source["key"] for source in revision.sources)})
    return "\n\n".join([*lines, revision.body])


def since_signature(revision: Revision) -> list[Change]:
    """What differs in these words from the text that was signed last; nothing where none ever was."""
    signed = last_signed(revision.guide)
    if signed is None or not signed.is_unchanged():
        return []
    return changes(text_of(signed), text_of(revision))
