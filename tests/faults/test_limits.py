"""Limits that hold for the whole site, however many workers it has."""

import re
from urllib.parse import urlencode

from tests.faults.serving import Site
from tests.reading import check_page


def test_workers_count_tries_together_v6_3_1(site: Site):
    """Thirty posts a minute from one address: each worker by itself would let more than these pass."""
    assert len(site.workers()) > 1
    page = site.ask("/accounts/login/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found
    headers = {
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": found[1], "login": "", "password": ""}).encode()
    answers = [site.ask("/accounts/login/", "POST", headers=headers, body=body) for _ in range(33)]
    assert answers[0].status == 200
    assert [answer.status for answer in answers[30:]] == [429] * 3
    check_page(answers[-1].body)
