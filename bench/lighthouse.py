"""What Lighthouse says of the site: the median of several runs for each page, and the audits that a page fails.

    .venv/bin/python -m bench.lighthouse [--runs 5] [PATH …]

Lighthouse comes from npm, into var/lighthouse/, at the version named here; neither the site nor its tests need it. It
lets the system's Chromium pretend to be a slow phone on a slow connection, which is its own default.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
from typing import Any

from bench.machine import machine
from bench.server import ROOT, free_port, serving, site

VERSION = "12.8.2"  # the last that runs on Node 18 and 20; 13 asks for 22
FOLDER = ROOT / "var" / "lighthouse" / VERSION
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3  # on a busy machine a trace sometimes lacks its beginning, and Lighthouse asks to be run again
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
PATHS = [
    "/",
    "/guides/",
    "/crisis/",
    "/guides/integration/why-the-days-after-matter/",
    "/guides/what-to-expect/integration-sessions/",
    "/guides/safety/side-effects-and-warning-signs/",
]


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is missing: install Debian's package {package}, then run this again.")
    return found


def install() -> None:
    """Lighthouse, where it is not there yet."""
    if PROGRAM.exists():
        return
    npm = program("npm", "npm")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}')
    # Without scripts: none of its packages needs one, and a package's script may do anything.
    subprocess.run([npm, "install", "--silent", "--ignore-scripts", f"lighthouse@{VERSION}"], cwd=FOLDER, check=True)


def report(url: str, chromium: str) -> dict[str, Any]:
    """One run: what Lighthouse writes about the page at that address."""
    command = [
        str(PROGRAM),
        url,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
        f"--only-categories={','.join(CATEGORIES)}",
        "--chrome-flags=--no-sandbox --headless=new --disable-gpu",
        "--no-enable-error-reporting",
    ]
    why = ""
    for _ in range(TRIES):
        done = subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, check=False)
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
        why = done.stderr.decode()[-2000:]
    raise SystemExit(f"Lighthouse failed on {url}: {why}")


def scores(reports: list[dict[str, Any]]) -> list[int]:
    """The median of each category, of 100."""
    return [
        round(100 * statistics.median(one["categories"][name]["score"] or 0 for one in reports)) for name in CATEGORIES
    ]


def failing(one: dict[str, Any]) -> list[str]:
    """Each audit that counts for a score and does not have all of it, with the elements that it names."""
    lines = []
    for name in CATEGORIES:
        for counted in one["categories"][name]["auditRefs"]:
            audit = one["audits"][counted["id"]]
            if counted["weight"] and audit["score"] is not None and audit["score"] < 1:
                lines.append(f"    {name}: {audit['id']} {audit['score']:.2f} {audit.get('displayValue', '')}".rstrip())
                items = audit.get("details", {}).get("items", [])
                lines += [f"        {named(item)}" for item in items[:5]]
    return lines


def named(item: dict[str, Any]) -> str:
    for key in ("node", "source", "url", "description"):
        held = item.get(key)
        if held:
            return str(held.get("snippet", held) if isinstance(held, dict) else held)[:200]
    return str(item)[:200]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("paths", nargs="*", default=PATHS)
    asked = options.parse_args()
    program("node", "nodejs")
    chromium = program("chromium", "chromium")
    install()
    port = free_port()
    address = f"http://localhost:{port}"
    with (
        site() as (_folder, environment),
        serving("ketcare.wsgi:application", port, {**environment, "SITE_URL": address}),
    ):
        print(f"{'page':50} {' '.join(f'{name:>14}' for name in CATEGORIES)}")
        for path in asked.paths:
            reports = [report(address + path, chromium) for _ in range(asked.runs)]
            print(f"{path:50} {' '.join(f'{score:14}' for score in scores(reports))}")
            middle = sorted(reports, key=lambda one: one["categories"]["performance"]["score"] or 0)[len(reports) // 2]
            print("    " + ", ".join(f"{name} {middle['audits'][name]['displayValue']}" for name in TIMES), flush=True)
            for line in dict.fromkeys(line for one in reports for line in failing(one)):
                print(line)
    print(f"Lighthouse {VERSION}, median of {asked.runs}; {machine()}")


if __name__ == "__main__":
    main()
