"""How many hostile strings become more than text: each in a Chromium profile of its own, the security policy off.

    KETCARE_TEST_DATA=… .venv/bin/python -m bench.hostile_text [--processes 2]

The strings are the tests' own and those of the folder that KETCARE_TEST_DATA names. Each is shown as a guide and on the
search page, and then twice unprotected, which tells what the same judges see where nobody cleans or escapes. The
unprotected guides come once more, in frames of one page, with the site's policy on. Exit code 1 where a page of the
site is at fault.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import batched, repeat
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from bench.machine import machine
from bench.server import free_port, serving, site
from tests.browser import hostile_pages as pages
from tests.browser.conftest import ARGUMENTS, find_program
from tests.browser.watching import Seen, Stage, elements

TOGETHER = 40  # strings that a process takes at a time
FAULTS = "node, attribute or address outside the list, or words lost"
PROTECTED = ("guides:", "searches:", "guides unprotected but for the policy:")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program(), args=ARGUMENTS)
        yield browser
        browser.close()


def all_arms(texts: tuple[str, ...], port: int, known: set[tuple[str, str]], policy: str) -> Counter[str]:
    """What became of these strings; `known`: what search pages hold."""
    found = alone(texts, port, known)
    found.update(policy_alone(texts, policy))  # a sum would drop what is 0
    return found


def alone(texts: tuple[str, ...], port: int, known: set[tuple[str, str]]) -> Counter[str]:
    """Each string in a profile of its own."""
    found = Counter(strings=len(texts))
    with chromium() as browser:
        for text in texts:
            with browser.new_context(bypass_csp=True) as context:
                stage = Stage(context)
                found.update(guide(stage, text))
                found.update(search(stage, text, port, known))
                (seen,) = stage.show([pages.unprotected_guide(text)])
                articles = elements(seen.tree, "article") if seen.tree else []
                found.update(bare("guides unprotected", seen, any(map(pages.node_faults, articles))))
                (seen,) = stage.show([pages.unprotected_search(text)])
                found.update(bare("searches unprotected", seen, bool(seen.tree and pages.shape(seen.tree) - known)))
    return found


def guide(stage: Stage, text: str) -> Counter[str]:
    made = pages.as_guide(text)
    if not made:
        return Counter(["guides refused in words"])
    (seen,) = stage.show([pages.articles(made)])
    built = elements(seen.tree, "article") if seen.tree else []
    faults = pages.guide_faults(text, made, built) if len(built) == len(made) else ["left its article"]
    if seen.tree:
        faults += pages.strange_schemes(stage.schemes(pages.addresses(seen.tree)))
    return judged("guides", text, faults, seen)


def search(stage: Stage, query: str, port: int, known: set[tuple[str, str]]) -> Counter[str]:
    page = searched(port, query)
    if page is None:
        return Counter(["searches refused"])
    (seen,) = stage.show([page])
    faults = pages.search_faults(query, seen.tree, known) if seen.tree else ["went elsewhere"]
    if seen.tree:
        faults += pages.strange_schemes(stage.schemes(pages.addresses(seen.tree)))
    return judged("searches", query, faults, seen)


def searched(port: int, query: str) -> str | None:
    """The search page for a query; None where the server refuses it (an address of more than 4,094 bytes)."""
    try:
        with urlopen(f"http://localhost:{port}/search/?{urlencode({'q': query})}", timeout=20) as answer:
            return str(answer.read().decode())
    except HTTPError as problem:
        if problem.code >= 500:
            raise
        return None


def known_on_search_pages(port: int) -> set[tuple[str, str]]:
    with chromium() as browser, browser.new_context(bypass_csp=True) as context:
        seen = Stage(context).show([searched(port, query) or "" for query in pages.HARMLESS])
    return set[tuple[str, str]]().union(*(pages.shape(one.tree) for one in seen if one.tree))


def judged(place: str, text: str, faults: list[str], seen: Seen) -> Counter[str]:
    """A page that the site vouches for; every fault of it in words."""
    deeds = pages.deeds(seen)
    for fault in [*faults, *deeds]:
        print(f"{place}: {fault} from {text!r}", flush=True)
    return Counter({place: 1, f"{place}: executed or asked for": bool(deeds), f"{place}: {FAULTS}": bool(faults)})


def bare(place: str, seen: Seen, strange: bool) -> Counter[str]:
    """A page that nobody protects."""
    return Counter(
        {
            place: 1,
            f"{place}: executed": seen.executed,
            f"{place}: opened a dialog or a window": bool(seen.shown),
            f"{place}: executed or asked for": bool(pages.deeds(seen)),
            f"{place}: node or attribute outside the list": strange,
        }
    )


def policy_alone(texts: tuple[str, ...], policy: str) -> Counter[str]:
    """Unprotected guides under the site's policy, in frames of one page."""
    with chromium() as browser, browser.new_context() as context:
        documents = [pages.unprotected_guide(text) for text in texts]
        seen = Stage(context).show(documents, {"Content-Security-Policy": policy})
    place = "guides unprotected but for the policy"
    return Counter({place: len(seen), f"{place}: executed": sum(one.executed for one in seen)})


def site_policy(port: int) -> str:
    with urlopen(f"http://localhost:{port}/", timeout=20) as answer:
        return str(answer.headers["Content-Security-Policy"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--processes", type=int, default=1)
    options.add_argument("--first", type=int, help="only so many strings")
    asked = options.parse_args()
    found: Counter[str] = Counter()
    batches = list(batched(pages.strings()[: asked.first], TOGETHER))
    port = free_port()
    with (
        site() as (_folder, environment),
        serving("ketcare.wsgi:application", port, environment),
        ProcessPoolExecutor(asked.processes) as pool,
    ):
        policy, known = site_policy(port), pool.submit(known_on_search_pages, port).result()
        for some in pool.map(all_arms, batches, repeat(port), repeat(known), repeat(policy)):
            found.update(some)
            print(f"{found['strings']} strings", file=sys.stderr)
    for what, number in found.items():
        print(f"{number:6} {what}")
    print(machine())
    sys.exit(1 if any(number for what, number in found.items() if what.startswith(PROTECTED)) else 0)


if __name__ == "__main__":
    main()
