"""Forms of the pages, as a browser reads them."""

import re

from django.test import Client

ONCE = re.compile(r'name="once" value="([0-9a-f-]+)"')


def form_key(client: Client, address: str) -> str:
    """The key of the form that a page shows."""
    found = ONCE.search(client.get(address).content.decode())
    assert found, address
    return found.group(1)
