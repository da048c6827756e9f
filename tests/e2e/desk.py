"""Where a screen is brought about: a signed-in page, a stranger's, sessions that stand ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.e2e.hands import link, send, walk
from tests.e2e.house import House

FORGET_TABS: Final = """() => [localStorage, sessionStorage].forEach((shelf) =>
  Object.keys(shelf).filter((key) => key.endsWith('tabs')).forEach((key) =>
    shelf.removeItem(key)))"""


@dataclass
class Desk:
    """A signed-in page of one language, another without sign-in, and the service behind them."""

    house: House
    language: str
    page: Page
    stranger: Page
    expiring: str
    """A customer's link that lasted a second when the desk was set."""
    sessions: dict[str, str] = field(default_factory=dict)

    def go(self, path: str) -> Page:
        self.page.evaluate(FORGET_TABS)
        self.page.goto(f"{self.house.url}{path}")
        return self.page

    def session(self, journey: str, answers: dict[str, Any], *, then: str = "") -> str:
        """Return a session of Ana's that stands where those answers lead."""
        key = f"{journey} {answers} {then}"
        if key not in self.sessions:
            # Whatever was sent, paid or booked before belongs to another contact.
            self.house.renew()
            begun = self.house.begin(journey, language=self.language)
            view = walk(self.house, begun, answers)
            if then:
                send(self.house, view, {"type": then})
            self.sessions[key] = begun
        return self.sessions[key]

    def open(self, journey: str, answers: dict[str, Any], *, then: str = "") -> Page:
        self.go(f"/s/{self.session(journey, answers, then=then)}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page

    def care(self, journey: str, **more: Any) -> Page:
        made = link(self.house, journey, language=self.language, **more)
        self.stranger.goto("about:blank")
        self.stranger.goto(f"{self.house.url}{made['url']}")
        return self.stranger
