"""The digest of a guide's words: what a clinician signs. Pure functions of text, which know no model."""

import hashlib
import json
import unicodedata
from typing import Any


def canonical(value: Any) -> bytes:
    """One spelling for equal values: JSON with sorted keys, Unicode NFC, line ends LF, UTF-8."""
    text = json.dumps(_normal(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # SQLite keeps JSON with half a surrogate pair, by plain SQL only: to be found wrong, not to break the page.
    return text.encode(errors="surrogatepass")


def normal_text(text: str) -> str:
    """NFC with LF line ends: the form in which words are kept and compared."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return normal_text(value)
    if isinstance(value, dict):
        return {normal_text(key): _normal(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(inner) for inner in value]
    return value


def digest_of(*, title: str, summary: str, body: str, meta: dict[str, Any]) -> str:
    """SHA-256 in hex over everything clinical that a reader sees of a guide.

    `meta` holds what stands beside the body: the names that people use for the subject, and the snapshot of the
    cited sources as they stood when the words were submitted.
    """
    words = {"title": title, "summary": summary, "body": body, "meta": meta}
    return hashlib.sha256(canonical(words)).hexdigest()
