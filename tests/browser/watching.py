"""A browser that is shown hostile documents and writes down whatever in them is more than words.

Nothing of it runs in a document's own world, where hostile code could see or change it: scripts, dialogs, requests and
the tree of nodes are what Chromium itself reports. So a script counts as soon as the engine takes it up, whatever it
would have done.
"""

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import BrowserContext, Dialog, Page, Route
from playwright.sync_api import Error as BrowserError

Node = dict[str, Any]  # as Chromium's protocol tells a node: localName, nodeValue, attributes, children, …

SITE: Final = "https://ketcare.test"  # nothing answers to this name
SHOWN: Final = f"{SITE}/shown/"
PATIENCE: Final = 60_000  # milliseconds; a document that takes longer hangs
ELEMENT, TEXT, DOCTYPE = 1, 3, 10

# Each handler that stands in an attribute is called, and everything is focused and clicked, once. Where a link or a
# form leads over the network its address tells; going there would only take the document away.
TOUCH: Final = """(async () => {
    const NETWORK = ["http:", "https:", "mailto:", "tel:", "sms:"];
    const stay = (event) => {
        const link = event.composedPath().find((at) => at.localName === "a" || at.localName === "area");
        if (link && NETWORK.includes(link.protocol)) event.preventDefault();
    };
    const remain = (event) => {
        const form = event.composedPath()[0];
        const goal = event.submitter?.getAttribute("formaction") ?? Element.prototype.getAttribute.call(form, "action");
        if (NETWORK.includes(new URL(goal ?? "", location.origin).protocol)) event.preventDefault();
    };
    const touch = (view) => {
        view.addEventListener("click", stay, true);
        view.addEventListener("submit", remain, true);
        for (const element of [...Document.prototype.getElementsByTagName.call(view.document, "*")]) {
            for (const name of Element.prototype.getAttributeNames.call(element)) {
                if (name.startsWith("on")) element.dispatchEvent(new Event(name.slice(2), {bubbles: true}));
            }
            element.focus?.();
            element.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, composed: true}));
        }
    };
    for (let at = -1; at < window.length; at += 1) {
        try {
            touch(at < 0 ? window : window[at]);
        } catch {
            // It went elsewhere or has odd names in it. Both are seen in what Chromium reports.
        }
    }
    await new Promise((done) => setTimeout(done, 40));
})()"""


@dataclass
class Seen:
    """What became of one document.

    ran: addresses that the scripts came from. shown: dialogs and windows. asked: what was asked for, or gone to.
    tree: its nodes; None where it went elsewhere or came to no end.
    """

    ran: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tree: Node | None = None

    @property
    def executed(self) -> bool:
        return bool(self.ran or self.shown)


def document(body: str) -> str:
    """A page that holds nothing else."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>{body}</body></html>'
    )


def below(node: Node) -> Iterator[Node]:
    """Each node below this one, in the order of reading, those of templates, shadow trees and frames among them."""
    for child in _children(node):
        yield child
        yield from below(child)


def _children(node: Node) -> list[Node]:
    hidden = [node[name] for name in ("templateContent", "contentDocument") if name in node]
    return [*node.get("children", []), *node.get("shadowRoots", []), *hidden]


def attributes(node: Node) -> dict[str, str]:
    flat = node.get("attributes", [])
    return dict(zip(flat[::2], flat[1::2], strict=True))


def elements(node: Node, name: str) -> list[Node]:
    """The elements of that name below a node."""
    return [one for one in below(node) if one["nodeType"] == ELEMENT and one["localName"] == name]


def words(node: Node) -> str:
    """All text below a node."""
    return "".join(one["nodeValue"] for one in below(node) if one["nodeType"] == TEXT)


def written(node: Node) -> str:
    """What the browser built below a node, as HTML that leaves no room for a second reading."""
    return "".join(map(_written, _children(node)))


def _written(node: Node) -> str:
    if node["nodeType"] == TEXT:
        return html.escape(node["nodeValue"])
    if node["nodeType"] != ELEMENT:
        return f"<!--{node['nodeName']}-->"
    name = f"svg:{node['localName']}" if node.get("isSVG") else node["localName"]
    held = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes(node).items())
    return f"<{name}{held}>" + ("" if name in {"br", "hr", "img"} else f"{written(node)}</{name}>")


class Stage:
    """A page of its own in a context; `show` can be asked again and again. Close the context, and it is gone."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self._session = context.new_cdp_session(self.page)
        self._seen: list[Seen] = []
        self._places: dict[str, Seen] = {}  # by Chromium's id of a frame
        self._noted: list[tuple[str, str, str]] = []  # id of the frame, list of Seen, what goes into it
        self._answer: dict[str, Any] = {}
        self._listen()
        self.page.route("**/*", self._serve)
        self.page.on("dialog", Dialog.dismiss)
        self.page.on("popup", Page.close)

    def show(self, documents: list[str], headers: dict[str, str] | None = None) -> list[Seen]:
        """What becomes of each document: one has the page to itself, several stand in frames beside each other.

        headers: what the page is sent with; a content security policy among them holds in the frames as well.
        """
        frames = "".join(f'<iframe srcdoc="{html.escape(one)}"></iframe>' for one in documents)
        body = documents[0] if len(documents) == 1 else document(frames)
        self._answer = {"body": body, "headers": {"Content-Type": "text/html; charset=utf-8", **(headers or {})}}
        self._seen, self._noted = [Seen() for _ in documents], []
        try:
            self.page.goto(SHOWN, timeout=PATIENCE)
            self._evaluate(TOUCH)
        except BrowserError as problem:
            for one in self._seen:
                one.asked.append(f"no end: {problem.message.splitlines()[0]}")
        else:
            self._look()
        return self._seen

    def _listen(self) -> None:
        listening: dict[str, Callable[[Any], None]] = {
            "Debugger.scriptParsed": self._note_script,
            "Network.requestWillBeSent": self._note_request,
            "Page.frameRequestedNavigation": self._note_navigation,
            "Page.javascriptDialogOpening": lambda told: self._note(told.get("frameId"), "shown", told["type"]),
            "Page.windowOpen": lambda told: self._note(None, "shown", f"window {told['url']}"),
        }
        for event, deed in listening.items():
            self._session.on(event, deed)
        for domain in ("Page", "Network", "Debugger"):
            self._session.send(f"{domain}.enable")
        self._session.send("Debugger.setSkipAllPauses", {"skip": True})
        self._session.send("DOM.enable", {"includeWhitespace": "all"})

    def _note(self, frame: str | None, kind: str, what: str) -> None:
        self._noted.append((frame or "", kind, what))

    def _note_script(self, told: dict[str, Any]) -> None:
        world = told.get("executionContextAuxData", {})
        # Other worlds than the default one are Playwright's and ours; and Chromium's own page for errors has scripts.
        if world.get("isDefault") and not told["url"].startswith(("chrome-error:", "data:image/")):
            self._note(world.get("frameId"), "ran", told["url"] or "an address or a text")

    def _note_request(self, told: dict[str, Any]) -> None:
        url = told["request"]["url"]
        if url not in {SHOWN, f"{SITE}/favicon.ico"}:
            self._note(told.get("frameId"), "asked", url)

    def _note_navigation(self, told: dict[str, Any]) -> None:
        if told["url"] != SHOWN and (told["reason"], told["url"]) != ("initialFrameNavigation", "about:srcdoc"):
            self._note(told["frameId"], "asked", f"{told['reason']} {told['url']}")

    def _serve(self, route: Route) -> None:
        if route.request.url == SHOWN:
            route.fulfill(**self._answer)
        elif route.request.is_navigation_request():
            route.fulfill(status=204)  # the document stays
        else:
            route.abort()

    def schemes(self, addresses: list[str]) -> list[str]:
        """Which scheme each address has where a document of ours names it, as the browser reads it ("https:")."""
        read: list[str] = self._evaluate(
            f"{json.dumps(addresses)}.map((one) => URL.parse(one, {json.dumps(SHOWN)})?.protocol ?? 'none')"
        )
        return read

    def _evaluate(self, expression: str) -> Any:
        """In a world of ours, which sees the document and none of its scripts."""
        frame = self._session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self._session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
        asked = {"expression": expression, "contextId": world, "awaitPromise": True, "returnByValue": True}
        return self._session.send("Runtime.evaluate", asked)["result"].get("value")

    def _look(self) -> None:
        root = self._session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        if len(self._seen) == 1:
            self._seen[0].tree = root
            self._places = {}
        else:
            frames = elements(root, "body")[0]["children"]
            for frame, one in zip(frames, self._seen, strict=True):
                one.tree = frame.get("contentDocument")
                self._places |= {node["frameId"]: one for node in [frame, *below(frame)] if "frameId" in node}
        for frame_id, kind, what in self._noted:
            # A window says not who opened it, and a frame may be gone: somebody of this page it was.
            getattr(self._places.get(frame_id, self._seen[0]), kind).append(what)
