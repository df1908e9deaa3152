"""The site behind its own gunicorn, over real sockets: what browsers, proxies and strangers get."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings

from tests.addresses import shipped
from tests.faults.serving import Answer, Away, Site
from tests.reading import check_headers, check_page, read

MEGABYTE = 1_000_000


def check_error(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    check_headers(answer.headers)
    check_page(answer.body)
    assert "Traceback" not in answer.text


# What is there -----------------------------------------------------------------------------------------------------


def logged(site: Site, told: int) -> list[str]:
    """The lines since then, but for what a tick says that came meanwhile."""
    return [line for line in site.log[told:].splitlines() if not line.startswith("tick: ")]


@pytest.mark.parametrize("name", shipped())
def test_every_address_answers(site: Site, name: str):
    path = shipped()[name]
    told = len(site.log)
    answer = site.ask(path)
    assert answer.status == 200
    check_headers(answer.headers, referrer="no-referrer" if name in {"crisis", "search"} else "same-origin")
    if answer.headers["Content-Type"].startswith("text/html"):
        check_page(answer.body)
    assert logged(site, told) == []


@pytest.mark.parametrize("name", shipped())
def test_every_head_is_that_of_its_page(site: Site, name: str):
    path = shipped()[name]
    page, head = site.ask(path), site.ask(path, "HEAD")
    assert head.status == 200
    assert head.body == b""
    assert head.headers.get("Content-Length") in {None, str(len(page.body))}
    for header in ("Content-Type", "Cache-Control", "ETag", "Content-Security-Policy"):
        assert head.headers.get(header) == page.headers.get(header)


def test_what_somebody_searches_for_is_written_down_nowhere(site: Site):
    told = len(site.log)
    for query in ("canary-in-a-search", "canary-in-a-search&page=%00", "canary-in-a-search%ff"):
        assert site.ask(f"/search/?q={query}").status == 200
    assert site.ask("/search/?q=canary-in-a-search", "POST").status == 403
    assert site.ask("/search/no-such-page?q=canary-in-a-search").status == 404
    assert "canary" not in site.log[told:]


def test_no_answer_names_a_version_of_what_runs_behind(site: Site):
    for path in ("/", "/no-such-page/", "/static/no-such-file.css"):
        assert site.ask(path).headers["Server"] == "gunicorn"


def test_a_page_comes_in_the_form_that_the_reader_takes(site: Site):
    path = shipped()["guide"]
    plain = site.ask(path)
    for encoding in ("br", "gzip"):
        packed = site.ask(path, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert len(packed.body) < len(plain.body) / 2
        assert packed.headers["ETag"] != plain.headers["ETag"]


# Errors ------------------------------------------------------------------------------------------------------------


def test_errors_are_pages(site: Site):
    check_error(site.ask("/no-such-page/"), 404)
    check_error(site.ask("/crisis/", "TRACE"), 405)
    check_error(site.ask("/crisis/", headers={"Host": "evil.example"}), 400)
    check_error(site.ask("/crisis/", "POST", body=b"words=some"), 403)


def test_a_body_of_50_mb_is_refused_with_a_page_and_not_kept_in_memory(site: Site):
    workers, before = site.workers(), memory_at_rest(site)
    answer = site.ask("/crisis/", "POST", body=bytes(50 * MEGABYTE))
    check_error(answer, 413)
    assert memory(site) < before + 25 * MEGABYTE
    assert site.workers() == workers


def memory_at_rest(site: Site) -> int:
    """Once all workers have loaded what they need."""
    before, now = 0, memory(site)
    while now > before + MEGABYTE:
        time.sleep(0.5)
        before, now = now, memory(site)
    return now


def memory(site: Site) -> int:
    """What the workers hold in memory, in bytes."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in site.workers()]
    return sum(1000 * int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) for status in statuses)


# The one exception: what gunicorn itself cannot read never reaches the site, and gets gunicorn's bare answer.
NOT_HTTP = {
    "no version": (400, b"GET /\r\n\r\n"),
    "no request": (400, b"NONSENSE\r\n\r\n"),
    "a method of strange letters": (400, b"G\x00T / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "a version that is none": (400, b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n"),
    "a TLS hello": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    "a header without a colon": (400, b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n"),
    "an address of 20 KB": (414, b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "a header of 20 KB": (431, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n"),
    "200 headers": (431, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"),
    "a header without an end": (431, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * MEGABYTE),
}


@pytest.mark.parametrize(("status", "sent"), NOT_HTTP.values(), ids=NOT_HTTP)
def test_what_is_not_http_gets_the_bare_answer_of_gunicorn(site: Site, status: int, sent: bytes):
    received, closed = site.send(sent)
    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    assert closed
    assert b"Traceback" not in received
    assert b".py" not in received
    assert len(received) < 1000


def posting(*headers: bytes, body: bytes) -> bytes:
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: localhost", *headers, b"", body])


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SMUGGLED = {
    "length and chunks": posting(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    "chunks and length": posting(b"Transfer-Encoding: chunked", b"Content-Length: 5", body=b"0\r\n\r\n" + HIDDEN),
    "two lengths": posting(b"Content-Length: 0", b"Content-Length: 40", body=HIDDEN),
    "a length with a sign": posting(b"Content-Length: +0", body=HIDDEN),
    "two lengths in one": posting(b"Content-Length: 0, 40", body=HIDDEN),
    "a space before the colon": posting(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + HIDDEN),
    "chunks of another kind": posting(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + HIDDEN),
    "a folded header": posting(b"X: a", b" Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN),
    "a chunk of no size": posting(b"Transfer-Encoding: chunked", body=b"zz\r\n\r\n" + HIDDEN),
}


@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED)
def test_no_second_request_hides_in_a_first_one(site: Site, sent: bytes):
    received, closed = site.send(sent)
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", received)
    assert statuses
    # A form without a token is refused before its body is looked at.
    assert set(statuses) <= {b"400", b"501", b"403"}
    assert b"ok\n" not in received
    assert closed


# Slow and forged -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", [b"", b"G", b"GET /crisis/ HTTP/1.1\r\nHost: local"], ids=["nothing", "one letter", "half a request"]
)
def test_fifty_slow_sockets_make_nobody_wait(site: Site, said: bytes):
    slow = [site.connect() for _ in range(50)]
    try:
        for wire in slow:
            wire.sendall(said)
        for _ in range(20):
            asked = time.monotonic()
            assert site.ask("/crisis/").status == 200
            assert time.monotonic() - asked < 10  # a worker that waited for one of them would wait longer
    finally:
        for wire in slow:
            wire.close()


def test_a_request_that_comes_in_pieces_is_answered(site: Site):
    with site.connect() as wire:
        for piece in (b"GET /heal", b"thz HT", b"TP/1.1\r\nHost: localhost\r\nConnection: close\r", b"\n\r", b"\n"):
            wire.sendall(piece)
            time.sleep(0.1)
        received = b""
        while more := wire.recv(65536):
            received += more
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert received.endswith(b"ok\n")


def test_several_requests_on_one_connection_are_answered_in_turn(site: Site):
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    received, closed = site.send(asked + asked, last)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert b"Sitemap:" in received.rpartition(b"HTTP/1.1 200 OK")[2]
    assert closed


FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Port": "443",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.7",
    "X-Original-URL": "/healthz",
    "X-Rewrite-URL": "/healthz",
    "X-Script-Name": "/evil",
    "X-HTTP-Method-Override": "DELETE",
    "SCRIPT_NAME": "/guides",
    "PATH_INFO": "/healthz",
    "SCRIPT-NAME": "/guides",
    "REMOTE_USER": "ed@example.org",
    "HTTP_HOST": "evil.example",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_header_of_a_proxy_changes_what_is_answered(site: Site, name: str):
    for path in (shipped()["guides"], shipped()["guide"], "/guides", "/sitemap.xml", "/crisis/"):
        plain, forged = site.ask(path), site.ask(path, headers={name: FORGED[name]})
        assert (forged.status, forged.body) == (plain.status, plain.body)
        assert without_date(forged) == without_date(plain)


def without_date(answer: Answer) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.items() if name != "Date"]


def test_a_forged_prefix_does_not_stay_in_pages_that_are_kept(site: Site):
    path = shipped()["guide"]
    for prefix in ("//evil.example", "/guides", "/evil"):
        for _ in range(8):
            site.ask(f"{prefix}{path}", headers={"SCRIPT_NAME": prefix})
    links = {link for _ in range(8) for link in read(site.ask(path).body).links()}
    assert "/crisis/" in links
    assert not [link for link in links if "evil" in link or link.startswith("/guides/guides")]


# Files ---------------------------------------------------------------------------------------------------------------

PRIVATE = [
    "/.git/HEAD",
    "/.env",
    "/manage.py",
    "/var/ketcare.sqlite3",
    "/ketcare.sqlite3",
    "/static/",
    "/static",
    "/static/staticfiles.json/",
    "/static/../.env",
    "/static/../ketcare.sqlite3",
    "/static/../clinic.json",
    "/static/%2e%2e/.env",
    "/static/%2e%2e%2f.env",
    "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/static/..%5c..%5c.env",
    "/static/....//....//etc/passwd",
    "/static/%252e%252e%252f.env",
    "/static//etc/passwd",
    "/static/css/../../ketcare.sqlite3",
    "/static/css/%00.css",
    "/static/css/site.css%00",
    "/..%2f.env",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/content/reviewers.toml",
    "/static/content/crisis-lines.toml",
]


@pytest.mark.parametrize("path", PRIVATE)
def test_files_that_are_not_for_readers_are_not_found(site: Site, path: str):
    check_error(site.ask(path), 404)


def stylesheet(site: Site) -> str:
    links = read(site.ask("/").body).all("link")
    return next(link.attributes["href"] for link in links if link.attributes.get("rel") == "stylesheet")


def static_files(site: Site) -> list[str]:
    page = read(site.ask("/").body)
    found = [element.attributes.get("href") or element.attributes.get("src") for element in page.all("link", "img")]
    return sorted({path for path in found if path and path.startswith("/static/")})


def test_a_static_file_is_named_after_what_is_in_it_and_kept_for_ever(site: Site):
    paths = static_files(site)
    assert len(paths) >= 2
    for path in paths:
        assert re.search(r"\.[0-9a-f]{12}\.(css|svg)$", path)
        answer = site.ask(path)
        assert answer.status == 200
        kept = {part.strip() for part in answer.headers["Cache-Control"].split(",")}
        assert kept == {"public", "max-age=315360000", "immutable"}


def test_a_static_file_has_every_header(site: Site):
    for path in static_files(site):
        check_headers(site.ask(path, headers={"Origin": "https://evil.example"}).headers)


def test_a_stylesheet_comes_compressed(site: Site):
    path = stylesheet(site)
    plain = site.ask(path)
    assert plain.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert plain.body == (settings.BASE_DIR / "static" / "css" / "site.css").read_bytes()
    for encoding in ("br", "gzip"):
        packed = site.ask(path, headers={"Accept-Encoding": encoding})
        assert packed.headers["Content-Encoding"] == encoding
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert len(packed.body) < len(plain.body) / 2


def test_a_static_file_of_before_is_not_found(site: Site):
    old = re.sub(r"\.[0-9a-f]{12}\.", ".0123456789ab.", stylesheet(site))
    check_error(site.ask(old), 404)
    check_error(site.ask("/static/css/site.css"), 404)


def test_asking_nothing_at_all_is_no_error(site: Site):
    """A load balancer opens a connection and closes it: nothing is logged, nothing breaks."""
    told = len(site.log)
    for _ in range(10):
        site.connect().close()
    assert site.ask("/healthz").body == b"ok\n"
    assert logged(site, told) == []


def test_a_reader_who_leaves_half_way_breaks_nothing(site: Site):
    told = len(site.log)
    for _ in range(10):
        with site.connect() as wire:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try:
        assert site.ask("/healthz").body == b"ok\n"
    except Away as problem:
        pytest.fail(str(problem))
    assert "Traceback" not in site.log[told:]
