"""A bridge from a helpdesk to a service, for tests: told things as the helpdesk tells them."""

from __future__ import annotations

import asyncio

import httpx

from connectors.desks import Desk
from parcours.bridge.hooks import Hooks
from parcours.bridge.turns import Turns
from parcours.reaching import client_of
from tests.api.service import Shop


class Bridge:
    """A bridge for one helpdesk. `said`: the codes of what kept it from answering."""

    def __init__(self, desk: Desk, shop: Shop, *, secret: str) -> None:
        self.said: list[str] = []
        self._client = client_of(shop.url, shop.keys["bot"], "en", whose={"fr": "", "en": ""})
        turns = Turns(open_client=lambda: self._client, told=self.said.append, language="en")
        self.app = Hooks(desk, turns, secrets=[secret])

    def tell(self, body: bytes, headers: dict[str, str]) -> int:
        """Tell something; return the status it is answered with."""

        async def whole() -> int:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://bridge") as client:
                return (await client.post("/", content=body, headers=headers)).status_code

        try:
            return asyncio.run(whole())
        finally:
            self._client.close()
