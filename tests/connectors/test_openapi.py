"""A system that describes itself: its document's operations are asked of it as they are written."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Query
from pydantic import BaseModel

from connectors.openapi_document import WrongDocument, offers
from connectors.port import Described, Outcome, Prepares
from parcours.places import ROOT
from tests.connectors.contract import Contract, Subject
from tests.connectors.deployed import HERE, call, faults_of, open_text, opened
from tests.connectors.systems import Call, says, system

CANARY = "canary-11ce"


class State(StrEnum):
    SHIPPED = "shipped"
    HELD = "held"


class Address(BaseModel):
    city: str


class Order(BaseModel):
    id: str
    state: State
    total: float
    to: Address
    note: str | None = None


class Note(BaseModel):
    text: str
    urgent: bool = False


class Kept(BaseModel):
    number: int
    length: int


def crm() -> FastAPI:
    """Return a real service, as somebody else would have written it."""
    app = FastAPI(title="CRM")
    done: dict[str, int] = {}

    def known(token: str | None) -> None:
        if token != f"Bearer {CANARY}":
            raise HTTPException(401)

    @app.get("/orders/{order_id}", operation_id="getOrder", responses={404: {}})
    async def get_order(
        order_id: str,
        lines: Annotated[int, Query(alias="at-least")] = 3,
        authorization: Annotated[str | None, Header()] = None,
    ) -> Order:
        known(authorization)
        if order_id == "slow":
            await asyncio.sleep(10)
        if order_id == "broken":
            raise HTTPException(500)
        if order_id != "F-1":
            raise HTTPException(404)
        return Order(id=order_id, state=State.HELD, total=lines, to=Address(city="Nîmes"))

    @app.post("/orders/{order_id}/notes", operation_id="addNote", status_code=201)
    async def add_note(
        order_id: str, note: Note, idempotency_key: Annotated[str, Header()]
    ) -> Kept:
        done.setdefault(idempotency_key, len(done) + 1)
        return Kept(number=done[idempotency_key], length=len(f"{order_id}{note.text}"))

    @app.put("/settings")
    async def settings(urgent: bool) -> list[int]:
        return [1, 2] if urgent else []

    @app.delete("/orders/{order_id}", status_code=204)
    async def drop(order_id: str) -> None:
        del order_id

    return app


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """Give the address of a service that runs beside the test."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with running(crm()) as url:
        yield url


def table(url: str, more: str = "", *, document: str = "crm.json") -> str:
    return f"""
[crm]
kind = "openapi"
document = "{document}"
base_url = "{url}"
auth = {{kind = "bearer", token = "secret://crm"}}
{HERE}{more}"""


DOCUMENT = json.dumps(crm().openapi())
GIVEN: dict[str, Any] = {"secrets": {"crm": CANARY}, "files": {"crm.json": DOCUMENT}}


class TestOpenApi(Contract):
    @pytest.fixture(autouse=True)
    def _where(self, service: str) -> None:
        self.url = service

    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async with opened(table(self.url), **GIVEN) as connectors:
            yield Subject(
                connectors["crm"],
                succeeds=("crm.getOrder", {"order_id": "F-1"}),
                refuses=("crm.getOrder", {"order_id": "F-2"}),
                fails=("crm.getOrder", {"order_id": "broken"}),
                hangs=("crm.getOrder", {"order_id": "slow"}),
                secrets=(CANARY,),
            )


def described(more: str, tmp_path: Path) -> dict[str, Described]:
    found = open_text(table("https://crm.example", more), tmp_path, **GIVEN)["crm"].operations()
    assert found is not None
    return dict(found)


def test_operations_are_named_typed_and_classed_by_the_document(tmp_path: Path) -> None:
    found = described("", tmp_path)

    assert {name: one.effect for name, one in found.items()} == {
        "crm.getOrder": "read",
        "crm.addNote": "keyed",
        "crm.settings_settings_put": "idempotent",
        "crm.drop_orders__order_id__delete": "idempotent",
    }
    order = found["crm.getOrder"]
    assert (list(order.input["properties"]), order.input["required"]) == (
        ["order_id", "at_least"], ["order_id"],
    )  # fmt: skip
    assert order.output["required"] == ["id", "state", "to", "total"]
    assert order.output["properties"]["state"] == {"type": "string", "enum": ["shipped", "held"]}
    note = found["crm.addNote"]
    assert note.input["required"] == ["order_id", "text"]
    assert list(note.input["properties"]) == ["order_id", "text", "urgent"]


def test_a_real_service_is_asked_and_understood(service: str) -> None:
    async def run() -> list[Outcome]:
        async with opened(table(service), **GIVEN) as connectors:
            return [
                await call(connectors, "crm.getOrder", order_id="F-1", at_least=2),
                await call(connectors, "crm.getOrder", order_id="none"),
                await call(connectors, "crm.addNote", key="a", order_id="F-1", text="é"),
                await call(connectors, "crm.addNote", key="a", order_id="F-1", text="é"),
                await call(connectors, "crm.settings_settings_put", urgent=True),
                await call(connectors, "crm.drop_orders__order_id__delete", order_id="F-1"),
                await call(connectors, "crm.addNote", order_id="F-1", text=3),
            ]

    order = {"id": "F-1", "state": "held", "total": 2.0, "to": {"city": "Nîmes"}}
    assert asyncio.run(run()) == [
        Outcome("succeeded", order),
        Outcome("refused", reason="not_found"),
        Outcome("succeeded", {"number": 1, "length": 4}),
        Outcome("succeeded", {"number": 1, "length": 4}),
        Outcome("succeeded", {"items": [1, 2]}),
        Outcome("succeeded", {}),
        Outcome("failed", reason="connector.input", sent=False),
    ]


def test_the_deployment_names_and_changes_what_it_takes(tmp_path: Path) -> None:
    found = described(
        """only = ["order", "note"]
[crm.operations.order]
id = "getOrder"
timeout = "2s"
sensitive = ["status"]
result = {status = {at = "state", map = {held = "suspended"}}}
[crm.operations.note]
id = "addNote"
effect = "unsafe"
""",
        tmp_path,
    )

    assert sorted(found) == ["crm.note", "crm.order"]
    assert found["crm.note"].effect == "unsafe"
    assert (found["crm.order"].timeout_ms, set(found["crm.order"].output["properties"])) == (
        2_000, {"status"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ('only = ["nothing"]', "deployment.no-operation", "crm.only"),
        ("[crm.operations.nothing]", "deployment.no-operation", "crm.operations"),
        ('[crm.operations.x]\nid = "y"', "deployment.no-operation", "crm.operations"),
        ('[crm.operations.addNote]\neffect = "x"', "deployment.wrong-value",
         "crm.operations.addNote.effect"),
        ('[crm.operations.addNote]\nsensitive = ["x"]', "deployment.wrong-value",
         "crm.operations.addNote.sensitive"),
        ('[crm.operations.addNote]\npath = "/x"', "deployment.unknown-key",
         "crm.operations.addNote.path"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_the_document_is_told(
    more: str, code: str, place: str, tmp_path: Path
) -> None:
    assert faults_of(table("https://crm.example", more), tmp_path, **GIVEN) == [(code, place)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{}", "deployment.wrong-document"),
        ('{"swagger": "2.0"}', "deployment.wrong-document"),
        ("[1]", "deployment.wrong-document"),
        ("{", "deployment.wrong-file"),
        (None, "deployment.no-file"),
    ],
)
def test_a_file_that_is_no_such_document_is_told(
    content: str | None, code: str, tmp_path: Path
) -> None:
    files = {} if content is None else {"crm.json": content}

    found = faults_of(table("https://crm.example"), tmp_path, secrets={"crm": CANARY}, files=files)

    assert found == [(code, "crm.document")]


def test_the_address_may_be_the_documents_own_when_the_document_is_a_file(tmp_path: Path) -> None:
    without = table("x").replace('base_url = "x"\n', "")
    said = json.dumps({**json.loads(DOCUMENT), "servers": [{"url": "https://crm.example/v1"}]})
    secrets = {"crm": CANARY}

    assert open_text(without, tmp_path, secrets=secrets, files={"crm.json": said})
    assert faults_of(without, tmp_path, **GIVEN) == [("deployment.missing-key", "crm.base_url")]


def test_a_document_is_fetched_and_one_that_cannot_be_stops_nothing(service: str) -> None:
    now = [0.0]

    async def run() -> tuple[list[str], Outcome, Outcome, Outcome]:
        async with system(says("{}", "503 Unavailable")) as found:
            text = table(service, document=f"{service}/openapi.json") + table(
                found.url, document=f"{found.url}/x"
            ).replace("[crm]", "[down]")
            async with opened(text, monotonic=lambda: now[0], **GIVEN) as connectors:
                down = connectors["down"]
                assert isinstance(down, Prepares)
                faults = [one.code for one in await down.prepare()]
                assert down.operations() is None
                refused = await call(connectors, "down.getOrder", order_id="x")
                assert len(found.calls) == 1, "looked for again only after a while"
                now[0] += 31
                again = await call(connectors, "down.getOrder", order_id="x")
                assert len(found.calls) == 2
                asked = await call(connectors, "crm.addNote", order_id="F-1", text="é")
                return faults, refused, again, asked

    faults, refused, again, asked = asyncio.run(run())

    assert faults == ["deployment.down"]
    assert (
        refused
        == again
        == Outcome("failed", reason="connector.not-described", sent=False, again=True)
    )
    assert asked.status == "succeeded"


def test_a_fetched_document_does_not_say_where_our_secrets_go() -> None:
    async def run() -> list[Call]:
        async with system(says()) as thief:
            said = {**json.loads(DOCUMENT), "servers": [{"url": thief.url}]}
            async with system(says(json.dumps(said))) as found:
                text = table("x", document=f"{found.url}/doc").replace('base_url = "x"\n', "")
                async with opened(text, secrets={"crm": CANARY}) as connectors:
                    await call(connectors, "crm.getOrder", order_id="x")
                assert len(found.calls) == 2
            return thief.calls

    assert asyncio.run(run()) == []


def test_our_own_document_is_understood_whole() -> None:
    document = json.loads((ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8"))

    found = offers(document)

    written = [one for item in document["paths"].values() for one in item.values()]
    assert len(found) == sum(isinstance(one, dict) and "responses" in one for one in written)
    assert all(one.plan.described.output["type"] == "object" for one in found.values())


def test_a_document_that_goes_round_in_circles_or_leads_elsewhere_has_an_end() -> None:
    itself = {"$ref": "#/components/schemas/Node"}
    elsewhere = {"$ref": "https://evil.example/x"}
    node = {"type": "object", "properties": {"next": itself, "more": elsewhere}}
    answer = {"content": {"application/json": {"schema": itself}}}
    loop = {"$ref": "#/components/schemas/Loop"}
    document = {
        "openapi": "3.1.0",
        "paths": {"/n": {"get": {"responses": {"200": answer}}}, "/x": "wrong", "y": {}},
        "components": {"schemas": {"Node": node, "Loop": loop}},
    }

    [one] = offers(document).values()

    assert one.name == "get_n"
    assert one.plan.described.output["properties"]["more"] == {}
    assert len(json.dumps(one.plan.described.output)) < 10_000
    with pytest.raises(WrongDocument):
        offers(["openapi"])


def test_what_only_openapi_3_0_says_is_understood() -> None:
    schema = {"type": "object", "required": ["n", "m"], "properties": {
        "n": {"type": "string", "nullable": True, "enum": ["a"]},
        "m": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        "hidden": {"type": "string", "writeOnly": True},
    }}  # fmt: skip
    answer = {"content": {"application/problem+json": {"schema": {"allOf": [schema]}}}}
    document = {"openapi": "3.0.3", "paths": {"/n": {"get": {"responses": {200: answer}}}}}

    [one] = offers(document).values()

    assert one.plan.described.output == {
        "type": "object",
        "properties": {
            "n": {"type": ["string", "null"], "enum": ["a", None]},
            "m": {"type": "number", "exclusiveMinimum": 0},
        },
        "required": ["m"],
        "additionalProperties": False,
    }
