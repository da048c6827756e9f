"""The Model Context Protocol, by its official library: the one module that knows it.

Each request stands alone: whoever sends it has been identified, nothing is kept between two, and
what it is answered with is one JSON message. Source: decision 0040.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import mcp_types as types
import msgspec
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from api.logs import where
from api.mcp.asking import refusal
from api.mcp.shown import refused
from api.mcp.tools import TOOLS, Tool
from api.parameters import structured
from api.problems import Problem, Reply

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from starlette.types import Message

    from api.exchange import Exchange

INSTRUCTIONS: Final = (
    "Customer journeys, walked step by step with a customer. Find the journey for what they want, "
    "start it, then at every step: say what it says, ask what it asks, and give back only what the "
    "customer said. The journey alone decides what comes next, what is offered and what is done; "
    "never invent an option, an answer, a result or a promise. Every step says in `do` what comes "
    "next and in `tools` what may be called. Hand over to an advisor whenever the customer asks."
)

# What the library logs may quote a call, and so a customer: refusals and faults are logged here.
logging.getLogger("mcp").addHandler(logging.NullHandler())
logging.getLogger("mcp").propagate = False


async def answer(exchange: Exchange, body: bytes) -> Reply:
    """Return what a message of the protocol is answered with."""
    told, parts = Reply(202), []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal told
        if message["type"] == "http.response.start":
            told = _head(message)
        else:
            parts.append(message.get("body", b""))

    # Nothing outlives a request, so that each has a manager of its own.
    manager = StreamableHTTPSessionManager(_SERVER, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(exchange.scope, receive, send)
    return Reply(told.status, b"".join(parts), told.headers, told.media_type)


def _head(message: Message) -> Reply:
    kept = {b"allow", b"mcp-protocol-version"}
    named = dict(message["headers"])
    headers = tuple((name, value) for name, value in named.items() if name in kept)
    return Reply(
        message["status"], headers=headers, media_type=named.get(b"content-type", b"text/plain")
    )


async def _list_tools(
    _: ServerRequestContext[Any, Any], __: types.PaginatedRequestParams | None
) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])


def _described(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(
        title=tool.title, read_only_hint=tool.reads, destructive_hint=False, idempotent_hint=True,
        open_world_hint=False,
    )  # fmt: skip
    return types.Tool(
        name=tool.name, title=tool.title, description=tool.doc, input_schema=tool.schema(),
        annotations=hints,
    )  # fmt: skip


async def _call_tool(
    context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
) -> types.CallToolResult:
    assert context.request is not None
    exchange: Exchange = context.request.scope["parcours"]
    try:
        tool = _tool(params.name)
        exchange.operation = f"mcp.{tool.name}"
        given = structured(params.arguments or {}, tool.form)
        return _told(await tool.do(exchange, given), is_error=False)
    except Problem as problem:
        refusing = problem
    except Exception as fault:  # noqa: BLE001 - the library would tell nobody of it
        exchange.context.log.error(  # noqa: TRY400 - its message may quote an answer: see `where`
            "fault", trace_id=exchange.trace_id, operation=exchange.operation, **where(fault)
        )
        refusing = Problem("service.internal")
    exchange.code = refusing.code
    return _told(refused(refusal(refusing, exchange)), is_error=True)


def _tool(name: str) -> Tool:
    if name not in TOOLS:
        raise Problem("not-found", params={"allowed": list(TOOLS)})
    return TOOLS[name]


def _told(said: dict[str, Any], *, is_error: bool) -> types.CallToolResult:
    text = types.TextContent(type="text", text=msgspec.json.encode(said).decode())
    return types.CallToolResult(content=[text], structured_content=said, is_error=is_error)


_SERVER: Final = Server(
    "parcours", title="Parcours", instructions=INSTRUCTIONS,
    on_list_tools=_list_tools, on_call_tool=_call_tool,
)  # fmt: skip
