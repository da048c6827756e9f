"""A customer in another site's page: the widget and the frame, then an advisor who goes on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from parcours.demo.check import free_port
from tests.e2e.house import House
from tests.e2e.libraries import thirty_steps

PATIENCE_MS = 20_000
WIDGET = """<!doctype html><html lang="en"><title>A CRM</title><h1>Case 42</h1>
<script type="module" src="{base}/embed/journey-runner.js"></script>
<journey-runner token="{token}" base="{base}" language="en"></journey-runner>
<ol id="heard"></ol>
<script>
for (const type of ['step', 'outcome', 'error']) {{
  document.querySelector('journey-runner').addEventListener(type, (event) => {{
    const line = document.createElement('li');
    const {{node, outcome, code}} = event.detail;
    line.textContent = `${{type}} ${{node ?? outcome ?? code}}`;
    document.querySelector('#heard').append(line);
  }});
}}
</script></html>"""
FRAME = """<!doctype html><html lang="en"><title>A CRM</title><h1>Case 42</h1>
<iframe title="Parcours" width="600" height="600"></iframe><ol id="heard"></ol>
<script>
const frame = document.querySelector('iframe');
frame.src = '{base}/embed#' + new URLSearchParams({{t: '{token}', origin: location.origin}});
addEventListener('message', ({{source, origin, data}}) => {{
  if (source !== frame.contentWindow || origin !== '{base}' || data?.v !== 1) return;
  const line = document.createElement('li');
  line.textContent = `${{data.type}} ${{data.node ?? data.outcome ?? data.code ?? ''}}`;
  document.querySelector('#heard').append(line);
  if (data.type === 'ready') frame.contentWindow.postMessage(
    {{v: 1, type: 'context', id: '1', language: 'en'}}, '{base}');
}});
</script></html>"""


class Site:
    """Another site on this machine, that shows one page at whatever address."""

    def __init__(self) -> None:
        site = self
        self.page = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing: what it serves is in the test."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the port go."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def crm() -> Iterator[Site]:
    """Give a site whose pages may hold ours."""
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def house(crm: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a demonstration that lets that site in, and no other."""
    house = House(tmp_path_factory.mktemp("demo"), free_port(), origins=crm.origin)
    house.publish(thirty_steps())
    yield house
    house.kill()


def token(house: House, **more: Any) -> str:
    """Return a link's token, asked for by the other site's server."""
    body = {"journey": "thirty.steps", "language": "en", **more}
    return str(house.ask("POST", "/v1/links", body, actor="bot:crm")["token"])


def heard(page: Page, line: str) -> None:
    """Expect the page to have been told something."""
    expect(page.locator("#heard li", has_text=line).first).to_be_visible(timeout=PATIENCE_MS)


def test_a_customer_in_the_widget_asks_for_a_person_who_goes_on_at_that_very_step(
    house: House, crm: Site, page: Page, browser: Browser
) -> None:
    crm.page = WIDGET.format(base=house.url, token=token(house, origin=crm.origin))
    page.goto(crm.origin)
    runner = page.locator("journey-runner")
    heard(page, "step s1")
    for number in (1, 2):
        runner.get_by_text("Yes", exact=True).first.click()
        submit = runner.get_by_role("button", name="Continue")
        if submit.count():
            submit.first.click()
        heard(page, f"step s{number + 1}")
    runner.get_by_role("button", name="Talk to a person").click()
    expect(runner.get_by_text("A person takes over")).to_be_visible(timeout=PATIENCE_MS)

    console = browser.new_context(locale="en-GB")
    try:
        desk = console.new_page()
        desk.goto(house.url + "/sign-in")
        desk.get_by_role("button", name="Ana Martin").click()
        desk.get_by_role("button", name=re.compile("Thirty steps.*Hand-over", re.DOTALL)).click()
        desk.get_by_role("button", name="Take the session").click()
        expect(desk.get_by_role("heading", level=1)).to_have_text("Step 3", timeout=PATIENCE_MS)
    finally:
        console.close()


def test_the_frame_tells_its_page_where_it_is(house: House, crm: Site, page: Page) -> None:
    crm.page = FRAME.format(base=house.url, token=token(house, origin=crm.origin))
    page.goto(crm.origin)

    heard(page, "ready")
    heard(page, "step s1")
    page.frame_locator("iframe").get_by_text("Yes", exact=True).first.click()
    submit = page.frame_locator("iframe").get_by_role("button", name="Continue")
    if submit.count():
        submit.first.click()
    heard(page, "step s2")
    heard(page, "resize")


def test_a_site_nobody_allowed_gets_neither_widget_nor_frame(house: House, page: Page) -> None:
    stranger = Site()
    try:
        given = token(house)
        stranger.page = WIDGET.format(base=house.url, token=given)
        page.goto(stranger.origin)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("() => customElements.get('journey-runner') === undefined")

        stranger.page = FRAME.format(base=house.url, token=given)
        with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
            page.goto(stranger.origin)
        expect(page.locator("#heard li")).to_have_count(0)
    finally:
        stranger.close()


def test_a_token_that_is_unknown_says_so_in_the_widget(house: House, crm: Site, page: Page) -> None:
    crm.page = WIDGET.format(base=house.url, token="pe_" + "0" * 64)
    page.goto(crm.origin)

    heard(page, "error link.unknown")
