"""A system that describes itself: its OpenAPI 3 document's operations, ready to be asked.

```toml
[crm]
kind = "openapi"
document = "crm.openapi.json"            # a file beside this one, or an https URL
base_url = "https://crm.example/api"
auth = {kind = "header", name = "X-Api-Key", value = "secret://crm-key"}
only = ["get_customer", "create_note"]   # else all of them

[crm.operations.get_customer]            # crm.get_customer
id = "getCustomerById"                   # its id in the document
sensitive = ["email"]
```
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urljoin

from connectors.deployment import Deployment
from connectors.exchange import Exchange, Plan, reasons_of
from connectors.faults import Fault, Misconfigured
from connectors.fields import Fields
from connectors.http import read_credentials
from connectors.http_answers import read_pages, read_refusals, read_result, read_statuses
from connectors.http_table import ATTEMPT_MS, EFFECTS, LONGEST_MS
from connectors.openapi_document import Offer, WrongDocument, offers
from connectors.outward import Ask, NotAnswered, Outward
from connectors.port import Described, Outcome
from connectors.saying import read_says
from connectors.urls import origin_of

LARGEST: Final = 8 * 1024 * 1024
FETCH_MS: Final = 10_000
EVERY_S: Final = 30.0
"""Least time between two looks for a document that could not be had."""

Choose = Callable[[Any], dict[str, Plan]]
"""Gives the plans of a document; raises `Misconfigured` when the table does not go with it."""


class OpenApi:
    """Does the operations of one document. One that is fetched is fetched when it can be."""

    def __init__(
        self, name: str, exchange: Exchange, plans: Mapping[str, Plan] | None,
        *, fetch: Callable[[], Any] | None = None, monotonic: Callable[[], float],
    ) -> None:  # fmt: skip
        self._name = name
        self._exchange = exchange
        self._plans = plans
        self._fetch = fetch
        self._monotonic = monotonic
        self._looked: float | None = None
        self._faults: Sequence[Fault] = ()
        self._looking = asyncio.Lock()

    def operations(self) -> Mapping[str, Described] | None:
        """Return what the document says; None while it could not be had."""
        if self._plans is None:
            return None
        return {name: plan.described for name, plan in self._plans.items()}

    async def prepare(self) -> Sequence[Fault]:
        """Fetch the document unless it is there, and return what is wrong with it."""
        async with self._looking:
            too_soon = self._looked is not None and self._monotonic() - self._looked < EVERY_S
            if self._plans is not None or self._fetch is None or too_soon:
                return self._faults
            self._looked = self._monotonic()
            try:
                self._plans, self._faults = await self._fetch(), ()
            except Misconfigured as wrong:
                self._faults = wrong.faults
            return self._faults

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation and say what became of it."""
        if self._plans is None:
            await self.prepare()
        if self._plans is None:
            return Outcome("failed", reason="connector.not-described", sent=False, again=True)
        plan = self._plans.get(operation)
        if plan is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        return await self._exchange.run(plan, inputs, key=key, timeout_ms=timeout_ms)

    async def close(self) -> None:
        """Let connections go."""
        await self._exchange.close()


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> OpenApi:
    """Return the connector of a table of kind `openapi`. A document to be fetched is not yet.

    Raises:
        Misconfigured: everything wrong in the table, and in a document that is a file.
    """
    fields = deployment.fields(name, table)
    egress = fields.egress()
    base = fields.url("base_url", egress, None)
    authorities = fields.file("authorities", None)
    credentials = read_credentials(fields, egress, deployment, authorities=authorities)
    where = fields.text("document")
    is_fetched = "://" in str(where)
    if is_fetched:
        fields.url("document", egress)
    path = None if is_fetched else fields.file("document")
    choose = _chooser(name, fields)
    document = _document(fields, deployment, path)
    base = base or _server(document, where if is_fetched else None)
    if not base and where:
        fields.refuse(
            "base_url", "deployment.missing-key",
            fr="cette clé manque, et le document ne dit pas d'adresse https complète.",
            en="this key is missing, and the document says no whole https address.",
        )  # fmt: skip
    fields.done()
    exchange = Exchange(
        Outward([base], egress, resolve=deployment.resolve, authorities=authorities),
        credentials, base,
    )  # fmt: skip
    if not is_fetched:
        return OpenApi(name, exchange, choose(document), monotonic=deployment.monotonic)

    async def fetch() -> dict[str, Plan]:
        outward = Outward([where], egress, resolve=deployment.resolve, authorities=authorities,
                          largest=LARGEST)  # fmt: skip
        try:
            return choose(await _fetched(outward, where, fields))
        finally:
            await outward.close()

    return OpenApi(name, exchange, None, fetch=fetch, monotonic=deployment.monotonic)


def _document(fields: Fields, deployment: Deployment, path: Any) -> Any:
    if path is None:
        return None
    try:
        return deployment.read(path)
    except ValueError as error:
        said = f"{path}: {error}"
        fields.refuse("document", "deployment.wrong-file", fr=said, en=said)
        return None


def _server(document: Any, where: str | None) -> str:
    """Return the address a document gives; one that was fetched does not choose another's.

    Our secrets go to that address: only a file of the deployment's own may say it.
    """
    if where is not None:
        return str(origin_of(where) or "")
    servers = document.get("servers") if isinstance(document, Mapping) else None
    first = servers[0] if isinstance(servers, list) and servers else None
    url = first.get("url") if isinstance(first, Mapping) else None
    found = urljoin("", url) if isinstance(url, str) else ""
    is_whole = found.startswith("https://") and origin_of(found) is not None and "?" not in found
    return found.removesuffix("/") if is_whole else ""


async def _fetched(outward: Outward, url: str, fields: Fields) -> Any:
    reason = None
    try:
        answer = await outward.send(Ask("GET", url), within_ms=FETCH_MS)
        reason = None if answer.status == 200 else f"http.{answer.status}"
        if reason is None:
            return json.loads(answer.body)
    except NotAnswered as ended:
        reason = ended.reason
    except (ValueError, RecursionError):
        reason = "connector.bad-json"
    raise Misconfigured([
        fields.fault(
            "document", "deployment.down",
            fr=f"le document n'a pas pu être lu ({reason}) ; nouvel essai à l'usage.",
            en=f"the document could not be read ({reason}); tried again when it is needed.",
        )
    ])  # fmt: skip


def _chooser(system: str, fields: Fields) -> Choose:
    """Return what picks, names and changes a document's operations as the table says."""
    only = fields.texts("only")
    changes = {name: _change(inside) for name, inside in fields.tables("operations").items()}

    def choose(document: Any) -> dict[str, Plan]:
        try:
            found = offers(document)
        except WrongDocument:
            raise Misconfigured([
                fields.fault(
                    "document", "deployment.wrong-document",
                    fr="un document OpenAPI 3 est attendu.",
                    en="an OpenAPI 3 document is expected.",
                )
            ]) from None  # fmt: skip
        by_id = {one.id: one for one in found.values()}
        missing: list[Fault] = []
        for name, (said, _) in changes.items():
            one = by_id.get(said) if said is not None else found.get(name)
            if one is None:
                missing.append(_unknown(fields, "operations", said or name, found))
            elif one.name != name:
                found.pop(one.name, None)
                found[name] = replace(one, name=name)
        missing += [_unknown(fields, "only", one, found) for one in only if one not in found]
        if missing:
            raise Misconfigured(missing)
        plans = {one: offer.plan for one, offer in found.items() if not only or one in only}
        for name, (_, change) in changes.items():
            if name in plans:
                plans[name] = change(plans[name])
        return {f"{system}.{name}": plan for name, plan in plans.items()}

    return choose


def _unknown(fields: Fields, key: str, name: str, found: Mapping[str, Offer]) -> Fault:
    listed = ", ".join(sorted(found)[:20])
    return fields.fault(
        key, "deployment.no-operation",
        fr=f"le document n'a pas d'opération « {name} » ; il a : {listed}.",
        en=f"the document has no operation `{name}`; it has: {listed}.",
    )  # fmt: skip


def _change(fields: Fields) -> tuple[str | None, Callable[[Plan], Plan]]:
    """Return an operation's id in the document, and what the table says otherwise of it."""
    said = fields.text("id", None)
    effect = fields.text("effect", None, among=EFFECTS)
    span = fields.span("timeout", ATTEMPT_MS, most_ms=LONGEST_MS)
    sensitive = frozenset(fields.texts("sensitive"))
    probe = fields.text("probe", None)
    says = read_says(fields)
    key_header = fields.text("key_header", "Idempotency-Key")
    refusals = read_refusals(fields) if "refusals" in fields else None
    success = read_statuses(fields, "success")
    pages = read_pages(fields)
    has_result = "result" in fields
    result, output = read_result(fields)

    def change(plan: Plan) -> Plan:
        given = output if has_result else plan.described.output
        named = {*plan.described.input["properties"], *given["properties"]}
        if sensitive - named:
            raise Misconfigured([_not_among(fields, "sensitive", named)])
        taken = {*plan.described.input["properties"]}
        if says is not None and says.text not in taken:
            raise Misconfigured([_not_among(fields, "says", taken)])
        described = replace(
            plan.described,
            effect=effect or plan.described.effect,
            timeout_ms=span,
            sensitive=sensitive,
            probe=probe,
            output=given,
            refusals=reasons_of(plan.refusals if refusals is None else refusals),
            says=says,
        )
        is_keyed = described.effect == "keyed"
        return replace(
            plan,
            described=described,
            result=result if has_result else plan.result,
            refusals=plan.refusals if refusals is None else refusals,
            success=success,
            pages=pages,
            key_header=(plan.key_header or key_header) if is_keyed else None,
        )

    return said, change


def _not_among(fields: Fields, key: str, names: set[str]) -> Fault:
    listed = ", ".join(sorted(names))
    return fields.fault(
        key, "deployment.wrong-value",
        fr=f"attendu : parmi {listed}.", en=f"expected: among {listed}.",
    )  # fmt: skip
