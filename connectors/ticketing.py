"""A helpdesk: tickets opened, followed up with the time spent, closed, found.

```toml
[helpdesk]
kind = "ticketing"
helpdesk = "django-helpdesk"            # or "other", with every operation written below
base_url = "https://desk.example"
auth = {kind = "basic", user = "parcours", password = "secret://helpdesk"}
[helpdesk.operations.open.json]         # over what is known of that helpdesk, key by key
queue = {value = 7}
custom_motive = "declaration"
```

A helpdesk knows no idempotency key, so opening and following up are `unsafe`. Each carries a
reference made of the action's key, in a field of its own or in its text; after `unknown` the
helpdesk is asked whether it has it (`opened`, `noted`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from connectors.deployment import Deployment
from connectors.exchange import Exchange, Plan
from connectors.fields import Fields
from connectors.helpdesks import HELPDESKS, merged
from connectors.http import read_credentials
from connectors.http_table import read_plan
from connectors.outward import Outward
from connectors.port import Described, EffectClass, Outcome
from connectors.shapes import Misfit, accepted

_CODES: Final = ("declaration", "qualification", "action")
_TEXT: Final = {"type": "string"}
INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("title", "description", "email", *_CODES),
    "follow_up": ("ticket", "comment", "seconds", "public"),
    "close": ("ticket", "resolution", *_CODES),
    "find": ("ticket",),
}
"""What each operation takes; a mapping sends those that it names."""
OPERATIONS: Final = (*INPUTS, "search", "notes")
"""What a mapping may hold: those, and what the probes look with."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("title",),
    "follow_up": ("ticket", "comment"),
    "close": ("ticket",),
    "find": ("ticket",),
}
MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "open": ("reference", "marked_description"),
    "follow_up": ("reference", "marked_comment", "time"),
    "search": ("reference", "page"),
    "notes": ("ticket", "reference"),
}
"""What we make ourselves, for a mapping to send."""
PROBES: Final[Mapping[str, tuple[str, str]]] = {
    "open": ("opened", "search"),
    "follow_up": ("noted", "notes"),
}
"""The operation that says whether one took place, and the mapping it looks with."""
TIMES: Final = ("hms", "minutes", "seconds")
PAGES: Final = 40
"""Most pages of tickets that are looked through for one."""
_TYPES: Final = {"seconds": {"type": "integer", "minimum": 0}, "public": {"type": "boolean"}}


class Ticketing:
    """Does the operations of one helpdesk.

    Args:
        name: of its table.
        plans: how each operation is asked, by its short name.
        exchange: asks it.
        form: how it takes the time spent, one of `TIMES`.
    """

    def __init__(
        self, name: str, plans: Mapping[str, Plan], exchange: Exchange, *, form: str
    ) -> None:
        self._name = name
        self._plans = dict(plans)
        self._exchange = exchange
        self._form = form
        self._described = dict(_described(name, self._plans))

    def operations(self) -> Mapping[str, Described] | None:
        """Return what its mapping says it does."""
        return dict(self._described)

    async def close(self) -> None:
        """Let connections go."""
        await self._exchange.close()

    async def call(
        self, operation: str, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Do one operation and say what became of it."""
        described = self._described.get(operation)
        if described is None:
            return Outcome("failed", reason="connector.unknown-operation", sent=False)
        try:
            accepted(described.input, dict(inputs), strict=True)
        except Misfit:
            return Outcome("failed", reason="connector.input", sent=False)
        short = operation.partition(".")[2]
        until = time.monotonic() + min(timeout_ms, described.timeout_ms) / 1_000
        given = {**inputs, **self._made(inputs, reference_of(key))}
        if short == "opened":
            return await self._opened(given, key, until)
        if short == "noted":
            return await self._noted(given, key, until)
        return await self._run(short, given, key, until)

    def _made(self, inputs: Mapping[str, Any], reference: str) -> dict[str, Any]:
        made: dict[str, Any] = {"reference": reference}
        for name in ("description", "comment"):
            text = str(inputs.get(name, ""))
            made[f"marked_{name}"] = f"{text}\n\n[{reference}]".lstrip()
        if "seconds" in inputs:
            made["time"] = _spent(int(inputs["seconds"]), self._form)
        return made

    async def _run(self, short: str, given: Mapping[str, Any], key: str, until: float) -> Outcome:
        """Ask one of the plans, with the inputs it names."""
        plan = self._plans[short]
        taken = {name: given[name] for name in _named(plan) if name in given}
        left = max(1, int((until - time.monotonic()) * 1_000))
        return await self._exchange.run(plan, taken, key=key, timeout_ms=left)

    async def _opened(self, given: Mapping[str, Any], key: str, until: float) -> Outcome:
        """Look for the ticket with our reference: the first page, then the newest backwards."""
        page, last = 1, 1
        for looked in range(1, PAGES + 1):
            outcome = await self._run("search", {**given, "page": page}, key, until)
            if outcome.status != "succeeded":
                return outcome
            items = outcome.result.get("items", [])
            found = _holding(items, str(given["reference"]))
            if found is not None:
                return Outcome("succeeded", result={"ticket": found["ticket"]})
            if looked == 1:
                count = (
                    outcome.result.get("count", 0) if "page" in _named(self._plans["search"]) else 0
                )
                last = -(-int(count) // len(items)) if items else 1
                page = last + 1
            page -= 1
            if page < 2:
                return Outcome("refused", reason="not_found")
        return Outcome("failed", reason="connector.too-many-pages")

    async def _noted(self, given: Mapping[str, Any], key: str, until: float) -> Outcome:
        """Look for our reference among what a ticket was followed up with."""
        outcome = await self._run("notes", given, key, until)
        if outcome.status != "succeeded":
            return outcome
        found = _holding(outcome.result.get("items", []), str(given["reference"]))
        if found is None:
            return Outcome("refused", reason="not_found")
        return Outcome("succeeded", result={"note": found["note"]} if "note" in found else {})


def connect(name: str, table: Mapping[str, Any], deployment: Deployment) -> Ticketing:
    """Return the connector of a helpdesk.

    Raises:
        Misconfigured: everything wrong in the table.
    """
    known = HELPDESKS.get(str(table.get("helpdesk", "other")), {})
    fields = deployment.fields(name, merged(known, table))
    fields.text("helpdesk", "other", among=tuple(HELPDESKS))
    egress = fields.egress()
    base = fields.url("base_url", egress)
    authorities = fields.file("authorities", None)
    credentials = read_credentials(fields, egress, deployment, authorities=authorities)
    form = fields.text("time", "seconds", among=TIMES)
    plans = {}
    for one, inside in fields.tables("operations").items():
        plans[one] = _plan(one, inside)
        if one not in OPERATIONS:
            listed = ", ".join(OPERATIONS)
            fields.wrong("operations", fr=f"l'une de : {listed}", en=f"one of: {listed}")
    if not plans:
        fields.wrong("operations", fr="au moins une opération", en="at least one operation")
    fields.done()
    outward = Outward([base], egress, resolve=deployment.resolve, authorities=authorities)
    return Ticketing(name, plans, Exchange(outward, credentials, base), form=form)


def reference_of(key: str) -> str:
    """Return the reference that an action leaves in the helpdesk; the same key gives the same."""
    return f"parcours-{hashlib.sha256(key.encode()).hexdigest()[:24]}"


def _plan(short: str, fields: Fields) -> Plan:
    plan = read_plan(fields)
    if short not in OPERATIONS:
        return plan
    known = {*INPUTS.get(short, ()), *MADE.get(short, ())}
    for one in sorted(_named(plan) - known):
        listed = ", ".join(sorted(known))
        fields.refuse(
            None, "deployment.wrong-value",
            fr=f"{short} n'a pas d'entrée « {one} » ; possibles : {listed}.",
            en=f"{short} has no input `{one}`; there are: {listed}.",
        )  # fmt: skip
    return plan


def _named(plan: Plan) -> set[str]:
    return set(plan.described.input["properties"])


def _described(name: str, plans: Mapping[str, Plan]) -> Mapping[str, Described]:
    """Return the operations that people's libraries name, and the probes of those that need one."""
    found = {}
    for short, plan in plans.items():
        if short not in INPUTS:
            continue
        named = _named(plan)
        taken = [one for one in INPUTS[short] if one in named or _through(one) & named]
        whole = replace(
            plan.described,
            input={
                "type": "object",
                "properties": {one: _TYPES.get(one, _TEXT) for one in taken},
                "required": [one for one in NEEDED[short] if one in taken],
                "additionalProperties": False,
            },
            probe=None,
        )
        probe, looks = PROBES.get(short, ("", ""))
        if probe and looks in plans and named & {"reference", f"marked_{_marked(short)}"}:
            whole = replace(whole, probe=f"{name}.{probe}")
            effect: EffectClass = "read"
            found[f"{name}.{probe}"] = replace(
                whole, effect=effect, probe=None, timeout_ms=plans[looks].described.timeout_ms
            )
        found[f"{name}.{short}"] = whole
    return found


def _through(name: str) -> set[str]:
    """Return what else carries an input."""
    return {"seconds": {"time"}}.get(name, {f"marked_{name}"})


def _marked(short: str) -> str:
    return "description" if short == "open" else "comment"


def _holding(items: Any, reference: str) -> Mapping[str, Any] | None:
    """Return the first of some tickets or notes that holds a reference."""
    for one in items if isinstance(items, list) else ():
        if isinstance(one, Mapping) and reference in str(one.get("text", "")):
            return one
    return None


def _spent(seconds: int, form: str) -> str | int | float:
    if form == "hms":
        minutes, rest = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02}:{minutes:02}:{rest:02}"
    return round(seconds / 60, 2) if form == "minutes" else seconds
