"""Where a screen is brought about: a signed-in page, a stranger's, sessions that stand ready."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from playwright.sync_api import Frame, Locator, Page, expect

from tests.e2e.hands import link, send, walk
from tests.e2e.house import House
from tests.e2e.site import Site

Shown = tuple[Page | Frame, Locator]
"""A page, or the frame of ours in another's, and what is there once it is whole."""

CLAIRE: Final = {"email": "claire.dubois@example.org", "postcode": "69003"}
SLOW_LINE: Final = CLAIRE | {"lights": "steady", "what": "slow", "better": False,
                             "restarted": "same", "cable": "fine"}  # fmt: skip
TESTING: Final = {"net.line_test": None}
"""What keeps a walk in front of the action that takes its time."""
CARD: Final = CLAIRE | {"complaint": "not_received", "order_id": "F-1042", "link_by": "sms"}

FORGET: Final = """() => [localStorage, sessionStorage].forEach((shelf) =>
  Object.keys(shelf).filter((key) => /tabs$|(queue|told|draft):/.test(key)).forEach((key) =>
    shelf.removeItem(key)))"""
"""The tabs, and whatever an earlier screen left unsent."""


@dataclass
class Desk:
    """A signed-in page of one language, another without sign-in, and the service behind them."""

    house: House
    language: str
    page: Page
    stranger: Page
    supervisor: Page
    site: Site
    """Another site, that may hold ours."""
    expiring: str
    """A customer's link that lasted a second when the desk was set."""
    sessions: dict[str, str] = field(default_factory=dict)
    _counted: count[int] = field(default_factory=count)
    _has_incident: bool = False

    def count(self) -> int:
        """Return a number that nobody was given yet."""
        return next(self._counted)

    def answers(self, path: str, status: int, code: str) -> None:
        """Have the service refuse what the page asks of it, until it goes elsewhere."""
        said = {"code": code, "title": code, "detail": f"{code}.", "status": status}
        self.page.route(path, lambda route: route.fulfill(status=status, body=json.dumps(said)))

    def go(self, path: str) -> Page:
        """Open an address as Ana, with the network and the service as they are."""
        # What an earlier screen left unsent would leave as soon as its page had the network back.
        self.page.goto("about:blank")
        self.page.unroute_all()
        self.page.context.set_offline(False)
        self.page.goto(f"{self.house.url}/live")
        self.page.evaluate(FORGET)
        self.page.goto(f"{self.house.url}{path}")
        return self.page

    def session(self, journey: str, answers: dict[str, Any], *, then: str = "", **more: str) -> str:
        """Return a session of Ana's that stands where those answers lead."""
        key = f"{journey} {answers} {then}"
        if key not in self.sessions:
            # Whatever was sent, paid or booked before belongs to another contact.
            self.house.renew()
            begun = self.house.begin(journey, language=self.language)
            view = walk(self.house, begun, answers)
            if then:
                send(self.house, view, {"type": then, **more})
            self.sessions[key] = begun
        return self.sessions[key]

    def open(self, journey: str, answers: dict[str, Any], *, then: str = "", **more: str) -> Page:
        """Open that session."""
        self.go(f"/s/{self.session(journey, answers, then=then, **more)}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page

    def supervise(self, path: str) -> Page:
        """Open an address as Diane."""
        self.supervisor.goto("about:blank")
        self.supervisor.goto(f"{self.house.url}{path}")
        return self.supervisor

    def incident(self) -> None:
        """Have an incident that concerns refunds alone, validated."""
        if self._has_incident:
            return
        said = {"text": "Les remboursements tardent. Point à {next_update}."}
        written = {
            "title": f"Refunds ({self.language})", "texts": {"fr": said, "en": said},
            "next_update": 2_082_758_400_000, "scope": {"journeys": ["remboursement"]},
        }  # fmt: skip
        made = self.house.ask("POST", "/v1/incidents", written, actor="supervisor:diane")
        self.house.ask(
            "POST", f"/v1/incidents/{made['id']}:validate", {"version": made["version"]},
            actor="supervisor:diane",
        )  # fmt: skip
        self._has_incident = True

    def elsewhere(self, inside: str, session: str | None) -> Page:
        """Open another site's page that holds ours with a link to a session, or a wrong one."""
        token = f"pe_{'x' * 43}"
        if session is not None:
            made = link(
                self.house, language=self.language, session=session, origin=self.site.origin
            )
            token = made["token"]
        self.site.page = inside.format(base=self.house.url, token=token).replace(
            'language="en"', f'language="{self.language}"'
        )
        self.stranger.goto("about:blank")
        self.stranger.goto(self.site.origin)
        return self.stranger

    def care(self, journey: str, **more: Any) -> Page:
        """Open a customer's link."""
        made = link(self.house, journey, language=self.language, **more)
        self.stranger.goto("about:blank")
        self.stranger.goto(f"{self.house.url}{made['url']}")
        return self.stranger
