"""Where a guide stands, and whether it is there at all."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Guide, GuideAddress, Review, Section
from articles.models.review import Verdict
from articles.review.place import Refused, hold, touch
from ketcare.accounts.models import User


@transaction.atomic
def withdraw(guide: Guide, *, why: str, now: dt.datetime, by: User | None = None) -> None:
    """Takes a guide off the site: its address answers 410 with the reason. Raises Refused."""
    if not why.strip():
        raise Refused(_("Say why the guide is withdrawn: its page tells readers."))
    stored = hold(guide)
    if stored.live_id is None:
        raise Refused(_("Only a guide that was public can be withdrawn."))
    if stored.withdrawn_at is not None:
        raise Refused(_("This guide is withdrawn already."))
    touch(guide, withdrawn_at=now, withdrawn_why=why, withdrawn_by=by)


@transaction.atomic
def bring_back(guide: Guide, *, by: User) -> None:
    """Ends a withdrawal: the words that were live are live again, under what vouched for them. Raises Refused."""
    if hold(guide).withdrawn_at is None:
        raise Refused(_("This guide is not withdrawn."))
    touch(guide, withdrawn_at=None, withdrawn_why="", withdrawn_by=None)


@transaction.atomic
def move(guide: Guide, *, section: str, slug: str, by: User) -> None:
    """Gives a guide another address; the old one leads there from now on. Raises Refused where it is taken."""
    stored = hold(guide)
    if section not in Section.values:
        raise Refused(_("There is no such section."))
    if (stored.section, stored.slug) == (section, slug):
        return
    if Guide.objects.filter(language=stored.language, section=section, slug=slug).exists():
        raise Refused(_("Another guide has this address."))
    old = stored.get_absolute_url()
    touch(guide, section=section, slug=slug)
    new = guide.get_absolute_url()
    if GuideAddress.objects.filter(path=new).exclude(guide=guide).exists():
        raise Refused(_("This address leads to another guide, which had it before."))
    GuideAddress.objects.filter(path=new).delete()
    GuideAddress.objects.create(path=old, guide=guide)


@transaction.atomic
def hide_sample(guide: Guide, *, by: User, now: dt.datetime) -> None:
    """Takes a guide under a sample signature off the site until a clinician signs it. Raises Refused for any other."""
    hold(guide)
    [read] = Guide.objects.filter(pk=guide.pk).with_words()
    state = read.public_state(now)
    if not state.is_sample or state.review is None:
        raise Refused(_("Only a guide under a sample signature is hidden. Withdraw it instead."))
    for shown in Review.objects.filter(revision=read.words, sample=True, verdict=Verdict.SIGNED, revocations=None):
        # The row is the sample reviewer's, as the one it takes back, and names who did it.
        Review(
            revision=shown.revision,
            digest=shown.digest,
            verdict=Verdict.REVOKED,
            reviewer=shown.reviewer,
            author=shown.author,
            signed_by=by,
            name=shown.name,
            credential=shown.credential,
            sample=True,
            note=_("Hidden until a clinician signs it."),
            at=now,
            revokes=shown,
        ).save()
    touch(guide, live=None)
