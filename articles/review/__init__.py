"""The deeds by which words are written, become public or stop being so: each several rows, in one transaction."""

from articles.review.fanout import clear_change, source_was_changed, warn_of_source
from articles.review.place import Refused
from articles.review.publishing import bring_back, hide_sample, move, withdraw
from articles.review.signing import (
    ask_for_changes,
    publish_urgently,
    revoke,
    sign,
    sign_correction,
    why_own_words_wait,
    wrote,
)
from articles.review.writing import (
    Draft,
    Stale,
    discard,
    keep_rendering,
    meta_of,
    newest_of,
    render_again,
    save_draft,
    stale,
    submit,
    version_of,
    write,
)

__all__ = [
    "Draft",
    "Refused",
    "Stale",
    "ask_for_changes",
    "bring_back",
    "clear_change",
    "discard",
    "hide_sample",
    "keep_rendering",
    "meta_of",
    "move",
    "newest_of",
    "publish_urgently",
    "render_again",
    "revoke",
    "save_draft",
    "sign",
    "sign_correction",
    "source_was_changed",
    "stale",
    "submit",
    "version_of",
    "warn_of_source",
    "why_own_words_wait",
    "withdraw",
    "write",
    "wrote",
]
