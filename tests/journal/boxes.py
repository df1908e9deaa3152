"""Every box of the journal: a text goes in as a browser sends it, and what is kept of it comes out."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from django.test import Client

from journal import drafts, sealed
from journal.models import Draft, Entry, Kind, Treatment
from journal.tokens import SESSION, FormToken, Place
from journal.words import CAPTURED, PERSON, PLAN, SINCE, Shape, fields_from
from ketcare.accounts.models import User
from tests.journal.pages import open_form

Kept = Mapping[str, Any]


def as_documented(text: str) -> str:
    """Said once more, in its own way: Unicode NFC, and every end of a line is LF."""
    return unicodedata.normalize("NFC", "\n".join(text.replace("\r\n", "\r").split("\r")))


def as_sent(text: str) -> str:
    """As a browser sends it: its lines end with CRLF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


@dataclass
class Writer:
    """Somebody with one session, and their browser."""

    owner: User
    client: Client
    treatment: Treatment

    def send(self, path: str, place: Place, fields: Mapping[str, str]) -> FormToken:
        """A post to the form there; fails where the site does not take it."""
        token = FormToken.for_new(self.owner, place)
        answer = self.client.post(path, {"token": token.signed(), **fields})
        assert answer.status_code == 302, (path, fields, answer.status_code)
        return token

    def entry(self, path: str, place: Place, fields: Mapping[str, str]) -> Kept:
        """What an entry holds that is written there, box by box; afterwards there is room for the next one."""
        return self.taken_out(Entry.objects.get(ref=self.send(path, place, fields).ref))

    def taken_out(self, entry: Entry) -> Kept:
        kept = fields_from(sealed.to_read(self.owner).words_of(entry))
        entry.delete()
        return kept


def note(writer: Writer, fields: Mapping[str, str]) -> Kept:
    return writer.entry("/journal/note/", Place(Kind.NOTE), fields)


def since(writer: Writer, fields: Mapping[str, str]) -> Kept:
    return writer.entry("/journal/since/", Place(Kind.NOTE), {**fields, "shape": Shape.SINCE})


def meaning(writer: Writer, fields: Mapping[str, str]) -> Kept:
    path = f"/journal/sessions/{writer.treatment.ref}/meaning/"
    return writer.entry(path, Place.of(Kind.NOTE, writer.treatment), {**fields, "shape": Shape.MEANING})


def day(writer: Writer, fields: Mapping[str, str]) -> Kept:
    path = f"/journal/sessions/{writer.treatment.ref}/day/1/"
    return writer.entry(path, Place.of(Kind.REFLECTION, writer.treatment, 1), fields)


def intentions(writer: Writer, fields: Mapping[str, str]) -> Kept:
    path = f"/journal/sessions/{writer.treatment.ref}/intentions/"
    return writer.entry(path, Place.of(Kind.INTENTION, writer.treatment), fields)


def plan(writer: Writer, fields: Mapping[str, str]) -> Kept:
    return writer.entry("/journal/plan/change/", Place(Kind.PLAN), fields)


def step(writer: Writer, fields: Mapping[str, str]) -> Kept:
    return writer.entry("/journal/steps/new/", Place(Kind.STEP), fields)


def capture(writer: Writer, fields: Mapping[str, str]) -> Kept:
    """The page without sign-in: each "Done for now" closes one fragment."""
    path = "/journal/capture/"
    if "capture" not in writer.client.cookies:
        writer.client.post("/journal/prepare/")
    sent = {"token": open_form(writer.client, path), "at": "done", **fields}
    answer = writer.client.post(path, sent)
    assert answer.status_code == 200, (fields, answer.status_code)
    return writer.taken_out(Entry.objects.latest("pk"))


def session(writer: Writer, fields: Mapping[str, str]) -> Kept:
    told = {"date": "2026-11-20", **fields}
    token = writer.send("/journal/sessions/new/", Place(SESSION), told)
    treatment = Treatment.objects.get(ref=token.ref)
    kept = sealed.to_read(writer.owner).notes_of(treatment)
    treatment.delete()
    return {"notes": kept["text"]}


def draft(writer: Writer, fields: Mapping[str, str]) -> Kept:
    token = FormToken.for_new(writer.owner, Place(Kind.NOTE))
    answer = writer.client.post("/journal/unsaved/keep/", {"token": token.signed(), **fields})
    assert answer.status_code == 200, (fields, answer.status_code)
    found = drafts.unsaved(writer.owner, token.form)
    Draft.objects.filter(form=token.form).delete()
    return found.fields or {} if found else {}


@dataclass(frozen=True)
class Form:
    """`boxes`: where somebody writes. `blank`: whether white space alone is kept as it is."""

    write: Callable[[Writer, Mapping[str, str]], Kept]
    boxes: tuple[str, ...]
    blank: bool = True

    def __str__(self) -> str:
        return self.write.__name__


FORMS = (
    Form(note, ("text",)),
    Form(since, SINCE),
    Form(meaning, ("text",)),
    Form(day, ("text", "sleep", "movement", "when", "then")),
    Form(intentions, ("first", "second", "third")),
    Form(plan, (*PERSON, *PLAN)),
    Form(step, ("when", "then")),
    Form(capture, CAPTURED, blank=False),
    Form(session, ("notes",)),
    Form(draft, ("text",), blank=False),
)


def wrong(writer: Writer, form: Form, posts: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Each box that did not keep what was typed into it."""
    for typed in posts:
        kept = form.write(writer, {name: as_sent(text) for name, text in typed.items()})
        for name, text in typed.items():
            if kept.get(name) != as_documented(text):
                yield f"{form}, {name}: {text!r} became {kept.get(name)!r}"


def in_each(form: Form, texts: Iterable[str]) -> Iterator[dict[str, str]]:
    """Posts in which every text stands in every box of the form, in each post another one in each box."""
    given = [text for text in texts if form.blank or text.strip()]
    for start in range(len(given)):
        yield dict(zip(form.boxes, islice(cycle(given), start, None), strict=False))


def in_one(form: Form, texts: Iterable[str]) -> Iterator[dict[str, str]]:
    """Posts in which every text stands in one box of the form."""
    given = [text for text in texts if form.blank or text.strip()]
    for start in range(0, len(given), len(form.boxes)):
        yield dict(zip(form.boxes, given[start:], strict=False))
