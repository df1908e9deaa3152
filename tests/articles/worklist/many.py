"""A site with many guides, made in a few statements: each with a history, and something to do for many."""

import datetime as dt

from articles.models import Guide, Rendering, Review, Revision
from articles.rendering import PIPELINE
from tests.conftest import NOW, body_with


def make_site(name, *, guides: int, revisions: int, reviewer, author) -> None:
    """That many guides with that many revisions each: all but the newest signed, a third of the newest handed in."""
    made = Guide.objects.bulk_create(
        Guide(section="integration", slug=f"{name}-{number}", changed_at=NOW) for number in range(guides)
    )
    words, reviews, renderings = [], [], []
    for guide in made:
        for number in range(1, revisions + 1):
            at = NOW - dt.timedelta(days=400) + dt.timedelta(days=number)
            newest = number == revisions
            revision = Revision(
                guide=guide,
                number=number,
                title=f"Rest {guide.slug}",
                summary="",
                body=body_with(f"Day {number}.") if number >= revisions - 1 else "Old.",
                meta={"also_known_as": [], "sources": []},
                author=author,
                made_at=at,
                submitted_at=None if newest and guide.pk % 3 else at,
            )
            revision.digest = revision.computed_digest() if revision.submitted_at else ""
            words.append(revision)
            if not newest:
                reviews.append(_signature(revision, reviewer, at))
        live = words[-2]
        guide.live = live
        renderings.append(_html(live))
    Revision.objects.bulk_create(words, batch_size=500)
    for review in reviews:
        review.put_mac()
    Review.objects.bulk_create(reviews, batch_size=500)
    Rendering.objects.bulk_create(renderings, batch_size=500)
    Guide.objects.bulk_update(made, ["live"], batch_size=200)


def _signature(revision: Revision, reviewer, at: dt.datetime) -> Review:
    return Review(
        revision=revision,
        digest=revision.digest,
        verdict="signed",
        reviewer=reviewer,
        author=revision.author,
        signed_by=reviewer.user,
        name=reviewer.name,
        credential=reviewer.credential,
        sample=False,
        at=at,
        reviewed_on=at.date(),
        next_due=at.date() + dt.timedelta(days=365),
    )


def _html(revision: Revision) -> Rendering:
    rendering = Rendering(revision=revision, pipeline=PIPELINE, html="<p>Rest.</p>" * 200, contents={})
    rendering.put_seal(revision.digest)
    return rendering
