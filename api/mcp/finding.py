"""Find a journey by the customer's words: those a bot may begin, likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.mcp.asking import Asked, ask
from api.paging import MOST
from api.routes import journeys
from runtime.channels.stop import OURS

if TYPE_CHECKING:
    from api.exchange import Exchange
    from api.mcp.forms import FindJourney


async def find(outer: Exchange, given: FindJourney) -> dict[str, Any]:
    """Return `{journeys: [{journey, title, channels, languages, declarations, score}], do}`.

    With words, only those that some declaration near them leads to, `score` from 0 to 1; all where
    no declaration is near.
    """
    offered = {
        one["id"]: _offer(one)
        for one in await _all(outer, given.language)
        if not _OURS.isdisjoint(one["audiences"])
    }
    if given.words is not None:
        body = {"text": given.words, "language": given.language}
        found = await ask(Asked(operation=journeys.SUGGEST, body=body), outer)
        near = [one for one in found["items"] if one["journey"] in offered]
        for one in near:
            offer = offered[one["journey"]]
            offer["score"] = max(offer["score"], one["score"])
            offer["declarations"].append(one["label"])
        if near:
            offered = {name: one for name, one in offered.items() if one["score"]}
    ranked = sorted(offered.values(), key=lambda one: (-one["score"], one["journey"]))
    return {"journeys": ranked, "do": _DO if ranked else _NOTHING}


_OURS: Final = frozenset(OURS)
_DO: Final = (
    "Call start_journey with the `journey` that is what the customer wants. Where several may be, "
    "ask the customer which; where none is, say so and start none."
)
_NOTHING: Final = (
    "No journey is open to you here. Tell the customer that you cannot help with this."
)


async def _all(outer: Exchange, language: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"limit": str(MOST)}
    while True:
        page = await ask(Asked(operation=journeys.LIST, query=query, language=language), outer)
        found += page["items"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def _offer(journey: dict[str, Any]) -> dict[str, Any]:
    return {
        "journey": journey["id"],
        "title": journey["title"],
        "channels": journey["channels"],
        "languages": journey["languages"],
        "declarations": [],
        "score": 0.0,
    }
