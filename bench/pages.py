"""What the project page and the milestone page cost a phone, and the server: python bench/pages.py.

Brings up a whole house with the demonstration. A browser opens both pages as a first visit (nothing kept)
and again (style, fonts and scripts kept), under the profile of a phone: a processor four times slower, and
"slow 4G" as Lighthouse has it (150 ms there and back, 1.6 Mbit/s down, 0.75 up). Median of several loads:
bytes over the wire, requests, largest contentful paint, blocking time (what long tasks take beyond 50 ms).

Then the same pages in this process, through all middleware, beside floors: a page that shows nothing of a
project, and a view that does nothing. CPU of this process, without the database's own; and statements.
Exit 1 when style, scripts and fonts of a first visit weigh more than the 70 KB that they may.
"""

import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.house import House, free_port  # noqa: E402

if TYPE_CHECKING:
    from django.test import Client

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
LOADS, REQUESTS = 5, 60
BUDGET = 70 * 1024
ASSETS = {"Stylesheet", "Script", "Font"}
WATCH = """
window.seen = {paint: 0, blocked: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.paint = e.startTime })
    .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => {
    for (const e of list.getEntries()) seen.blocked += Math.max(0, e.duration - 50)
}).observe({type: 'longtask', buffered: true});
"""


@dataclass
class Load:
    """One load of a page: bytes over the wire by kind, milliseconds."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    paint: float = 0
    blocked: float = 0

    def add(self, kind: str | None, size: int) -> None:
        self.bytes[kind or ""] += size

    @property
    def total(self) -> int:
        return self.bytes.total()

    @property
    def assets(self) -> int:
        return sum(size for kind, size in self.bytes.items() if kind in ASSETS)


@contextmanager
def a_house() -> Iterator[House]:
    """A running house with the demonstration told."""
    with TemporaryDirectory(prefix="plumbline-pages-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)
        house = House(Path(folder), free_port())
        try:
            house.wait_for(lambda: house.says("Plumbline is running"))
            yield house
        finally:
            house.process.terminate()
            house.process.wait(60)
            subprocess.run(["rm", "-rf", folder], check=True)


def find_pages(browser: Browser, house: House) -> tuple[dict[str, str], dict[str, Any]]:
    """The two addresses, and a signed-in state: Noa before the milestone that waits for her."""
    context = browser.new_context(locale="he")
    page = context.new_page()
    page.goto(f"{house.address}/demo/")
    page.locator(
        "button[value='noa@example.com'], form:has(input[value='noa@example.com']) button"
    ).first.click()
    project = page.locator("a[href^='/projects/']:not([href*='new'])").first.get_attribute("href")
    page.goto(f"{house.address}{project}")
    milestone = page.locator("a[href^='/milestones/']").first.get_attribute("href")
    state = context.storage_state()
    context.close()
    return {"project": str(project), "milestone": str(milestone)}, dict(state)


def load(page: Page, address: str) -> Load:
    """Open the address as the phone does."""
    seen = Load()
    kinds: dict[str, str] = {}
    wire = page.context.new_cdp_session(page)
    wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    wire.on(
        "Network.loadingFinished", lambda e: seen.add(kinds.get(e["requestId"], ""), e["encodedDataLength"])
    )
    wire.on("Network.requestWillBeSent", lambda e: setattr(seen, "requests", seen.requests + 1))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_4G)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    found = page.evaluate("window.seen")
    wire.detach()
    seen.paint, seen.blocked = found["paint"], found["blocked"]
    return seen


def visits(browser: Browser, state: dict[str, Any], address: str) -> tuple[Load, Load]:
    """A first visit and the next one, in a browser that has kept nothing but who is signed in."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, storage_state=state, has_touch=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    found = load(page, address), load(page, address)
    context.close()
    return found


def median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda seen: seen.paint)[len(loads) // 2]


def in_the_browser(browser: Browser, house: House) -> tuple[dict[str, str], bool]:
    """Print what both pages cost the phone; whether a first visit stays within its budget."""
    pages, state = find_pages(browser, house)
    is_light = True
    print("page       visit      KB  CSS+JS+fonts requests  LCP ms  TBT ms")
    for name, address in pages.items():
        both = [visits(browser, state, f"{house.address}{address}") for _ in range(LOADS)]
        for visit, loads in zip(("first", "next"), zip(*both, strict=True), strict=True):
            seen = median(list(loads))
            is_light &= seen.assets <= BUDGET
            print(
                f"{name:<10} {visit:<6} {seen.total / 1024:>6.1f} {seen.assets / 1024:>13.1f} "
                f"{seen.requests:>8} {seen.paint:>7.0f} {seen.blocked:>7.0f}"
            )
    return pages, is_light


def client_of_noa(house: House) -> "Client":
    """A client of this process that speaks to the house's own database."""
    os.environ |= house.command_environment() | {"DJANGO_SETTINGS_MODULE": "tracker.settings"}
    import django

    django.setup()
    from django.test import Client

    from people.models import User

    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "he"})
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(User.objects.get(email="noa@example.com"), backend=backend)
    return client


def cost(client: "Client", address: str) -> tuple[float, int]:
    """CPU of one request in ms (median), and its statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    statements = len(captured)
    spent = []
    for _ in range(REQUESTS):
        began = time.process_time()
        client.get(address)
        spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000, statements


def in_this_process(house: House, pages: dict[str, str]) -> None:
    """Print the CPU of both pages beside the floors."""
    client = client_of_noa(house)
    floors = {"nothing": "/healthz", "empty page": "/profile/"}
    costs = {name: cost(client, address) for name, address in (floors | pages).items()}
    nothing = costs["nothing"][0]
    print(f"\n{'view':<12} {'CPU ms':>7} {'of nothing':>11} {'statements':>11}")
    for name, (spent, statements) in costs.items():
        print(f"{name:<12} {spent:>7.2f} {spent / nothing:>10.1f}x {statements:>11}")


def main() -> int:
    with a_house() as house:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            pages, is_light = in_the_browser(browser, house)
            browser.close()
        in_this_process(house, pages)
    return 0 if is_light else 1


if __name__ == "__main__":
    sys.exit(main())
