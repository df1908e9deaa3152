"""Texts that break programs: a small set of our own, and the Big List of Naughty Strings where it is at hand."""

import json
import os
from pathlib import Path

OWN: tuple[str, ...] = (
    " ",
    "\n",
    "\t leading and trailing \t",
    "\nfirst line empty",
    "last line empty\n\n",
    "one\r\ntwo\rthree\nfour",
    "e\u0301 and \u00e9, \u1e9b\u0323, \uff21, \ufb01, \u2126",
    "\u200b\u200d\ufeff\u2060 nothing to see",
    "\u202eright to left\u202c and \u05e9\u05dc\u05d5\u05dd",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1fa\U0001f1f8",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319A\u030a\u0357",
    "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x1b\x7f\x80\x85\x9f",
    "\u2028\u2029 ends of lines that are none",
    "\ufffd \ufffe \uffff \U0010ffff",
    "undefined null None true NaN -0 1e309 0x0 \\0",
    "'; DROP TABLE journal_entry; -- \" OR 1=1",
    "%s %(x)s %d {0} {x!r} ${7*7} #{7*7} %00 %0a",
    "{{ 7|add:7 }} {% load x %} {# hidden #}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</textarea></form></main><b>out</b>",
    "&lt;b&gt; &amp;lt; &#60; &nbsp; &copy",
    "<!-- --> <![CDATA[x]]> <?pi?>",
    "=1+1 @SUM(A1) +1 -1 |cmd",
    "a=b&c=d;e=f+g%20h",
    '{"v":9,"text":"other","keep":true}',
    "\\u0000 \\x00 \\n \\\\",
    "../../etc/passwd C:\\Windows",
    "\u0130\u0131 \u00df\u1e9e \u01c5",
    "\U00012000\U00020000 \u4e00\u3042\ud55c \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
)


def naughty() -> list[str]:
    """The Big List of Naughty Strings in the folder that KETCARE_TEST_DATA names; none where it is not set."""
    folder = os.environ.get("KETCARE_TEST_DATA")
    if not folder:
        return []
    with (Path(folder) / "hostile.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["p"] for row in rows if row["src"] == "blns"]
