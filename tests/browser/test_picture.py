"""The picture of the README. KETCARE_PICTURES=docs script/test tests/browser/test_picture.py makes it anew."""

import base64
import os
from pathlib import Path

import pytest

from tests.browser.conftest import Pages
from tests.browser.sites import GUIDES, import_shipped_guides

SHEET = """<body style="margin:0;display:flex;gap:32px;align-items:flex-start;padding:32px;background:#dfe5e2">
<img src="data:image/png;base64,{phone}" style="width:330px;border-radius:20px">
<img src="data:image/png;base64,{laptop}" style="width:1016px;border-radius:12px"></body>"""


@pytest.mark.django_db(transaction=True)
def test_the_picture_of_a_guide_on_a_phone_and_on_a_laptop(live_server, page_at: Pages, tmp_path: Path):
    import_shipped_guides()
    shots = {}
    for name, width, height in (("phone", 375, 812), ("laptop", 1280, 900)):
        page = page_at(width, height)
        page.goto(live_server.url + GUIDES[0])
        shots[name] = base64.b64encode(page.screenshot()).decode()
    sheet = page_at(1442, 780)
    sheet.set_content(SHEET.format(**shots))
    picture = Path(os.environ.get("KETCARE_PICTURES", tmp_path)) / "guide.png"
    sheet.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
