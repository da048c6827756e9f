"""Make the application: its routes, its gate, and the service it opens and closes with itself."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from fastapi import FastAPI
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import compile_path

from api import hot, openapi, pages, site
from api.bundle import Bundle, find_bundle
from api.context import Context
from api.exchange import Exchange, headers_of
from api.gate import Front, Gate
from api.health import Readiness
from api.limits import Buckets, Room
from api.logs import heard, make_logger
from api.mcp import mounting
from api.problems import Problem, Reply
from api.routes.registry import OPERATIONS
from api.serving import serve
from api.streams import EventStream
from measures.exporting.plan import exports_told
from measures.running import open_measures
from runtime.errors import WrongSetting
from runtime.personas import TENANT
from runtime.upgrade import is_postgres
from runtime.wiring import Service, open_service

if TYPE_CHECKING:
    from api.operations import Operation
    from runtime.settings import Settings

STRANGERS_PER_S = 10
"""Requests a second of one address that nobody signed; none are counted where no key's are.

Source: promises.md 3.1.
"""

Opener = Callable[["Settings"], AbstractAsyncContextManager[Service]]


def create_app(
    settings: Settings,
    *,
    opener: Opener = open_service,
    is_hot: bool = True,
    bundle: Bundle | None = None,
) -> FastAPI:
    """Return the application.

    Args:
        settings: the deployment's.
        opener: opens the service when the application starts, and closes it.
        is_hot: serve the hot operations without the router; False only to compare both.
        bundle: the pages; those of this installation otherwise.

    Raises:
        WrongSetting, WrongDeployment: as `make_context`.
    """
    context = make_context(settings, bundle)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with heard(context.log):
            async with opener(settings) as service, open_measures(service) as facts:
                context.opened, context.facts = service, facts
                try:
                    yield
                finally:
                    context.closing.set()
                    context.opened = context.facts = None

    app = FastAPI(
        title="Parcours",
        version=openapi.CONTRACT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    document = openapi.current()
    app.openapi = lambda: document  # type: ignore[method-assign]  # FastAPI's way to give one's own
    for operation in OPERATIONS:
        app.add_api_route(
            operation.path,
            _endpoint(operation, context),
            methods=[operation.method],
            name=operation.id,
            include_in_schema=False,
            response_model=None,
        )
    _describe(app)
    _add_pages(app)
    _add_models(app)
    app.add_exception_handler(HTTPException, _no_route)
    find_hot = hot.find if is_hot else hot.find_none
    app.add_middleware(Gate, context=context, find_hot=find_hot)
    app.state.front = Front(app, Gate(app, context=context, find_hot=find_hot))
    return app


def tell(app: FastAPI, service: Service) -> None:
    """Log where the application listens and on which database it works.

    And what an administrator should know of it.
    """
    store, log = service.store, app.state.context.log
    log.info("opened", database=store.about, address=service.settings.address)
    if store.caution is not None:
        log.warning("database.caution", database=store.about, caution=store.caution)


def make_context(settings: Settings, bundle: Bundle | None = None) -> Context:
    """Return what the requests of an application share; `bundle` as in `create_app`.

    Raises:
        WrongSetting: development mode, and an address that others can reach.
        WrongDeployment: the file of exports is wrong.
    """
    if settings.dev_mode and not settings.is_loopback:
        raise WrongSetting(
            {
                "fr": "Le mode développement n’écoute que sur cette machine : "
                "mettez bind à 127.0.0.1, ou employez des clés d’API.",
                "en": "Development mode listens on this machine alone: "
                "set bind to 127.0.0.1, or use API keys.",
            },
            setting="dev_mode",
        )
    folder = None if is_postgres(settings.database) else Path(settings.database).absolute().parent
    return Context(
        log=make_logger(sys.stderr),
        callers=Buckets(rate=settings.rate_per_s, burst=settings.rate_burst),
        strangers=Buckets(rate=STRANGERS_PER_S if settings.rate_per_s else 0, burst=20),
        room=Room(settings.in_flight),
        readiness=Readiness(folder),
        body_limit=settings.body_limit,
        personas=TENANT if settings.dev_mode else None,
        is_described=settings.docs or settings.dev_mode,
        public_url=settings.public_url,
        embed_origins=settings.embed_origins,
        language=settings.language,
        exports=exports_told(settings),
        bundle=bundle or find_bundle(),
    )


def _endpoint(operation: Operation, context: Context) -> Callable[..., Awaitable[Response]]:
    """Return what the router calls for an operation."""

    async def endpoint(request: Request) -> Response:
        exchange: Exchange = request.scope["parcours"]
        exchange.operation = operation.id
        reply = await serve(operation, request.path_params, exchange=exchange)
        if reply.rounds is not None:
            return EventStream(reply.rounds, context.closing)
        return _response(reply)

    return endpoint


def _response(reply: Reply) -> Response:
    response = Response(reply.body, status_code=reply.status)
    response.raw_headers = headers_of(reply)
    return response


def _describe(app: FastAPI) -> None:
    """Add the API's own description; the gate lets nobody unknown read it."""

    async def read_document(_: Request) -> Response:
        return _response(Reply(200, msgspec.json.encode(app.openapi())))

    async def read_pages(_: Request) -> Response:
        return _response(pages.operations(OPERATIONS, app.openapi()))

    app.add_route("/openapi.json", read_document, methods=["GET"], include_in_schema=False)
    app.add_route("/docs", read_pages, methods=["GET"], include_in_schema=False)


def _add_pages(app: FastAPI) -> None:
    """Add the pages and their files; they are no part of the described contract."""

    def at(address: str) -> Callable[[Request], Awaitable[Response]]:
        async def read_page(request: Request) -> Response:
            exchange: Exchange = request.scope["parcours"]
            exchange.operation = "page"
            return _response(site.page(exchange, address))

        return read_page

    async def read_file(request: Request) -> Response:
        exchange: Exchange = request.scope["parcours"]
        exchange.operation = "page.file"
        return _response(site.file(exchange))

    for address in site.PAGES:
        app.add_route(address, at(address), methods=["GET"], include_in_schema=False)
    for address in (*site.FILES, *site.LOOSE):
        app.add_route(address, read_file, methods=["GET"], include_in_schema=False)


def _add_models(app: FastAPI) -> None:
    """Add the door of language models, where its library is there.

    It speaks a protocol of its own, no part of the described contract.
    """
    if not mounting.is_installed():
        return

    async def take_in(request: Request) -> Response:
        return _response(await mounting.answer(request.scope["parcours"]))

    app.add_route(mounting.PATH, take_in, methods=["POST"], include_in_schema=False)


async def _no_route(request: Request, refused: Exception) -> Response:
    """Refuse an address or method that is not ours, in our own words; a browser gets a page."""
    assert isinstance(refused, HTTPException)
    if refused.status_code == 405:
        # The router names the methods of the first route of that path alone.
        path = request.url.path
        allowed = sorted(o.method for o in OPERATIONS if compile_path(o.path)[0].match(path))
        other = ["POST"] if path == mounting.PATH else ["GET"]
        headers = {b"allow": ", ".join(allowed or other).encode("ascii")}
        raise Problem("request.method", headers=headers)
    exchange: Exchange = request.scope["parcours"]
    if site.is_astray(request.method, request.url.path, exchange.headers):
        exchange.operation = "page"
        return _response(site.astray(exchange))
    raise Problem("not-found")
