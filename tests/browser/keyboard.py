"""A page by keyboard alone: Tab from one thing to the next, and what holds for each stop on the way."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# More than any page has: a way that never comes round ends here.
MOST_STOPS = 150

# What has focus: where it stands on the page, and whether one sees that it has it. Of a chip, the label is what shows.
STOP = """() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    window.stops ??= [];
    if (!window.stops.includes(at)) window.stops.push(at);
    const shown = getComputedStyle(at).opacity === '0' ? at.nextElementSibling : at;
    const style = getComputedStyle(shown), box = shown.getClientRects()[0];
    return {
        number: window.stops.indexOf(at),
        html: at.outerHTML.slice(0, 120),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left,
    };
}"""
# What a pointer can use and no key has met. Of radio buttons one takes the focus for all.
MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(one => one.checkVisibility() && one.type !== 'hidden' && !one.disabled && !window.stops.includes(one))
    .filter(one => one.type !== 'radio' || !window.stops.some(stop => stop.name === one.name))
    .map(one => one.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Stop:
    number: int
    html: str
    ring: bool
    inside: bool
    top: float
    bottom: float
    left: float

    def check(self) -> None:
        assert self.ring, f"one does not see that it has the focus: {self.html}"
        assert self.inside, f"it has the focus and is out of sight: {self.html}"

    def is_before(self, other: "Stop") -> bool:
        """Whether one reads it first: it stands higher, or to the left on the same line."""
        middle, its_middle = (self.top + self.bottom) / 2, (other.top + other.bottom) / 2
        on_one_line = abs(middle - its_middle) < min(self.bottom - self.top, other.bottom - other.top) / 2
        return self.left <= other.left if on_one_line else middle < its_middle


def _stop(page: Page) -> Stop | None:
    found: dict[str, Any] | None = page.evaluate(STOP)
    return Stop(**found) if found else None


def _next(page: Page, key: str) -> Stop | None:
    """The next stop, seen and in its place; None where the way leads out of the page, to come round again."""
    before = _stop(page)
    page.keyboard.press(key)
    now = _stop(page)
    if now is None:
        return None
    now.check()
    # At the start, what has the focus may be a message, which is no stop.
    if before is not None and before.ring and before != now:
        first, second = (now, before) if key == "Shift+Tab" else (before, now)
        assert first.is_before(second), f"not in the order of reading: {first.html} and then {second.html}"
    return now


def named(page: Page) -> str:
    """The name that a screen reader says of what has the focus."""
    focused = page.locator(":focus")
    if focused.evaluate("one => one.matches('summary')"):
        return focused.inner_text()
    found = re.match(r"- '?\w+ \"((?:[^\"\\]|\\.)*)\"", focused.aria_snapshot())
    return found[1] if found else ""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Presses Tab until what has that name has the focus; fails where the way comes round without it."""
    page.wait_for_load_state()
    met: list[str] = []
    for _press in range(MOST_STOPS):
        if _next(page, key) is None:
            assert "(round)" not in met, f"nothing on {page.url} is named {name}: {met}"
            met.append("(round)")
            continue
        met.append(named(page))
        if met[-1] == name:
            return
    raise AssertionError(f"the way does not come round: {met}")


def go_round(page: Page) -> None:
    """Once around the page: all that can be used is met, and nothing holds one, so the first stop comes again."""
    page.wait_for_load_state()
    first, rounds = None, 0
    for _press in range(MOST_STOPS):
        stop = _next(page, "Tab")
        rounds += stop is None
        first = first or stop
        if first and rounds and stop == first:
            break
        assert rounds < 3, "one cannot get back into the page"
    else:
        raise AssertionError(f"the way does not come round on {page.url}")
    missed = page.evaluate(MISSED)
    assert not missed, f"not met by keyboard on {page.url}: {missed}"
