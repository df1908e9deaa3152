"""Real signatures in guide files: out with an export, and in again where this site made them and knows who signed.

A file can be changed by anybody; the MAC of the signature in it cannot. So a signature comes back only as it was, under
exactly the words that it is of, and nowhere but under the keys that made it.
"""

import uuid
from typing import Any

from django.db import transaction

from articles.models import Review, Reviewer, Revision
from articles.models.review import SIGNATURES
from articles.review.place import hold, touch
from articles.source import GuideFile
from ketcare.accounts.models import User


def table_of(signed: Review) -> dict[str, Any]:
    """The `signature` of a guide file: what the MAC covers and the file does not say elsewhere, and the MAC."""
    author = {"author": str(signed.author_id)} if signed.author_id else {}
    return {
        "review": str(signed.pk),
        "revision": str(signed.revision_id),
        "verdict": signed.verdict,
        **author,
        "signed_by": str(signed.signed_by_id),
        "name": signed.name,
        "credential": signed.credential,
        "solo": signed.solo,
        "statement": signed.statement,
        "checklist": signed.checklist,
        "note": signed.note,
        "at": signed.at,
        "form": signed.form,
        "key_id": signed.key_id,
        "mac": signed.mac,
    }


def review_in(file: GuideFile) -> Review | None:
    """The signature in that file as a row that is not stored; None where there is none that this site made."""
    table = file.signature
    if not table or table["verdict"] not in SIGNATURES:
        return None
    try:
        row = Review(
            pk=uuid.UUID(table["review"]),
            revision_id=uuid.UUID(table["revision"]),
            digest=file.reviewed_digest,
            reviewer_id=file.reviewer,
            author_id=uuid.UUID(table["author"]) if "author" in table else None,
            signed_by_id=uuid.UUID(table["signed_by"]),
            sample=False,
            reviewed_on=file.last_reviewed,
            next_due=file.next_review,
            **{name: table[name] for name in ("verdict", "name", "credential", "solo", "statement", "checklist")},
            **{name: table[name] for name in ("note", "at", "form", "key_id", "mac")},
        )
    except ValueError:
        return None
    return row if row.is_genuine() else None


def why_not(row: Review | None) -> str:
    """Why the signature in a file does not come back here; nothing where it does."""
    if row is None:
        return "its signature was not made by this site's keys"
    reviewer = Reviewer.objects.filter(slug=row.reviewer_id, sample=False).select_related("user").first()
    if reviewer is None or (reviewer.user is not None and reviewer.user.ref != row.signed_by_id):
        return f"the account that signed it is not that of {row.reviewer_id} here"
    people = {ref for ref in (row.signed_by_id, row.author_id) if ref}
    if User.objects.filter(ref__in=people).count() != len(people):
        return "an account that wrote or signed it is not here"
    if Review.objects.filter(pk=row.pk).exists():
        return "its signature is here already"
    return ""


@transaction.atomic
def restore(row: Review, revision: Revision) -> None:
    """Puts the signature back under its words, which are live again."""
    hold(revision.guide)
    row.restore()
    touch(revision.guide, live=revision)
