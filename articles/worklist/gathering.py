"""Each thing that waits, as an entry: what it is, since or until when, and whose task it is."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Guide, Revision
from articles.models.guide import State
from articles.models.review import Verdict
from articles.worklist import places
from articles.worklist.entries import Entry, Kind
from articles.worklist.reading import Reading
from ketcare.site import line_checks

# An urgent change is signed within that time.
URGENT_FOR: Final = dt.timedelta(hours=72)
# Before a check is due, and before a credential ends, it is told this many days ahead, and again.
SOON: Final = 60
SOONER: Final = 30


def entries(read: Reading) -> Iterator[Entry]:
    yield from _guides(read)
    yield from _to_sign(read)
    yield from _sources(read)
    yield from _drafts(read)
    yield from _credentials(read)
    yield from _lines(read)


def title_of(read: Reading, guide: Guide) -> str:
    """What the desk calls a guide: the title that readers know, else that of its newest words, else its address."""
    for words in (guide.live, read.handed_in.get(guide.pk), read.drafts.get(guide.pk)):
        if words is not None and words.title:
            return words.title
    return guide.get_absolute_url()


def written_by(words: Revision) -> str:
    """Who wrote them, as colleagues know each other."""
    if words.author is None:
        return _("from a file")
    return words.author.name or words.author.email


def _guides(read: Reading) -> Iterator[Entry]:
    """What readers see or do not see: being checked, urgent, a sample, due."""
    for guide in read.guides.values():
        state, title = read.states[guide.pk], title_of(read, guide)
        deed, look = _way_to_sign(read, guide), places.words(guide)
        if state.kind == State.CHECKING:
            whose = read.able | read.managers or read.fallback
            yield Entry(Kind.CHECKING, title, state.problem, None, look, look, whose)
        elif state.kind == State.SAMPLE:
            why = _("No clinician has signed it.")
            whose, hide = read.able or read.fallback, places.hide(guide)
            yield Entry(Kind.SAMPLES, title, why, None, deed, look, whose, hide=hide)
        elif state.kind == State.URGENT and guide.live is not None:
            since = read.urgent_since[guide.pk]
            yield Entry(Kind.URGENT, title, _clock(since, read.now), since, deed, look, _urgent(read, guide))
        elif state.review is not None and state.review.next_due is not None:
            due, last = state.review.next_due, state.review
            if (kind := _how_soon(due, read.today)) is not None:
                why = _("%(how)s Last signed by %(name)s.") % {"how": _how_late(due, read.today), "name": last.name}
                yield Entry(kind, title, why, due, deed, look, read.owner(last), due=due)


def _way_to_sign(read: Reading, guide: Guide) -> str:
    """The page on which the newest words are signed, or signed again."""
    newest = read.handed_in.get(guide.pk)
    return places.sign(newest) if newest is not None else places.words(guide)


def _urgent(read: Reading, guide: Guide) -> frozenset[int]:
    words = read.waiting.get(guide.pk)
    return read.who_may_sign(words) if words is not None else read.able or read.fallback


def _clock(since: dt.datetime, now: dt.datetime) -> str:
    """How long an urgent change may still stand without a signature."""
    left = since + URGENT_FOR - now
    hours = abs(int(left.total_seconds() // 3600))
    if left <= dt.timedelta():
        return ngettext("Late by %(hours)d hour.", "Late by %(hours)d hours.", hours) % {"hours": hours}
    return ngettext("%(hours)d hour left to sign it.", "%(hours)d hours left to sign it.", hours) % {"hours": hours}


def _how_soon(due: dt.date, today: dt.date) -> Kind | None:
    """The heading under which a check that is due on that day stands; None while it is far off."""
    days = (due - today).days
    if days < 0:
        return Kind.OVERDUE
    if days == 0:
        return Kind.DUE_TODAY
    if days <= SOONER:
        return Kind.DUE_IN_30
    return Kind.DUE_IN_60 if days <= SOON else None


def _how_late(due: dt.date, today: dt.date) -> str:
    days = (due - today).days
    if days < 0:
        return ngettext("Late by %(days)d day.", "Late by %(days)d days.", -days) % {"days": -days}
    if days == 0:
        return _("Due today.")
    return ngettext("Due in %(days)d day.", "Due in %(days)d days.", days) % {"days": days}


def _to_sign(read: Reading) -> Iterator[Entry]:
    """Words that were handed in and that nobody signed: for whoever may, or for the author who was asked for more."""
    for pk, words in read.waiting.items():
        guide = read.guides[pk]
        if read.states[pk].kind == State.URGENT and guide.live_id == words.pk:
            continue  # under a heading of its own
        last = read.verdicts[pk][-1] if read.verdicts[pk] else None
        deed, look = places.sign(words), places.words(guide)
        named = {"number": words.number, "name": written_by(words)}
        if last is not None and last.verdict == Verdict.CHANGES:
            why = _("%(name)s asked for changes.") % {"name": last.name}
            yield Entry(Kind.CHANGES, words.title, why, last.at, places.form(guide), look, _author(read, words))
        else:
            why = _("Version %(number)d, %(name)s.") % named
            yield Entry(Kind.TO_SIGN, words.title, why, words.submitted_at, deed, look, read.who_may_sign(words))


def _author(read: Reading, words: Revision) -> frozenset[int]:
    """Who goes on with words: their author, or whoever writes here where that person left."""
    if words.author is not None and words.author_id in read.editors:
        return frozenset({words.author.pk})
    return read.editors or read.fallback


def _sources(read: Reading) -> Iterator[Entry]:
    for mark in read.marks:
        guide = read.guides[mark.guide_id]
        why = f"{mark.source.key}: {mark.get_kind_display()}"
        deed = places.mark(mark)
        whose = read.able or read.fallback
        yield Entry(Kind.SOURCES, title_of(read, guide), why, mark.raised_at, deed, deed, whose)


def _drafts(read: Reading) -> Iterator[Entry]:
    for pk, words in read.drafts.items():
        guide = read.guides[pk]
        why = _("Draft %(number)d, %(name)s.") % {"number": words.number, "name": written_by(words)}
        place, look = places.form(guide), places.words(guide)
        yield Entry(Kind.DRAFTS, words.title, why, words.made_at, place, look, _author(read, words))


def _credentials(read: Reading) -> Iterator[Entry]:
    for person in read.reviewers.values():
        if person.user is None or not person.user.is_active or (person.expires_on - read.today).days > SOON:
            continue
        ends = person.expires_on + dt.timedelta(days=1)
        words = _("Cannot sign since %(day)s.") if ends <= read.today else _("Cannot sign from %(day)s on.")
        whose = read.managers | {person.user.pk}
        place = places.reviewer(person)
        why = words % {"day": date_format(ends)}
        yield Entry(Kind.CREDENTIALS, str(person), why, None, place, place, whose, due=person.expires_on)


def _lines(read: Reading) -> Iterator[Entry]:
    for line, why in line_checks.asked_for(read.now):
        place = places.lines()
        yield Entry(Kind.LINES, line.name, why, None, place, place, read.managers | read.able or read.fallback)
