"""A language model's side of the door: the official client, and a service with the demo library."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
import yaml
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from runtime.access import Actor
from tests.api.conftest import settings
from tests.api.service import PATIENCE_S, TENANT, Shop, library_files, running

DEMO = Path(__file__).parents[2] / "journeys" / "demo"
VAULT = {
    "library.yaml": """\
parcours: 1
library: vault
title: {en: Vault}
languages: [en]
audiences: [advisor, customer]
default_audience: advisor
channels: [chat]
timezone: Europe/Paris
""",
    "codes.yaml": """\
declarations: {vault: {label: {en: Vault}}}
qualifications: {opened: {label: {en: Opened}}}
actions: {opened: {label: {en: Opened}}}
""",
    "journeys/vault.open.yaml": """\
parcours: 1
journey: vault.open
title: {en: Open the vault}
audience: [advisor, customer, bot]
steps:
  - id: word
    declares: vault
    qualifies: opened
    acts: opened
    say: {en: "Your password?"}
    ask: {word: {type: text, sensitive: true, label: {en: Password}}}
  - id: right
    say: {en: "Is it your vault?"}
    ask: {right: {type: yes_no, label: {en: Yours}}}
  - {id: over, end: resolved}
""",
}
"""A journey that asks something nobody else is to read."""


class Told(NamedTuple):
    """What a tool gave, and whether it refused."""

    said: dict[str, Any]
    refused: bool


class Model:
    """Calls tools as a language model's host does."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def tell(self, tool: str, **given: Any) -> Told:
        """Call a tool; what it says as text is what it says as a structure."""
        found = await self.client.call_tool(tool, given)
        assert isinstance(found.structured_content, dict)
        [content] = found.content
        assert content.type == "text"
        assert yaml.safe_load(content.text) == found.structured_content
        return Told(found.structured_content, found.is_error)

    async def do(self, tool: str, **given: Any) -> dict[str, Any]:
        """Call a tool that does not refuse."""
        told = await self.tell(tool, **given)
        assert not told.refused, told.said
        return told.said

    async def at(self, step: dict[str, Any], tool: str, **given: Any) -> dict[str, Any]:
        """Call a tool at a step; it does not refuse."""
        return await self.do(tool, session=step["session"], version=step["version"], **given)

    async def refused(self, step: dict[str, Any], tool: str, **given: Any) -> dict[str, Any]:
        """Call a tool at a step; it refuses."""
        told = await self.tell(tool, session=step["session"], version=step["version"], **given)
        assert told.refused, told.said
        return told.said


Play = Callable[[Model], Awaitable[None]]


def connected(shop: Shop, play: Play, *, role: str = "bot", mode: str = "auto") -> None:
    """Play what a model does, over HTTP, as who holds a role's key."""
    headers = {"Accept-Language": "en"}
    if role in shop.keys:
        headers["Authorization"] = f"Bearer {shop.keys[role]}"

    async def whole() -> None:
        async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S, trust_env=False) as http:
            transport = streamable_http_client(f"{shop.url}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await play(Model(client))

    asyncio.run(whole())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Give a service with the demo library, its systems as the demo writes them."""
    written = yaml.safe_load((DEMO / "mock.yaml").read_text(encoding="utf-8"))["operations"]
    database = tmp_path_factory.mktemp("desk") / "desk.db"
    with running(settings(database), answers=written) as shop:
        assert shop.service is not None
        assert shop.loop is not None
        for files in (library_files(DEMO), VAULT):
            publishing = shop.service.revisions.publish(Actor(TENANT, "author", "eve"), files)
            asyncio.run_coroutine_threadsafe(publishing, shop.loop).result(PATIENCE_S)
        yield shop
