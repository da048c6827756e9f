"""Where the rows of a customer file go: a database opened here, or the service that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parcours.stops import FOUND, Stop
from runtime.errors import WrongReference
from runtime.importing import Batch, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcours.client import Client
    from parcours.customers.bringing import Send
    from parcours.customers.mapping import Columns
    from runtime.access import Actor

PATH = "/v1/customers:import"


def in_database(do: Callable[..., Any], actor: Actor, columns: Columns) -> Send:
    """Return what brings rows to a service opened here; `do` does one of its deeds."""

    def send(body: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [Row(**row) for row in body["rows"]]
        batch = Batch(**{**body, "rows": rows})
        try:
            found: list[dict[str, Any]] = do(lambda service: service.importing.bring(actor, batch))
        except WrongReference as wrong:
            raise (
                _refusal(columns, wrong.params.get("field"), wrong.message["en"]) or wrong
            ) from wrong
        return found

    return send


def through_service(client: Client, columns: Columns) -> Send:
    """Return what brings rows to a service that runs; rows sent again change nothing."""

    def send(body: dict[str, Any]) -> list[dict[str, Any]]:
        answer = client.send(PATH, body)
        if answer.status == 200:
            found: list[dict[str, Any]] = answer.body["items"]
            return found
        said = answer.body if isinstance(answer.body, dict) else {}
        why = said.get("detail", answer.status)
        refusal = _refusal(columns, next(iter(said.get("errors") or ()), None), str(why))
        raise refusal or Stop(
            fr=f"Le service refuse : {why}", en=f"The service refuses: {why}", code=FOUND
        )

    return send


def _refusal(columns: Columns, about: Any, why: str) -> Stop | None:
    """Return the refusal of the column whose fact nobody knows, at its place in the mapping."""
    for one in columns.columns:
        if one.fact is not None and about == f"facts.{one.fact}":
            return columns.file.refusal((("columns", one.name), why))
    return None
