"""Whether the journeys a bridge answers with know its channel: asked before anybody writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from parcours.stops import FOUND, Stop

if TYPE_CHECKING:
    from parcours.client import Client


LACKING: Final = {
    "fr": "la bibliothèque « {} » n'a pas de canal « {} » : ses parcours n'y commencent pas",
    "en": "the library “{}” has no channel “{}”: its journeys do not begin there",
}


def check_channel(client: Client, *, channel: str, journey: str | None) -> list[dict[str, str]]:
    """Return, in both languages, which libraries of a service lack a channel that others have.

    `journey`: the one a bridge begins; only its library counts then. A service without a journey
    has nothing to hold the channel against.

    Raises:
        Stop: there is no such journey to begin, no library has the channel, or the service refuses.
    """
    found = [one for one in _journeys(client) if journey in (None, one["id"])]
    if journey is not None and not found:
        raise Stop(
            fr=f"--journey : aucun parcours « {journey} » ne peut être démarré.",
            en=f"--journey: there is no journey “{journey}” that may be started.",
            code=FOUND,
        )
    known = sorted({name for one in found for name in one["channels"]})
    if found and channel not in known:
        listed = ", ".join(known)
        raise Stop(
            fr=f"--channel : aucune bibliothèque du service n'a de canal « {channel} ». "
            f"Ses canaux : {listed}.",
            en=f"--channel: no library of the service has a channel “{channel}”. "
            f"Its channels: {listed}.",
            code=FOUND,
        )
    lacking = sorted({one["library"] for one in found if channel not in one["channels"]})
    return [
        {language: said.format(library, channel) for language, said in LACKING.items()}
        for library in lacking
    ]


def _journeys(client: Client) -> list[dict[str, Any]]:
    said = client.get("/v1/journeys").body
    found: list[dict[str, Any]] = said["items"]
    while said["next"] is not None:
        said = client.get(f"/v1/journeys?cursor={quote(said['next'])}").body
        found += said["items"]
    return found
