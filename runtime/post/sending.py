"""Replies going out through the e-mail connector: on disk first, sent once, their fate known.

Every attempt at a reply has the same Message-ID, which follows from its key. One that surely did
not go is tried again; one of which nobody knows is not, and says so. Source: promises.md 2.4.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from connectors.email import SAYS
from connectors.port import Outcome
from connectors.registry import Registry
from runtime.clock import Clock
from runtime.errors import Failure
from runtime.incident_messages import ANYBODY, Enclosed, IncidentMessages, Reader
from runtime.post.rows import MessageRow, changed, message_row
from runtime.store import messages as s
from runtime.store.port import LostRace, Store, Unit, Write

LEASE: Final = 120_000
"""Milliseconds after which a reply that was being sent is one of which nobody knows."""
ATTEMPTS: Final = 48
CAP: Final = 300_000
"""Longest rest between two attempts, in milliseconds. Source: promises.md 2.4."""
TIMEOUT: Final = 20_000
BATCH: Final = 20
LOOK_EVERY: Final = 5.0

_log = logging.getLogger("parcours.post")


@dataclass(slots=True, kw_only=True)
class Sending:
    """Sends the replies of all tenants.

    `operation` is the connector's that does, None where there is none; `tell` is called with
    (tenant, contact) when a reply's fate changes: until then who wrote has no answer; `incidents`
    adds what its reader is to be told besides.
    """

    store: Store
    clock: Clock
    registry: Registry
    operation: str | None
    tell: Callable[[str, str], None]
    incidents: IncidentMessages

    async def with_incidents(self, row: MessageRow, text: str) -> Enclosed:
        """Return a text with what is said of incidents to whoever a message is from, or goes to.

        What cannot be known now is left out.
        """
        tenant, language = row["tenant"], row["content"].get("language")
        try:
            if row["session"] is not None:
                reader = await self.incidents.reader(tenant, row["session"], SAYS)
            else:
                reader = Reader(
                    tenant=tenant, holder=row["customer"] or row["id"], language=language or "fr",
                    says=SAYS, who=ANYBODY,
                )  # fmt: skip
            return await self.incidents.add(
                replace(reader, language=language or reader.language), text
            )
        except Failure as failure:
            _log.warning("incident_not_said", extra={"key": row["id"], "code": failure.code})
            return Enclosed(text)

    async def send(self, row: MessageRow) -> MessageRow:
        """Attempt a reply that is ready, and return it with what became of it."""
        claimed = await self._change(
            row, status="sending", due=self.clock.now() + LEASE, attempt=row["attempt"] + 1
        )
        if claimed is None:
            return await self._again(row)
        enclosed = await self.with_incidents(claimed, claimed["text"])
        outcome = await self._called(claimed, enclosed.text)
        columns = self._became(claimed, outcome)
        also: Sequence[Write] = ()
        if outcome.status == "succeeded":
            also = enclosed.writes
            told = [{"id": one["id"], "version": one["version"]} for one in enclosed.incidents]
            columns["content"]["incidents"] = told
        return await self._change(claimed, also, **columns) or claimed

    async def _called(self, row: MessageRow, body: str) -> Outcome:
        operation = self.operation
        connector = None if operation is None else self.registry.find(operation)
        if operation is None or connector is None:
            return Outcome("failed", reason="connector.not-configured", sent=False, again=True)
        content = row["content"]
        inputs = {
            "to": row["recipient"], "subject": row["subject"], "body": body,
            "references": content.get("references", []), "by_person": True,
        }  # fmt: skip
        if "invitation" in content:
            inputs["invitation"] = content["invitation"]
        try:
            async with asyncio.timeout(TIMEOUT / 1_000):
                return await connector.call(
                    operation, inputs, key=content["key"], timeout_ms=TIMEOUT
                )
        except TimeoutError:
            return Outcome("unknown", reason="connector.timeout")

    def _became(self, row: MessageRow, outcome: Outcome) -> dict[str, Any]:
        content = {**row["content"], "reason": outcome.reason}
        if outcome.status == "succeeded":
            return {"status": "sent", "due": None, "content": {**content, "reason": None}}
        if outcome.status == "unknown" and outcome.sent:
            return {"status": "unknown", "due": None, "content": content}
        if outcome.again and row["attempt"] < ATTEMPTS:
            rest = outcome.after_ms or min(CAP, 500 * 2 ** min(row["attempt"], 16))
            return {"status": "ready", "due": self.clock.now() + rest, "content": content}
        return {"status": "failed", "due": None, "content": content}

    async def _change(
        self, row: MessageRow, also: Sequence[Write] = (), **columns: Any
    ) -> MessageRow | None:
        unit = Unit(list(also))
        after = changed(unit, row, self.clock.now(), **columns)
        try:
            await self.store.commit(unit)
        except LostRace:
            return None
        if row["contact"] is not None:
            self.tell(row["tenant"], row["contact"])
        return after

    async def _again(self, row: MessageRow) -> MessageRow:
        rows = await self.store.read(s.MESSAGE, row["tenant"], row["id"])
        return message_row(rows[0]) if rows else row

    async def deliver(self) -> int:
        """Send what is due, in this process or left by another; return how many were sent."""
        sent = 0
        for found in await self.store.read(s.DUE_MESSAGES, self.clock.now(), BATCH):
            row = message_row(found)
            if row["status"] == "sending":
                # Whoever was sending it is gone: it may have gone out.
                await self._change(row, status="unknown", due=None)
            elif row["status"] == "ready":
                sent += (await self.send(row))["status"] == "sent"
            else:
                await self._change(row, due=None)
        return sent

    async def work(self) -> None:
        """Send what is due until cancelled."""
        while True:
            try:
                await self.deliver()
            except Failure as failure:
                _log.warning("post_waits", extra={"code": failure.code})
            await asyncio.sleep(LOOK_EVERY)
