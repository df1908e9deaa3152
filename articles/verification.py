"""The whole of what signatures rest on, proved row by row: for `verify_reviews`, `/readyz` and `tick`."""

import datetime as dt
from collections.abc import Iterator

from articles.models import Guide, Rendering, Review, Revision
from articles.models.guide import State


def guides_being_checked(now: dt.datetime) -> Iterator[tuple[Guide, str]]:
    """The guides whose address answers "being checked", each with what is wrong."""
    for guide in Guide.objects.filter(live__isnull=False, withdrawn_at__isnull=True).with_words():
        state = guide.public_state(now)
        if state.kind == State.CHECKING:
            yield guide, state.problem


def findings(now: dt.datetime) -> Iterator[str]:
    """A line for each thing that does not stand, live or not."""
    for guide, problem in guides_being_checked(now):
        yield f"{guide.get_absolute_url()}: being checked: {problem}"
    try:
        yield from _broken_rows()
    except (ValueError, TypeError, AttributeError) as problem:
        yield f"a row holds what makes no sense in its column, so the rest cannot be proved: {problem}"


def _broken_rows() -> Iterator[str]:
    for revision in Revision.objects.filter(submitted_at__isnull=False).select_related("guide"):
        if not revision.is_unchanged():
            yield f"{revision.guide} revision {revision.number}: the words are not as they were submitted"
    for review in Review.objects.select_related("revision__guide"):
        where = f"{review.revision.guide} revision {review.revision.number}"
        if not review.is_genuine():
            yield f"{where}: review {review.pk} was not made by this site's keys"
        elif review.digest != review.revision.digest:
            yield f"{where}: review {review.pk} is of other words"
    for rendering in Rendering.objects.select_related("revision__guide"):
        if not rendering.is_sealed_for(rendering.revision.digest):
            where = f"{rendering.revision.guide} revision {rendering.revision.number}"
            yield f"{where}: the HTML of pipeline {rendering.pipeline} is not as the pipeline made it"
