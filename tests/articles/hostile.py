"""Texts that want to become more than words, and a judge of what became of them.

The judge shares nothing with `articles.sanitising`: it lists once more, in its own way, what a guide may hold.
"""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

# (what an author might paste, words of it that a reader must still see)
MARKDOWN: tuple[tuple[str, str], ...] = (
    # raw HTML is shown as it was written
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("Rest <script src=//evil.example/x.js></script> well", "<script src=//evil.example/x.js></script> well"),
    ("<img src=x onerror=alert(1)>", "onerror=alert(1)"),
    ("<IMG SRC=`javascript:alert(1)`>", "<IMG SRC="),
    ("<svg onload=alert(1)>", "<svg onload=alert(1)>"),
    ("<svg><style><img src=x onerror=alert(1)></style></svg>", "<svg><style>"),
    ("<math><mtext><table><mglyph><style><img src onerror=alert(1)>", "<mglyph>"),
    ("<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<iframe srcdoc="),
    ("<details open ontoggle=alert(1)>x</details>", "ontoggle=alert(1)"),
    ("<a href='javascript:alert(1)'>press</a>", "press"),
    ("<p style='background:url(javascript:alert(1))'>x</p>", "<p style="),
    ("<form action=//evil.example><button>Sign in</button></form>", "Sign in"),
    ("<base href=//evil.example/>", "<base href="),
    ("<meta http-equiv=refresh content='0;url=//evil.example'>", "http-equiv=refresh"),
    ("<template><p>hidden</p></template>", "<template>"),
    ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<noscript>"),
    ("<textarea></textarea><img src=x onerror=alert(1)>", "</textarea>"),
    ("<!-- <img src='--><img src=x onerror=alert(1)>'> -->", "onerror=alert(1)"),
    ("<![CDATA[<script>alert(1)</script>]]>", "CDATA"),
    ("<?php echo 'x'; ?>", "<?php echo"),
    ("<!DOCTYPE html><html onclick=alert(1)><body onload=alert(1)>", "<!DOCTYPE html>"),
    ("</section></main></body><h1>Another site</h1>", "</section></main></body>"),
    ("<div id=crisis hidden>", "<div id=crisis hidden>"),
    ("<b\n onmouseover=alert(1)>over</b>", "over"),
    ("<scr<script>ipt>alert(1)</scr</script>ipt>", "<scr<script>"),
    ("<script\n", "<script"),
    ('<a href="x" a{}="y">'.format("b" * 200), "<a href="),
    # the same, hidden in references
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ("&#60;img src=x onerror=alert(1)&#62;", "<img src=x onerror=alert(1)>"),
    ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
    ("`<script>alert(1)</script>`", "<script>alert(1)</script>"),
    ("    <script>alert(1)</script>", "<script>alert(1)</script>"),
    # addresses
    ("[press](javascript:alert(1))", "press"),
    ("[press](JaVaScRiPt:alert(1))", "press"),
    ("[press](<javascript:alert(1)>)", "press"),
    ("[press](javascript&colon;alert(1))", "press"),
    ("[press](&#106;avascript:alert(1))", "press"),
    ("[press](&#x6A&#x61vascript:alert(1))", "press"),
    ("[press](java&Tab;script:alert(1))", "press"),
    ("[press](java\tscript:alert(1))", "press"),
    ("[press](javascript:123)", "press"),
    ("[press](vbscript:msgbox(1))", "press"),
    ("[press](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)", "press"),
    ("[press](//evil.example/)", "press"),
    ("[press](/\\evil.example/)", "press"),
    ("[press](\\\\evil.example)", "press"),
    ("[press](https:evil.example)", "press"),
    ("[press](https://good.example@evil.example/)", "press"),
    ("[press](http://plain.example/)", "press"),
    ("[press](file:///etc/passwd)", "press"),
    ("[press](https://evil.example/&quot;onmouseover=&quot;alert(1))", "press"),
    ("[press](/x 'a\" onmouseover=\"alert(1)')", "press"),
    ('[press](/x" onclick="alert(1))', "press"),
    ("[press]\n\n[press]: javascript:alert(1)", "press"),
    ("[press][p]\n\n[p]: <data:text/html,x> 'title'", "press"),
    ("<javascript:alert(1)>", "javascript:alert(1)"),
    ("<javascript://example.org/%0aalert(1)>", "javascript://example.org"),
    ("<x@evil.example>", "x@evil.example"),
    ("![the map](javascript:alert(1))", "the map"),
    ("![the map](https://tracker.example/pixel.png)", "the map"),
    ("![the map](//tracker.example/pixel.png)", "the map"),
    ("![the map](/static/../admin/logout)", "the map"),
    ('![" onerror="alert(1)](x.png)', '" onerror="alert(1)'),
    # other languages that text might be taken for
    ("{{ 7|add:7 }} {% load x %}", "{{ 7|add:7 }} {% load x %}"),
    ("${7+7} #{7+7}", "${7+7} #{7+7}"),
    ("klzzwxh:0001 and wzxhzdk:0", "klzzwxh:0001 and wzxhzdk:0"),
    ("| a | b |\n|---|---|\n| <script> | `<b>` |", "<script>"),
    ("## Rest <img src=x onerror=alert(1)>\n\nx", "Rest <img src=x onerror=alert(1)>"),
)

# HTML as it might stand in a database row that somebody changed.
HTML: tuple[str, ...] = (
    "<p>plain <strong>words</strong></p>",
    "<script>alert(1)</script>",
    "<p onclick='alert(1)'>x</p>",
    "<img src=x onerror=alert(1)>",
    "<img src='/static/{clinic}.png' alt='{emergency}'>",
    "<img src='/static/a.png' alt='&#123;crisis&#125;'>",
    "<a href='javascript:123'>x</a>",
    "<a href='java&#x0A;script:alert(1)'>x</a>",
    "<a href=' https://example.org/'>x</a>",
    "<a href='/x' target=_blank rel=opener download ping=//evil.example>x</a>",
    "<a href='/a'><a href='/b'>x</a></a>",
    "<p style='position:fixed'>x</p><style>p{display:none}</style>",
    "<section class='part part-safety hidden'>x</section>",
    "<section class='part part-made-up'>x</section>",
    "<h2 id='sources'>x</h2><h2 id='contents'>y</h2><h3 id='a b'>z</h3>",
    "<div class='crisis'>x</div><div role=alert tabindex=5>y</div>",
    "<details class=fold open ontoggle=alert(1)><summary>x</summary><p>y</details>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><tr><td><p>x</table><td>y",
    "<ol start='1 onclick=alert(1)'><li>x</ol>",
    "<th scope=row class='align-right x'>x</th>",
    "<em><strong><em><strong>x</em></strong>",
    "&lt;script&gt; &amp;lt; &copy; &nbsp; &#0; &notanentity; & <",
    "<p>unclosed <a href='/x'",
    "<!-- comment --><?pi x?><![CDATA[y]]>z",
    "<a " + " ".join(f'a{n}="x"' for n in range(300)) + ">x</a>",
)

_PLAIN = set("h4 p ul li blockquote strong em code pre hr br summary table thead tbody tr".split())  # noqa: SIM905 - shorter to read
_ATTRIBUTES: dict[str, dict[str, str]] = {
    "section": {"class": r"part part-[a-z-]+", "aria-labelledby": r"[a-z0-9-]+"},
    "h2": {"id": r"[a-z0-9-]+"},
    "h3": {"id": r"[a-z0-9-]+"},
    "ol": {"start": r"\d+"},
    "a": {"href": "(?s:.*)", "id": r"cite-\d+-\d+", "aria-label": r"Source \d+"},
    "img": {"src": r"/static/[\w/.-]+", "alt": r"[^<>{}]+"},
    "sup": {"class": "cite"},
    "div": {
        "class": "table-scroll|fold-body",
        "id": r"[a-z0-9-]+",
        "tabindex": "0",
        "role": "region",
        "aria-label": r"Table( \d+)?",
    },
    "details": {"class": "fold"},
    "th": {"scope": "col", "class": "align-(left|right|center)"},
    "td": {"class": "align-(left|right|center)"},
}
_VOID = {"br", "hr", "img"}


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PLAIN and tag not in _ATTRIBUTES:
            self.faults.append(f"tag {tag}")
        for name, value in attrs:
            pattern = _ATTRIBUTES.get(tag, {}).get(name)
            if pattern is None or value is None or not re.fullmatch(pattern, value):
                self.faults.append(f"attribute {tag} {name}={value}")
            elif "{" in value or "}" in value:
                self.faults.append(f"brace in {tag} {name}={value}")
            elif name == "href" and not _goes_somewhere_safe(value):
                self.faults.append(f"address {value}")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"end of {tag} in the wrong place")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"declaration {data}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")


def _goes_somewhere_safe(address: str) -> bool:
    # As a browser reads it: it drops these characters and takes \ for /.
    read = re.sub(r"[\x00-\x20]", "", address).lower().replace("\\", "/")
    if read.startswith(("https://", "mailto:", "tel:", "sms:")):
        return "@" not in read.removeprefix("https://").partition("/")[0] or read.startswith("mailto:")
    return read.startswith("#") or (read.startswith("/") and not read.startswith("//"))


def faults_of(html: str) -> list[str]:
    """What stands in this HTML and may not stand in a guide; empty for a good page."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return judge.faults + [f"{tag} is never closed" for tag in judge.open]


def text_of(html: str) -> str:
    """The words that a reader sees."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return "".join(judge.words)


def shared() -> list[str]:
    """The strings in the folder that KETCARE_TEST_DATA names; none where it is not set."""
    folder = os.environ.get("KETCARE_TEST_DATA")
    if not folder:
        return []
    with (Path(folder) / "hostile.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["p"] for line in lines]
