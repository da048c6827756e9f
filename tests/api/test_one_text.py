"""While something is broken, whoever asks on whatever channel is told the same, and none after."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from runtime.access import Actor
from runtime.clock import FixedClock
from tests.api.conftest import settings
from tests.api.modelling import Model, connected
from tests.api.service import PATIENCE_S, TENANT, Shop, bring, key, running
from tests.connectors.deployed import HERE
from tests.connectors.systems import System, says, system
from tests.connectors.test_email import Box, server
from tests.support.outside import outside

FILES = {
    "library.yaml": """\
parcours: 1
library: network
title: Network
languages: [en]
audiences: [advisor, customer]
default_audience: advisor
channels: [phone, chat, web, sms, email]
timezone: Europe/Paris
""",
    "codes.yaml": """\
declarations: {network: {label: No network}}
qualifications: {down: {label: Network down}}
actions: {told: {label: Told}}
""",
    "connectors.yaml": """\
operations:
  mail.news:
    effect: unsafe
    input: {to: {type: email, required: true}}
    texts: {subject: {en: Your line}, body: {en: "We look into it.\\n"}}
    gives: [to]
    timeout: 5s
    sensitive: [to]
  sms.news:
    effect: keyed
    input: {to: {type: email, required: true}}
    texts: {text: {en: We look into it.}}
    gives: [to]
    timeout: 5s
""",
    "journeys/network.down.yaml": """\
parcours: 1
journey: network.down
title: No network
audience: [advisor, customer, bot]
steps:
  - id: who
    say: Where may we write to you?
    time: useful
    ask: {to: {type: email, label: Address}}
    declares: network
    qualifies: down
  - {id: mail, do: mail.news, with: {to: to}, behind: true, by_hand: {say: Write.}}
  - {id: text, do: sms.news, with: {to: to}, behind: true, by_hand: {say: Write.}}
  - id: more
    say: Anything else?
    time: useful
    ask: {more: {type: text, label: More}}
    acts: told
  - {id: done, end: resolved}
""",
}
DEPLOYMENT = """
[mail]
kind = "email"
host = "127.0.0.1"
port = {port}
allow_private = ["127.0.0.0/8"]
from = "Network <news@network.example>"
security = "none"
allow_plain = true
[mail.operations.news]
[sms]
kind = "http"
base_url = "{url}"
{here}
[sms.operations.news]
method = "POST"
path = "/messages"
effect = "keyed"
json = {{to = "to", text = "text"}}
says = {{channel = "sms", in = "text"}}
"""
INCIDENT = {
    "title": "Cut in Lyon",
    "scope": {"motives": ["network"]},
    "texts": {
        "en": {
            "text": "The network is down in Lyon. Next news at {next_update}.",
            "channels": {
                "sms": "Lyon: network down. News at {next_update}.",
                "ivr": "The network is down in Lyon. We say more at {next_update}.",
            },
        }
    },
}
LONG = "The network is down in Lyon. Next news at "
SAID = {
    "sms": "Lyon: network down. News at ",
    "ivr": "The network is down in Lyon. We say more at ",
}


class World(NamedTuple):
    """A service, and what takes its e-mails and its text messages."""

    shop: Shop
    box: Box
    gateway: System
    clock: FixedClock

    def told(self) -> dict[str, str]:
        """Return what each channel says of the incident now, asked anew."""
        found = {**self.at_the_desk(), "page": self.on_the_page(), "chat": self.in_a_chat()}
        with self.shop.client("bot") as voice:
            items = voice.get(
                "/v1/incidents/current", params={"channel": "ivr", "motive": "network"}
            ).json()["items"]
        found["ivr"] = "".join(one["text"] for one in items)

        async def model(model: Model) -> None:
            step = await model.do(
                "start_journey", journey="network.down", request=str(uuid.uuid4()), language="en"
            )
            found["mcp"] = "".join(step["incidents"])

        connected(self.shop, model)
        return found

    def at_the_desk(self) -> dict[str, str]:
        """Walk as an advisor to where the customer is written to."""
        with self.shop.client() as advisor:
            body = {"journey": "network.down", "channel": "phone", "language": "en"}
            begun = advisor.post("/v1/sessions", json=body, headers=key())
            shown = begun.json()["view"]["incidents"]
            values = {"to": "zoe@example.org"}
            assert bring(advisor, begun, {"type": "answer", "values": values}).status_code == 200
        service, loop = self.shop.service, self.shop.loop
        assert service is not None
        assert loop is not None
        asyncio.run_coroutine_threadsafe(service.outbox.drain_now(), loop).result(PATIENCE_S)
        letter = self.box.taken.pop().get_content()
        mail = "\n".join(letter.splitlines()).split("\n\n")
        text = json.loads(self.gateway.calls.pop().body)["text"].split("\n")
        assert (mail.pop(0), text.pop(0)) == ("We look into it.", "We look into it.")
        console = "".join(one["text"] for one in shown)
        return {"console": console, "email": "".join(mail), "sms": "".join(text)}

    def on_the_page(self) -> str:
        """Open the customer's page by a link."""
        with self.shop.client() as advisor:
            link = {"journey": "network.down", "language": "en"}
            token = advisor.post("/v1/links", json=link, headers=key()).json()["token"]
        with self.shop.client("nobody", Authorization=f"Bearer {token}") as customer:
            asked = {"journey": "network.down", "channel": "web", "language": "en"}
            begun = customer.post("/v1/sessions", json=asked, headers=key())
            return "".join(one["text"] for one in begun.json()["view"]["incidents"])

    def in_a_chat(self) -> str:
        """Write in a conversation; return what it says before its question."""
        with self.shop.client("bot") as bot:
            turn = {"conversation": str(uuid.uuid4()), "message": "m", "journey": "network.down",
                    "text": "hello", "locale": "en"}  # fmt: skip
            said = bot.post("/v1/channels/chat/turns", json=turn).json()["messages"]
        lines = "\n".join(one["text"] for one in said).split("\n")
        return "".join(line for line in lines if "Lyon" in line)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, box, clock = tmp_path_factory.mktemp("world"), Box(), FixedClock()
    with outside(server(box)) as port, outside(system(says())) as gateway:
        path = Path(folder / "connectors.toml")
        path.write_text(DEPLOYMENT.format(port=port, url=gateway.url, here=HERE), encoding="utf-8")
        told = replace(settings(folder / "world.db"), connectors=str(path))
        with running(told, clock=clock) as shop:
            assert shop.service is not None
            assert shop.loop is not None
            publishing = shop.service.revisions.publish(Actor(TENANT, "author", "eve"), FILES)
            asyncio.run_coroutine_threadsafe(publishing, shop.loop).result(PATIENCE_S)
            yield World(shop, box, gateway, clock)


def test_every_channel_says_the_same_version_of_an_incident_and_none_after_its_end(
    world: World,
) -> None:
    assert set(world.told().values()) == {""}
    with world.shop.client("supervisor") as diane:
        written = {**INCIDENT, "next_update": world.clock.now() + 3_600_000}
        incident = diane.post("/v1/incidents", json=written, headers=key()).json()["id"]
        path = f"/v1/incidents/{incident}"
        assert set(world.told().values()) == {""}, "a draft is said by nobody"

        for version, hour in ((1, "02:00."), (2, "04:00.")):
            if version == 2:
                later = {"version": 1, "next_update": world.clock.now() + 3 * 3_600_000}
                diane.patch(path, json=later)
            diane.post(f"{path}:validate", json={"version": version})
            told = world.told()
            assert told == {channel: f"{SAID.get(channel, LONG)}{hour}" for channel in told}
            assert set(told) == {"console", "page", "chat", "mcp", "email", "sms", "ivr"}

        diane.post(f"{path}:end", json={"version": 2})
        assert set(world.told().values()) == {""}


def test_a_voice_server_asks_again_at_no_cost_and_hears_of_a_change_at_once(world: World) -> None:
    path, params = "/v1/incidents/current", {"channel": "ivr", "motive": "network"}
    with world.shop.client("supervisor") as diane, world.shop.client("bot") as voice:
        before = voice.get(path, params=params)
        same = voice.get(path, params=params, headers={"If-None-Match": before.headers["etag"]})
        now = world.clock.now()
        period = {"begins": now + 60_000, "ends": now + 120_000, "next_update": now + 90_000}
        written = {**INCIDENT, **period}
        made = diane.post("/v1/incidents", json=written, headers=key()).json()
        diane.post(f"/v1/incidents/{made['id']}:validate", json={"version": 1})
        ahead = voice.get(path, params=params, headers={"If-None-Match": before.headers["etag"]})
        world.clock.advance(60_000)
        on = voice.get(path, params=params).json()
        world.clock.advance(60_000)
        after = voice.get(path, params=params)

    assert (same.status_code, same.content) == (304, b"")
    assert ahead.json() == {"items": [], "until": written["begins"]}
    assert (len(on["items"]), on["until"]) == (1, written["ends"])
    assert (on["items"][0]["version"], on["items"][0]["ends"]) == (1, written["ends"])
    assert after.headers["etag"] == before.headers["etag"]
    assert set(world.told().values()) == {""}
