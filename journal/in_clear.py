"""What of a journal stands in the database in clear, in the words of the privacy page; all else is sealed.

Each line names the columns that it speaks of; a test sees that there is no other, in the tables of the journal and in
those of the site that tell of one.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

IN_CLEAR: Final = (
    (
        _("To which account each row belongs, and random names for the rows."),
        ("*.id", "*.owner", "*.ref", "DataKey.id", "Draft.form", "EntryVersion.entry"),
    ),
    (
        _("Of a session: its date, its time of day and time zone, its number and where in the treatment it stands."),
        ("Treatment.date", "Treatment.time", "Treatment.zone", "Treatment.number", "Treatment.phase"),
    ),
    (_("When a session was called off."), ("Treatment.cancelled_at",)),
    (
        _("Of an entry: its kind (such as “note”), to which session and which day after it belongs."),
        ("Entry.kind", "Entry.treatment", "Entry.day"),
    ),
    (
        _("When an entry was written, saved or put in the trash, and when unsaved text was kept."),
        ("Entry.written_at", "Entry.saved_at", "Entry.trashed_at", "EntryVersion.at", "Draft.at"),
    ),
    (
        _("How often each was changed."),
        ("Treatment.version", "Entry.version", "EntryVersion.version", "Draft.base_version"),
    ),
    (_("Which of the site’s keys seals the key of your journal."), ("DataKey.master_key_id",)),
    (
        _("Whether you asked for mails, at which hour, when the last one went and how many you did not follow."),
        ("Reminder.hour", "Reminder.asked_at", "Reminder.last_sent_at", "Reminder.unanswered"),
    ),
    (
        _("Of each of those mails its day, and when it was tried and went, until 30 days afterwards."),
        (
            *("Outbox.key", "Outbox.kind", "Outbox.to_user", "Outbox.due", "Outbox.attempts", "Outbox.next_try"),
            *("Outbox.until", "Outbox.claimed_until", "Outbox.sent_at", "Outbox.given_up_at"),
        ),
    ),
    (
        _(
            "That a journal or an account was deleted, and when, under the random name that it had. This stays for "
            "good, here and in a list beside the copies, so that no copy brings it back."
        ),
        ("Destroyed.ref", "Destroyed.what", "Destroyed.at"),
    ),
    (_("How your journal shows itself: the larger help, numbers."), ("Choices.larger_help", "Choices.hides_numbers")),
    (
        _("About how long a text is: sealed texts have lengths in steps of 256 letters."),
        (),
    ),
)

# What no one can read without the site's keys.
SEALED: Final = ("DataKey.wrapped", "Treatment.notes", "Entry.body", "EntryVersion.body", "Draft.body")
