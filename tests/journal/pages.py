"""What a person does on the pages of the journal, as requests of a browser without JavaScript."""

import re
from html import unescape
from typing import Any

from django.test import Client

from tests.reading import read


def token_in(response: Any) -> str:
    """The token of the form on that page."""
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()
    return unescape(found[1])


def open_form(client: Client, path: str) -> str:
    """Opens the form there; its token."""
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return token_in(response)


def write(client: Client, path: str, **fields: str) -> Any:
    """Opens the form there, fills it in and sends it."""
    return client.post(path, {"token": open_form(client, path), **fields})


def boxes(response: Any) -> dict[str, str]:
    """What stands in each box of the page, by its name: as a browser would send it."""
    found = {}
    for name, text in re.findall(
        r'<textarea[^>]*?name="([^"]*)"[^>]*>\n?(.*?)</textarea>', response.content.decode(), re.DOTALL
    ):
        found[unescape(name)] = unescape(text)
    return found


def text_of(response: Any) -> str:
    """The words in the main part of the page, with single spaces."""
    return read(response.content).one("main").text
