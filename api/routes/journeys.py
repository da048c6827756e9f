"""Journeys: which there are, how they are drawn, how they are found by the customer's words."""

from __future__ import annotations

from typing import Any

from api import paging
from api.languages import LANGUAGES
from api.operations import Call, Example, Operation
from api.problems import Reply
from api.queries import GraphQuery, PageQuery, SearchQuery
from api.replies import as_json
from api.schemas import Graph, Items, Page, Suggest, Thing
from authoring import draw
from engine.model import Journey, Library
from engine.wording import Text
from runtime.revisions import Publication


async def list_journeys(call: Call) -> Reply:
    """List the journeys one may start, by id."""
    asked: PageQuery = call.query
    after = paging.read(call.actor.tenant, "journeys", asked.cursor, kind=str) or ""
    found = sorted(
        (
            (journey, revision.library, live)
            for live, revision in await call.context.service.revisions.journeys(call.actor)
            for journey in revision.library.journeys.values()
            if journey.startable and journey.id > after
        ),
        key=lambda one: one[0].id,
    )
    items = [
        _summary(journey, library, live=live, language=call.language)
        for journey, library, live in found[: asked.limit]
    ]
    following = (
        paging.write(call.actor.tenant, "journeys", items[-1]["id"])
        if len(found) > asked.limit
        else None
    )
    return as_json(paging.page(items, following))


async def read_journey(call: Call) -> Reply:
    """Read a journey: its inputs, outcomes, steps and the revision that is live."""
    live, revision = await call.context.service.revisions.describe(
        call.actor, call.params["journey"]
    )
    library = revision.library
    journey = library.journeys[call.params["journey"]]
    said = {**_summary(journey, library, live=live, language=call.language)}
    said["inputs"] = [
        {"name": field.name, "type": field.type.name, "required": field.required}
        for field in journey.inputs.values()
    ]
    said["outcomes"] = list(journey.outcomes)
    said["steps"] = [
        {
            "id": step.id,
            "kind": step.KIND,
            "title": draw.title(step, library, call.language),
        }
        for step in journey.steps.values()
    ]
    return as_json(said)


async def read_graph(call: Call) -> Reply:
    """Draw a journey as Mermaid, DOT or JSON."""
    asked: GraphQuery = call.query
    _, revision = await call.context.service.revisions.describe(call.actor, call.params["journey"])
    library = revision.library
    journey = library.journeys[call.params["journey"]]
    language = asked.language or call.language
    if asked.format == "json":
        return as_json(draw.graph_json(journey, library, language))
    drawn = (draw.mermaid if asked.format == "mermaid" else draw.dot)(journey, library, language)
    media = b"text/vnd.mermaid" if asked.format == "mermaid" else b"text/vnd.graphviz"
    return Reply(200, drawn.encode(), media_type=media + b"; charset=utf-8")


async def search(call: Call) -> Reply:
    """Find journeys, steps and motives, whatever the accents; best first."""
    asked: SearchQuery = call.query
    found = await call.context.service.revisions.search(
        call.actor, asked.q, language=asked.language or call.language, limit=asked.limit
    )
    return as_json({"items": found})


async def suggest(call: Call) -> Reply:
    """Rank the declarations closest to the customer's words, with the journeys they lead to.

    Start the journey with the same `words`: they are kept verbatim with the session.
    """
    asked: Suggest = call.body
    found = await call.context.service.revisions.suggest(
        call.actor, asked.text, language=asked.language or call.language, limit=asked.limit
    )
    return as_json({"items": found})


def _summary(
    journey: Journey, library: Library, *, live: Publication, language: str
) -> dict[str, Any]:
    return {
        "id": journey.id,
        "title": _said(journey.title, library, language=language),
        "library": library.name,
        "revision": live.hash,
        "number": live.number,
        "audiences": list(journey.audience or library.audiences),
        "languages": list(library.languages),
        "channels": list(library.channels),
        "startable": journey.startable,
        "owner": journey.owner,
        "review_by": journey.review_by,
    }


def _said(text: Text | None, library: Library, *, language: str) -> str | None:
    if text is None:
        return None
    found = text.pick(library.default_audience, language, default_language=library.languages[0])
    return found.source if found else None


_JOURNEY = {
    "id": "livraison.suivi",
    "title": "Suivi de livraison",
    "library": "demo",
    "revision": "9f2c…",
    "number": 1,
    "audiences": ["advisor", "customer"],
    "languages": list(LANGUAGES),
    "channels": ["phone", "chat"],
    "startable": True,
    "owner": None,
    "review_by": None,
}

LIST = Operation(
    id="journey.list", method="GET", path="/v1/journeys", permission="journey.read",
    handler=list_journeys, query=PageQuery, answer=Page, tag="journeys",
    problems=("request.bad-cursor",),
    examples=(Example(summary="One journey", answer={"items": [_JOURNEY], "next": None}),),
)  # fmt: skip
SUGGEST = Operation(
    id="declaration.suggest", method="POST", path="/v1/declarations:suggest",
    permission="declaration.suggest", handler=suggest, body=Suggest, answer=Items,
    tag="journeys",
    examples=(
        Example(
            summary="A parcel that did not come",
            request={"text": "je n’ai rien reçu", "language": "fr"},
            answer={"items": [{"code": "livraison.rien_recu", "label": "Rien reçu",
                               "score": 0.93, "journey": "livraison.suivi"}]},
        ),
    ),
)  # fmt: skip

OPERATIONS = (
    LIST,
    Operation(
        id="journey.read", method="GET", path="/v1/journeys/{journey}", permission="journey.read",
        handler=read_journey, answer=Thing, tag="journeys",
    ),
    Operation(
        id="journey.graph", method="GET", path="/v1/journeys/{journey}/graph",
        permission="journey.read", handler=read_graph, query=GraphQuery, answer=Graph,
        tag="journeys", texts=("text/vnd.mermaid", "text/vnd.graphviz"),
    ),
    Operation(
        id="search", method="GET", path="/v1/search", permission="search", handler=search,
        query=SearchQuery, answer=Items, tag="journeys",
    ),
    SUGGEST,
)  # fmt: skip
