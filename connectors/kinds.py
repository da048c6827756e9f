"""Every kind of connector, one line each, and those that plug-ins bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from connectors import email, http, mock, openapi, sql, ticketing, webhook
from connectors.capped import Capped
from connectors.deployment import HOOKS, SUBSCRIPTIONS, Deployment
from connectors.faults import Fault, Misconfigured
from connectors.port import Connector

Connect = Callable[[str, Mapping[str, Any], Deployment], Connector]
"""Makes a connector of its name and its table; raises `Misconfigured` with all that is wrong."""

KINDS: Final[Mapping[str, Connect]] = {
    "email": email.connect,
    "http": http.connect,
    "mock": mock.connect,
    "openapi": openapi.connect,
    "sql": sql.connect,
    "ticketing": ticketing.connect,
    "webhook": webhook.connect,
}
"""The kinds that come with the product."""

GROUP: Final = "parcours.connectors"
"""The group of entry points in which a plug-in names its kinds: `sms = "my_package:connect"`."""


def plug_ins() -> dict[str, EntryPoint]:
    """Return the kinds of installed plug-ins, not imported yet; ours come first."""
    return {one.name: one for one in entry_points(group=GROUP) if one.name not in KINDS}


def kind_names() -> list[str]:
    """Return the names of every kind there is, sorted."""
    return sorted({*KINDS, *plug_ins()})


def open_connectors(deployment: Deployment) -> dict[str, Connector]:
    """Return the connectors of a deployment, by the part before the dot of their operations.

    Nothing is reached here: a system that is down does not keep the service from starting.

    Raises:
        Misconfigured: everything wrong in all the tables, at once.
    """
    opened: dict[str, Connector] = {}
    faults: list[Fault] = []
    for name, table in deployment.tables.items():
        if name in {HOOKS, SUBSCRIPTIONS}:
            continue
        try:
            opened[name] = _connect(name, table, deployment)
        except Misconfigured as wrong:
            faults += wrong.faults
    if faults:
        raise Misconfigured(faults)
    return opened


def _connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Connector:
    fields = deployment.fields(name, table)
    kind = fields.text("kind")
    connect = KINDS.get(kind)
    if connect is None and kind in (brought := plug_ins()):
        try:
            connect = brought[kind].load()
        except Exception as error:
            why = type(error).__name__
            fields.refuse(
                "kind", "deployment.broken-plug-in",
                fr=f"l'extension {brought[kind].value} ne se charge pas ({why}).",
                en=f"the plug-in {brought[kind].value} cannot be loaded ({why}).",
            )  # fmt: skip
            raise Misconfigured(fields.faults) from error
    if connect is None:
        listed = ", ".join(kind_names())
        if kind:
            fields.refuse(
                "kind", "deployment.unknown-kind",
                fr=f"sorte inconnue « {kind} » ; possibles : {listed}.",
                en=f"unknown kind `{kind}`; there are: {listed}.",
            )  # fmt: skip
        raise Misconfigured(fields.faults)
    cap = fields.number("daily_cap", None, least=1)
    if fields.faults:
        raise Misconfigured(fields.faults)
    made = connect(name, table, deployment)
    if cap is None:
        return made
    return Capped(made, name, most=cap, allowances=deployment.allowances)
