"""What one does in the pages again and again, and how a page is watched while one does it."""

from __future__ import annotations

import time
from typing import Any, Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, expect

from tests.e2e.house import House

ANSWERED: Final = "Failed to load resource: the server responded with a status of "
"""How Chromium notes an answer of 400 or more: the page told it in its own words."""
PATIENCE_S: Final = 60
CRIES: Final = """
addEventListener('securitypolicyviolation', (event) => {
  console.error(`violation ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def sign_in(page: Page, house: House, name: str = "Ana Martin", *, at: str = "/") -> None:
    """Sign in as one of the made-up people, at the page asked for."""
    page.goto(f"{house.url}{at}")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("banner")).to_be_visible()


def link(house: House, journey: str = "", *, language: str = "en", **more: Any) -> dict[str, Any]:
    """Make a customer's link, as a server with a key does."""
    body = {"language": language, **more} | ({"journey": journey} if journey else {})
    made: dict[str, Any] = house.ask("POST", "/v1/links", body, actor="bot:links")
    return made


class Watch:
    """What pages of a context say aloud: errors, refusals of the policy, dialogs, what ran."""

    def __init__(self, context: BrowserContext) -> None:
        self.heard: list[str] = []
        self.dialogs: list[str] = []
        self._context = context
        context.add_init_script(CRIES)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.heard.append(str(error.error)))
        context.on("dialog", self._refuse)

    def pwned(self) -> list[str]:
        """Return the frames where something that should only be shown has run."""
        return [
            frame.url
            for page in self._context.pages
            for frame in page.frames
            if frame.evaluate("() => window.pwned !== undefined")
        ]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERED):
            self.heard.append(message.text)

    def _refuse(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        try:
            dialog.dismiss()
        except Error:
            self.dialogs.append("and it would not close")


def walk(
    house: House, session: str, answers: dict[str, Any], *, actor: str = "advisor:ana"
) -> dict[str, Any]:
    """Go on with a session for as long as there are answers; return the view one is left with."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        view: dict[str, Any] = house.ask("GET", f"/v1/sessions/{session}", actor=actor)
        asked = [field["name"] for field in view["fields"] if field["required"]]
        if view["status"] != "active" or not set(asked) <= set(answers):
            if view["status"] == "pending" and view["pending"]["operation"] not in answers:
                continue
            return view
        command = (
            {"type": "answer", "values": {name: answers[name] for name in asked}}
            if asked
            else {"type": "acknowledge"}
        )
        send(house, view, command, actor=actor)
    raise AssertionError("it goes on for ever")


def send(
    house: House, view: dict[str, Any], command: dict[str, Any], *, actor: str = "advisor:ana"
) -> None:
    """Bring a command to a session as it stands in a view."""
    house.ask(
        "POST",
        f"/v1/sessions/{view['session']}/commands",
        command,
        actor=actor,
        match=f'"{view["version"]}"',
    )
