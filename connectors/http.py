"""A system that speaks HTTP and JSON, its operations written in the deployment file.

```toml
[oms]
kind = "http"
base_url = "https://oms.example/api"
auth = {kind = "bearer", token = "secret://oms-token"}

[oms.operations.get_order]
path = "/orders/{id}"
refusals = [{status = 404, reason = "not_found"}]
result = {status = {at = "state", map = {SHIPPED = "in_transit"}}, shipped_on = "shipped"}
```
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.credentials import Anonymous, Credentials, Fixed, Grant, OAuth2
from connectors.deployment import Deployment
from connectors.egress import Egress
from connectors.exchange import Exchange, Plan
from connectors.fields import Fields
from connectors.http_table import read_plan
from connectors.outward import Outward
from connectors.port import Described, Outcome
from connectors.urls import is_header

AUTHS = ("none", "basic", "bearer", "header", "oauth2")


class Http:
    """Does the operations of one system over HTTP."""

    def __init__(self, plans: Mapping[str, Plan], exchange: Exchange) -> None:
        self._plans = dict(plans)
        self._exchange = exchange

    def operations(self) -> Mapping[str, Described] | None:
        """Return what the deployment file says it does."""
        return {name: plan.described for name, plan in self._plans.items()}

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation and say what became of it."""
        plan = self._plans.get(operation)
        if plan is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        return await self._exchange.run(plan, inputs, key=key, timeout_ms=timeout_ms)

    async def close(self) -> None:
        """Let connections go."""
        await self._exchange.close()


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Http:
    """Return the connector of a table of kind `http`.

    Raises:
        Misconfigured: everything wrong in the table.
    """
    fields = deployment.fields(name, table)
    egress = fields.egress()
    base = fields.url("base_url", egress)
    authorities = fields.file("authorities", None)
    credentials = read_credentials(fields, egress, deployment, authorities=authorities)
    inside = fields.tables("operations")
    plans = {f"{name}.{one}": read_plan(table) for one, table in inside.items()}
    for one, operation in inside.items():
        probe = plans[f"{name}.{one}"].described.probe
        if probe is not None and (probe not in plans or plans[probe].described.effect != "read"):
            operation.refuse(
                "probe", "deployment.wrong-probe",
                fr="attendu : une opération read de ce système.",
                en="expected: a read operation of this system.",
            )  # fmt: skip
    fields.done()
    outward = Outward([base], egress, resolve=deployment.resolve, authorities=authorities)
    return Http(plans, Exchange(outward, credentials, base))


def read_credentials(
    fields: Fields, egress: Egress, deployment: Deployment, *, authorities: Path | None
) -> Credentials:
    """Return how we make ourselves known, from the key `auth` of a table."""
    auth = fields.table("auth", None)
    if auth is None:
        return Anonymous()
    kind = auth.text("kind", among=AUTHS)
    name = "Authorization"
    if kind == "oauth2":
        return _oauth2(auth, egress, deployment, authorities=authorities)
    if kind == "none":
        return Anonymous()
    user = auth.text("user") if kind == "basic" else None
    if kind == "header":
        name = auth.text("name")
        if not is_header(name, ""):
            auth.wrong("name", fr="le nom d'un en-tête", en="the name of a header")
    secret = auth.secret({"basic": "password", "bearer": "token"}.get(kind, "value"))
    if secret is None:
        return Anonymous()
    scheme = {"basic": "Basic", "bearer": "Bearer"}.get(kind, "")
    return Fixed(name, secret, user, scheme)


def _oauth2(
    auth: Fields, egress: Egress, deployment: Deployment, *, authorities: Path | None
) -> Credentials:
    url = auth.url("token_url", egress)
    client = auth.text("client_id")
    secret = auth.secret("client_secret")
    scope, audience = auth.text("scope", None), auth.text("audience", None)
    in_form = auth.text("send_in", "header", among=("header", "form")) == "form"
    if secret is None or not url:
        return Anonymous()
    grant = Grant(url, client, secret, scope, audience, in_form)
    outward = Outward([url], egress, resolve=deployment.resolve, authorities=authorities)
    return OAuth2(grant, outward, deployment.monotonic)
