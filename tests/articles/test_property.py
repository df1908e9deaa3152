"""Whatever is written, signed, taken back or changed past the code: no page shows words that nobody stands behind.

A machine does all of that in any order to three guides, one of which comes from a file: it writes on the desk, signs
wholes and corrections, asks for changes, publishes urgently, switches to a sole clinician and back, withdraws, brings
back, hides, moves and imports. It keeps books of its own on who signed what and what was tampered with, works out from
them what each page must be, and reads the page after every step. Many more games: KETCARE_FULL_GRID=1.
"""

import datetime as dt
import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, models, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles import importing, review, shelf
from articles.content import Content, ReadGuide
from articles.exporting import reviewer_tables, source_tables
from articles.models import Guide, Rendering, Review, Reviewer, Revision
from articles.rendering import html_of
from articles.source import GuideFile
from ketcare.accounts.models import User
from ketcare.site.models import Clinic
from tests import databases
from tests.articles.plain_sql import insert, overwrite, remove
from tests.conftest import NOW, body_with
from tests.reading import read

# On both databases it is the same rule that reads the same rows.
GAMES = 200 if os.environ.get("KETCARE_FULL_GRID") else 10 if databases.SERVER else 20
TAMPERED = "tampered"  # a word that nobody ever signed
FORGERY = "body, with the digest that belongs to it"
SIGNATURE, SOLO, SAMPLE, URGENT = "signature", "signature of a sole clinician", "sample", "urgent"
REVOCATION, CHANGES = "revocation", "changes asked for"
REAL = (SIGNATURE, SOLO)
# What a page says of the words on it, and never says of words of another kind.
CLAIMS = {
    SIGNATURE: "Reviewed by",
    SOLO: "Written and signed by the same clinician,",
    SAMPLE: "Sample reviewer:",
    URGENT: "Changed urgently by",
}
LATE = "The yearly check of this page is late"

WORDS_COLUMNS: dict[str, Callable[[Revision], Any]] = {
    "title": lambda row: f"{TAMPERED} {row.title}",
    "summary": lambda row: TAMPERED,
    "body": lambda row: f"{row.body}\nAnd {TAMPERED}.\n",
    "meta": lambda row: {**row.meta, "also_known_as": [TAMPERED]},
    "digest": lambda row: "0" * 64,
    FORGERY: lambda row: f"{row.body}\nAnd {TAMPERED}.\n",
}
HTML_COLUMNS: dict[str, Callable[[Rendering], Any]] = {
    "html": lambda row: f"{row.html}<p>{TAMPERED}</p>",
    "contents": lambda row: {**row.contents, "headings": [["x", TAMPERED]]},
    "pipeline": lambda row: "0",
    "key_id": lambda row: "test2",
    "seal": lambda row: "0" * 64,
}
REVIEW_COLUMNS: dict[str, Callable[[Review], Any]] = {
    "digest": lambda row: "0" * 64,
    "name": lambda row: f"Dr {TAMPERED}",
    "credential": lambda row: TAMPERED,
    "sample": lambda row: not row.sample,
    "note": lambda row: f"{TAMPERED} {row.note}",
    "checklist": lambda row: [TAMPERED],
    "at": lambda row: row.at + dt.timedelta(days=1000),
    "next_due": lambda row: dt.date(2099, 1, 1),
    "author_id": lambda row: None if row.author_id else uuid.UUID(int=0),
    "key_id": lambda row: "test2",
    "mac": lambda row: "0" * 64,
}

Tampered = dict[str, Any]  # what each column held before


@dataclass(eq=False)
class Words:
    """A submitted revision in the books."""

    row: Revision
    guide: Guide
    word: str
    html: Rendering
    wrong: Tampered = field(default_factory=dict)
    html_wrong: Tampered = field(default_factory=dict)
    html_gone: bool = False

    @property
    def handed_in_on(self) -> dt.date:
        assert self.row.submitted_at is not None
        return self.row.submitted_at.date()


@dataclass(eq=False)
class Mark:
    """A review row in the books."""

    row: Review
    kind: str
    words: Words
    revokes: "Mark | None" = None
    copied: bool = False
    gone: bool = False
    wrong: Tampered = field(default_factory=dict)


@dataclass(frozen=True)
class Cast:
    authors: list[User]
    reviewers: list[Reviewer]


ANY = st.integers(0, 11)  # one of what there is
DAYS = st.integers(1, 250)


class Site(RuleBasedStateMachine):
    def __init__(self, cast: Cast, client: Client) -> None:
        super().__init__()
        self.cast, self.client = cast, client
        self.guides = list(Guide.objects.order_by("pk"))  # objects of this run: the verbs change them
        self.now = NOW
        self.words: list[Words] = []
        self.marks: list[Mark] = []
        self.live: dict[Guide, Words] = {}
        self.published: dict[Guide, Words] = {}  # through the code
        self.withdrawn: set[Guide] = set()
        self.drafts: list[Revision] = []  # that were followed by words of somebody else
        self.solo = False
        self.clock = time_machine.travel(NOW, tick=False)
        self.moment = self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        shelf.clear()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.clock.stop()

    @initialize(kinds=st.tuples(*[st.sampled_from([SIGNATURE, SAMPLE, URGENT, None])] * 2), days=DAYS)
    def words_are_submitted_and_most_are_live(self, kinds: tuple[str | None, ...], days: int) -> None:
        for guide, kind in enumerate(kinds):
            self.words_are_submitted(guide, author=0, urgent=True)
            if kind == URGENT:
                self.words_are_published_urgently(0, reviewer=0)
            elif kind is not None:
                self.words_are_signed(0, reviewer=0 if kind == SIGNATURE else -1, days=days)

    # Through the code

    @rule(guide=ANY, author=ANY, kind=st.sampled_from(["content", "editorial", "urgent"]))
    def words_are_written_at_the_desk(self, guide: int, author: int, kind: str) -> None:
        """A draft, perhaps of somebody else before, saved over and handed in."""
        place, word = pick(self.guides, guide), f"word{len(self.words)}"
        first, by = pick(self.cast.authors, author // 2), pick(self.cast.authors, author)
        revision = self.saved(place, first, word, "A first try.\n", kind)
        self.drafts += [revision] if first != by else []
        for _time in range(2):
            revision = self.saved(place, by, word, f"Now {word}.\n", kind)
        review.submit(revision, now=self.now, rendered=html_of(revision.body, "en", []))
        self.words.append(Words(revision, place, word, Rendering.objects.get(revision=revision)))

    def saved(self, place: Guide, by: User, word: str, body: str, kind: str) -> Revision:
        draft = review.Draft(f"About {word}", "What to do.", body, change=kind, reason="It could not wait.")
        base = review.version_of(review.newest_of(place))
        return review.save_draft(place, draft, by=by, base=base, now=self.now)

    @rule(guide=ANY, author=ANY, urgent=st.booleans())
    def words_are_submitted(self, guide: int, author: int, urgent: bool) -> None:
        place, word = pick(self.guides, guide), f"word{len(self.words)}"
        revision = review.write(
            place,
            title=f"About {word}",
            summary="What to do.",
            body=f"Now {word}.\n",
            also_known_as=[],
            sources=[],
            by=pick(self.cast.authors, author),
            now=self.now,
            change="urgent" if urgent else "content",
            reason="It could not wait." if urgent else "",
        )
        review.submit(revision, now=self.now, rendered=html_of(revision.body, "en", []))
        self.words.append(Words(revision, place, word, Rendering.objects.get(revision=revision)))

    @rule(words=ANY, reviewer=ANY, days=DAYS)
    def words_are_signed(self, words: int, reviewer: int, days: int) -> None:
        due = self.now.date() + dt.timedelta(days=days)
        own, by = pick(self.words[::-1], words), pick(self.cast.reviewers, reviewer)
        refusal = self.may_not_be_signed(own) or (self.wrote(by, own) and not self.may_sign_own(own))
        kind = SAMPLE if by.sample else SOLO if self.wrote(by, own) else SIGNATURE
        row = attempt(refusal, review.sign, own.row, by=by, digest=own.row.digest, now=self.now, next_due=due)
        self.write_down(row, kind, own)

    @rule(words=ANY, reviewer=ANY)
    def a_correction_is_signed(self, words: int, reviewer: int) -> None:
        own, by = pick(self.words[::-1], words), pick(self.cast.reviewers, reviewer)
        _status, last = self.expected(own.guide)
        refusal = self.may_not_be_signed(own) or own.row.change != "editorial"
        refusal = refusal or last is None or last.kind not in REAL or last.row.reviewer_id != by.slug
        refusal = refusal or (self.wrote(by, own) and not self.may_sign_own(own))
        kind = SOLO if self.wrote(by, own) else SIGNATURE
        row = attempt(refusal, review.sign_correction, own.row, by=by, digest=own.row.digest, now=self.now)
        if row is not None and last is not None:
            assert (row.reviewed_on, row.next_due) == (last.row.reviewed_on, last.row.next_due)
        self.write_down(row, kind, own)

    @rule(words=ANY, reviewer=ANY)
    def changes_are_asked_for(self, words: int, reviewer: int) -> None:
        own, by = pick(self.words[::-1], words), pick(self.cast.reviewers, reviewer)
        refusal = self.may_not_be_signed(own) or by.sample or own.row.author == by.user
        asked = {"by": by, "digest": own.row.digest, "note": "A number is wrong.", "now": self.now}
        row = attempt(refusal, review.ask_for_changes, own.row, **asked)
        if row is not None:
            self.marks.append(Mark(row, CHANGES, own))

    @rule(on=st.booleans())
    def the_clinic_has_one_clinician_or_more(self, on: bool) -> None:
        Clinic.objects.update_or_create(pk=1, defaults={"solo": on})
        self.solo = on

    @rule(words=ANY, reviewer=ANY)
    def words_are_published_urgently(self, words: int, reviewer: int) -> None:
        own, by = pick(self.words[::-1], words), pick(self.cast.reviewers, reviewer)
        refusal = self.may_not_be_signed(own) or own.row.change != "urgent" or by.sample
        row = attempt(refusal, review.publish_urgently, own.row, by=by, digest=own.row.digest, now=self.now)
        self.write_down(row, URGENT, own)

    @rule(mark=ANY, reviewer=ANY)
    def a_review_is_taken_back(self, mark: int, reviewer: int) -> None:
        taken = pick([each for each in self.marks if not each.gone and not each.copied], mark)
        if taken is not None:
            by = next(each for each in self.cast.reviewers if not each.sample)
            refusal = taken.kind in {REVOCATION, CHANGES}
            row = attempt(refusal, review.revoke, taken.row, by=by, why="It was wrong.", now=self.now)
            if row is not None:
                self.marks.append(Mark(row, REVOCATION, taken.words, revokes=taken))

    @rule(guide=ANY)
    def a_guide_is_withdrawn(self, guide: int) -> None:
        place = pick(self.guides, guide)
        if place in self.live and place not in self.withdrawn:
            review.withdraw(Guide.objects.get(pk=place.pk), why="It was wrong.", now=self.now)
            self.withdrawn.add(place)

    @rule(guide=ANY)
    def a_guide_is_brought_back(self, guide: int) -> None:
        place = pick(self.guides, guide)
        refusal = place not in self.withdrawn
        attempt(refusal, review.bring_back, Guide.objects.get(pk=place.pk), by=self.cast.authors[0])
        self.withdrawn.discard(place)

    @rule(guide=ANY)
    def a_sample_is_hidden(self, guide: int) -> None:
        place = pick(self.guides, guide)
        _status, mark = self.expected(place)
        refusal = mark is None or mark.kind != SAMPLE
        attempt(refusal, review.hide_sample, Guide.objects.get(pk=place.pk), by=self.cast.authors[0], now=self.now)
        if mark is not None and not refusal:
            for row in Review.objects.filter(revision=mark.words.row, verdict="revoked", at=self.now):
                taken = next(each for each in self.marks if each.row.pk == row.revokes_id)
                self.marks.append(Mark(row, REVOCATION, mark.words, revokes=taken))
            self.live.pop(place, None)
            self.published.pop(place, None)

    @rule(guide=ANY)
    def a_guide_moves(self, guide: int) -> None:
        place = pick(self.guides, guide)
        old, slug = place.get_absolute_url(), f"moved-{self.now:%Y%m%d%H%M%S}"
        review.move(place, section="safety", slug=slug, by=self.cast.authors[0])
        assert self.client.get(old).headers["Location"] == place.get_absolute_url()

    @rule()
    def a_file_comes_in(self) -> None:
        """Its words are signed by the sample reviewer, unless somebody here wrote or signed words of that guide.

        A sample that somebody hid stays hidden with new words, too.
        """
        place, word = self.guides[-1], f"word{len(self.words)}"
        [sample] = [each for each in self.cast.reviewers if each.sample]
        content = file_of(place, word, sample, self.now.date())
        mine = [words for words in self.words if words.guide == place]
        theirs = any(words.row.author for words in mine) or any(
            not mark.row.sample for mark in self.marks if mark.words in mine and not mark.gone
        )
        taken_back = Review.objects.filter(revision__guide=place, verdict="revoked", sample=True)
        hidden = taken_back.exists() and Guide.objects.get(pk=place.pk).live_id is None
        list(importing.take_in(content, now=self.now))
        made = Revision.objects.filter(guide=place, body__contains=f"Now {word}.").first()
        assert (made is None) == theirs
        if made is not None:
            own = Words(made, place, word, Rendering.objects.get(revision=made))
            self.words.append(own)
            row = Review.objects.filter(revision=made).first()
            assert (row is None) == (hidden or place in self.withdrawn)
            self.write_down(row, SAMPLE, own)

    @rule(words=ANY)
    def html_is_made_again(self, words: int) -> None:
        own = pick(self.words, words)
        if not own.wrong:
            cited = [source["key"] for source in own.row.sources]
            own.html = review.keep_rendering(own.row, html_of(own.row.body, "en", cited))
            own.html_wrong, own.html_gone = {}, False

    @rule(days=st.integers(1, 400))
    def days_pass(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    # Past the code: with everything else as it should be, or on top of what was done before

    @rule(column=st.sampled_from(sorted(WORDS_COLUMNS)), which=ANY, alone=st.booleans())
    def words_are_tampered_with(self, column: str, which: int, alone: bool) -> None:
        self.put_back_if(alone)
        words = pick(self.live_ones_first(), which)
        value = WORDS_COLUMNS[column](words.row)
        if column != FORGERY:
            tamper(words.row, words.wrong, **{column: value})
        else:
            forged = Revision(title=words.row.title, summary=words.row.summary, body=value, meta=words.row.meta)
            tamper(words.row, words.wrong, body=value, digest=forged.computed_digest())

    @rule(column=st.sampled_from(sorted(HTML_COLUMNS)), which=ANY, alone=st.booleans())
    def html_is_tampered_with(self, column: str, which: int, alone: bool) -> None:
        self.put_back_if(alone)
        words = pick([each for each in self.live_ones_first() if not each.html_gone], which)
        if words is not None:
            tamper(words.html, words.html_wrong, **{column: HTML_COLUMNS[column](words.html)})

    @rule(column=st.sampled_from(sorted(REVIEW_COLUMNS)), which=ANY, alone=st.booleans())
    def a_review_is_tampered_with(self, column: str, which: int, alone: bool) -> None:
        self.put_back_if(alone)
        mark = pick([each for each in self.marks if not each.gone], which)
        if mark is not None:
            tamper(mark.row, mark.wrong, **{column: REVIEW_COLUMNS[column](mark.row)})

    @rule(html=st.booleans(), which=ANY, alone=st.booleans())
    def something_is_deleted(self, html: bool, which: int, alone: bool) -> None:
        self.put_back_if(alone)
        kept = [each for each in self.words if not each.html_gone] if html else [m for m in self.marks if not m.gone]
        own = pick(kept, which)
        if isinstance(own, Words):
            remove(own.html)
            own.html_gone = True
        if isinstance(own, Mark):
            remove(own.row)
            own.gone = True

    @rule(mark=ANY, words=ANY, alone=st.booleans())
    def a_review_is_copied_to_other_words(self, mark: int, words: int, alone: bool) -> None:
        self.put_back_if(alone)
        own, other = pick([each for each in self.marks if not each.gone], mark), pick(self.words, words)
        if own is not None:
            columns = {each.attname: getattr(own.row, each.attname) for each in Review._meta.concrete_fields}
            changes = {"id": uuid.uuid4(), "revision_id": other.row.pk, "digest": other.row.digest}
            twin = Review(**{**columns, **changes})
            insert(twin)
            self.marks.append(Mark(twin, own.kind, other, revokes=own.revokes, copied=True))

    @rule(guide=ANY, words=ANY, alone=st.booleans())
    def live_is_pointed_elsewhere(self, guide: int, words: int, alone: bool) -> None:
        self.put_back_if(alone)
        place, other = pick(self.guides, guide), pick(self.words, words)
        overwrite(place, live_id=other.row.pk)
        self.live[place] = other

    @rule()
    def everything_is_put_back_as_it_was(self) -> None:
        """As from a backup: what stands then is what was done through the code."""
        for words in self.words:
            if words.html_gone:
                insert(words.html)
            else:
                restore(words.html, words.html_wrong)
            restore(words.row, words.wrong)
            words.html_gone, words.html_wrong = False, {}
        for mark in [mark for mark in self.marks if mark.copied]:
            if not mark.gone:
                remove(mark.row)
            self.marks.remove(mark)
        for mark in self.marks:
            if mark.gone:
                insert(mark.row)
            else:
                restore(mark.row, mark.wrong)
            mark.gone, mark.wrong = False, {}
        for place in self.guides:
            self.live.pop(place, None)
            if place in self.published:
                self.live[place] = self.published[place]
            overwrite(place, live_id=self.published[place].row.pk if place in self.published else None)
            overwrite(place, withdrawn_at=None, withdrawn_why="")
        self.withdrawn.clear()

    def put_back_if(self, alone: bool) -> None:
        if alone:
            self.everything_is_put_back_as_it_was()

    # The books

    def live_ones_first(self) -> list[Words]:
        """What is on a page is what tampering is for."""
        return [*self.live.values(), *self.words]

    def write_down(self, row: Review | None, kind: str, words: Words) -> None:
        if row is not None:
            self.marks.append(Mark(row, kind, words))
            self.live[words.guide] = self.published[words.guide] = words

    def may_not_be_signed(self, words: Words) -> bool:
        newest = [each for each in self.words if each.guide == words.guide][-1]
        return bool(words.wrong) or words is not newest or words.guide in self.withdrawn

    def wrote(self, reviewer: Reviewer, words: Words) -> bool:
        """Whether the reviewer wrote any of it since a real signature that stands."""
        since = 0
        for mark in self.marks:
            taken_back = any(each.revokes is mark and not each.gone for each in self.marks)
            counts = mark.kind in REAL and not (mark.wrong or mark.gone or mark.copied or taken_back)
            if counts and mark.words.guide == words.guide:
                since = max(since, mark.words.row.number)
        written = [each.row for each in self.words if each.guide == words.guide]
        written += [draft for draft in self.drafts if draft.guide == words.guide]
        theirs = [each for each in written if each.author == reviewer.user and each.number <= words.row.number]
        return reviewer.user is not None and any(each.pk == words.row.pk or each.number > since for each in theirs)

    def may_sign_own(self, words: Words) -> bool:
        """Where one clinician works, from the next day on."""
        return self.solo and words.handed_in_on < self.now.date()

    def expected(self, place: Guide) -> "tuple[int, Mark | None]":
        """The status of that guide's page, and what vouches for the words on it."""
        words = self.live.get(place)
        if words is None:
            return 404, None
        if place in self.withdrawn:
            return 410, None
        marks = [mark for mark in self.marks if mark.words is words and not mark.gone]
        if words.guide != place or words.wrong or words.html_wrong or words.html_gone:
            return 503, None
        if any(mark.wrong or mark.copied for mark in marks):
            return 503, None
        taken_back = [mark.revokes for mark in marks]
        for kinds in (REAL, (SAMPLE,), (URGENT,)):
            standing = [mark for mark in marks if mark.kind in kinds and mark not in taken_back]
            if standing:
                return 200, standing[-1]
        return 503, None

    @invariant()
    def each_page_shows_what_stands_and_nothing_else(self) -> None:
        self.now += dt.timedelta(minutes=1)  # no two deeds at the same moment
        self.moment.move_to(self.now)
        for place in self.guides:
            status, mark = self.expected(place)
            response = self.client.get(place.get_absolute_url())
            assert response.status_code == status
            page = read(response.content).one("main").text if status == 200 else response.text
            assert TAMPERED not in page
            shown = {words.word for words in self.words if re.search(rf"Now {words.word}\b", page)}
            assert shown == ({mark.words.word} if mark else set())
            for kind, claim in CLAIMS.items():
                assert (claim in page) == (mark is not None and mark.kind == kind)
            if mark is not None:
                assert f"{CLAIMS[mark.kind]} {mark.row.name}" in page
                due = mark.row.next_due
                assert (LATE in page) == (mark.kind in REAL and due is not None and due < self.now.date())


def file_of(place: Guide, word: str, sample: Reviewer, today: dt.date) -> Content:
    """A folder with one guide under a sample signature of that day."""
    file = GuideFile(
        title=f"About {word}",
        summary="What to do.",
        section=place.section,
        also_known_as=[],
        sources=["trial-2020"],
        reviewer=sample.slug,
        last_reviewed=today,
        next_review=today + dt.timedelta(days=200),
        reviewed_digest="",
        body=body_with(f"Now {word}."),
    )
    root = Path("content")
    path = root / f"guides/en/{place.section}/{place.slug}.md"
    content = Content(root, reviewers=reviewer_tables(Reviewer.objects.filter(pk=sample.pk)))
    content.sources = source_tables()
    content.guides = [ReadGuide(path, "en", place.slug, file)]
    digest = content.digest(content.guides[0])
    content.guides = [ReadGuide(path, "en", place.slug, replace(file, reviewed_digest=digest))]
    return content


def pick(choices: list[Any], number: int) -> Any:
    """One of them, or None where there is none."""
    return choices[number % len(choices)] if choices else None


def attempt[Made](refusal: bool, verb: Callable[..., Made], *arguments: Any, **named: Any) -> Made | None:
    """Does it, or sees that it is refused, as the books say."""
    if not refusal:
        return verb(*arguments, **named)
    with pytest.raises(review.Refused):
        verb(*arguments, **named)
    return None


def tamper(row: models.Model, wrong: Tampered, **columns: Any) -> None:
    """Changes columns, unless one was changed before or the database refuses; the object keeps what was there."""
    if wrong.keys() & columns.keys() or all(getattr(row, column) == value for column, value in columns.items()):
        return
    try:
        with transaction.atomic():
            overwrite(row, **columns)
    except IntegrityError:
        return
    wrong.update({column: getattr(row, column) for column in columns})


def restore(row: models.Model, wrong: Tampered) -> None:
    for column, value in wrong.items():
        overwrite(row, **{column: value})
    wrong.clear()


def test_no_page_shows_words_that_nobody_stands_behind(ed, dr_rao, dr_lee, morgan, trial, guide, client):
    Guide.objects.create(section="safety", slug="when-to-call", changed_at=NOW)
    Guide.objects.create(section="safety", slug="from-a-file", changed_at=NOW)
    for reviewer in (dr_rao, dr_lee, morgan):
        reviewer.expires_on = dt.date(2200, 1, 1)
        reviewer.save()
    cast = Cast([ed, dr_rao.user], [dr_rao, dr_lee, morgan])

    class ThisSite(Site):
        def __init__(self) -> None:
            super().__init__(cast, client)

    run_state_machine_as_test(
        ThisSite,
        settings=settings(
            max_examples=GAMES,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],  # what is slow is a busy machine
        ),
    )
