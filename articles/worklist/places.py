"""Where the entries of the work list lead: every address of the desk that it names."""

from django.urls import reverse

from articles.models import Guide, Reviewer, Revision, SourceChanged


def words(guide: Guide) -> str:
    """Every revision of a guide."""
    return reverse("admin:articles_guide_words", args=[guide.pk])


def form(guide: Guide) -> str:
    """The form in which a guide is written."""
    return reverse("admin:articles_guide_change", args=[guide.pk])


def sign(revision: Revision) -> str:
    return reverse("admin:articles_guide_sign", args=[revision.guide_id, revision.number])


def hide(guide: Guide) -> str:
    return reverse("admin:articles_guide_hide", args=[guide.pk])


def hide_all() -> str:
    return reverse("admin:articles_hide_samples")


def mark(change: SourceChanged) -> str:
    """Where somebody looks at what happened to a source, and clears it."""
    return reverse("admin:articles_source_clear", args=[change.pk])


def reviewer(person: Reviewer) -> str:
    return reverse("admin:articles_reviewer_change", args=[person.pk])


def lines() -> str:
    return reverse("admin:site_linecheck_changelist")


def desk() -> str:
    return reverse("admin:index")
