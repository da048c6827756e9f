"""The contract every connector keeps, as tests: a kind's test file subclasses `Contract`.

A plug-in runs it too: copy this file beside its tests, subclass, give `subject`.

```python
class TestSms(Contract):
    @asynccontextmanager
    async def subject(self) -> AsyncIterator[Subject]:
        async with a_real_gateway_on_loopback() as gateway:
            yield Subject(
                connect("sms", table(gateway), deployment),
                succeeds=("sms.send", {"to": "+33600000000", "text": "Bonjour"}),
                fails=("sms.send", {"to": "+33600000500", "text": "Bonjour"}),
                hangs=("sms.send", {"to": "+33600000999", "text": "Bonjour"}),
                secrets=("the gateway's password",),
            )
```
"""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Final, get_args

import jsonschema
import pytest

from connectors.port import Connector, EffectClass, Outcome, Status

CODE: Final = re.compile(r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*")
"""What a reason is: a stable code, never a sentence."""
LATE_S: Final = 5.0
"""What a call may take beyond its own limit on a busy machine."""

Case = tuple[str, Mapping[str, Any]]
"""An operation, and the inputs it is called with."""


@dataclass
class Subject:
    """A connector, before a real system or a stand-in for it, and what to ask of it.

    Attributes:
        succeeds: what the other system does.
        refuses: what it refuses for a business reason; None when this kind knows no refusal.
        fails: what ends in a technical failure.
        hangs: what it does not answer within two seconds; None when it cannot happen.
        secrets: texts that must appear nowhere.
    """

    connector: Connector
    succeeds: Case
    refuses: Case | None = None
    fails: Case | None = None
    hangs: Case | None = None
    secrets: tuple[str, ...] = ()

    async def call(self, case: Case, *, key: str = "k-1", timeout_ms: int = 5_000) -> Outcome:
        operation, inputs = case
        return await self.connector.call(operation, inputs, key=key, timeout_ms=timeout_ms)


class Contract(ABC):
    """What every connector does, whatever it speaks to."""

    DESCRIBES: ClassVar[bool] = True
    """Whether this kind says which operations it does; a stand-in for any system does not."""

    @abstractmethod
    def subject(self) -> AbstractAsyncContextManager[Subject]:
        """Give a connector made anew, ready to be called; it is closed by the contract."""

    # -- what it says it does

    def test_every_operation_it_offers_is_described_whole(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                described = subject.connector.operations()
                assert (described is not None) is self.DESCRIBES
                for name, one in (described or {}).items():
                    assert re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", name), name
                    for schema in (one.input, one.output):
                        jsonschema.Draft202012Validator.check_schema(schema)
                        assert schema.get("type") == "object", name
                    assert one.effect in get_args(EffectClass)
                    assert 0 < one.timeout_ms <= 300_000
                    named = {*one.input.get("properties", {}), *one.output.get("properties", {})}
                    assert one.sensitive <= named, name
                    if one.probe is not None:
                        assert described is not None
                        assert described[one.probe].effect == "read"
                await subject.connector.close()

        asyncio.run(run())

    # -- what became of a call

    def test_what_the_other_system_does_succeeds_with_the_declared_result(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                outcome = await subject.call(subject.succeeds)

                well_formed(outcome)
                assert outcome.status == "succeeded", outcome
                described = (subject.connector.operations() or {}).get(subject.succeeds[0])
                if described is not None:
                    jsonschema.validate(outcome.result or {}, dict(described.output))
                    declared = described.output.get("properties", {})
                    assert set(outcome.result or {}) <= set(declared)
                await subject.connector.close()

        asyncio.run(run())

    def test_a_business_refusal_is_refused_with_its_code(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                if subject.refuses is not None:
                    outcome = await subject.call(subject.refuses)

                    well_formed(outcome)
                    assert outcome.status == "refused", outcome
                    assert outcome.result is None
                    assert not outcome.again
                await subject.connector.close()

        asyncio.run(run())

    def test_a_technical_failure_is_told_by_a_code_and_never_by_an_exception(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                if subject.fails is not None:
                    outcome = await subject.call(subject.fails)

                    well_formed(outcome)
                    assert outcome.status in {"failed", "unknown"}, outcome
                    described = (subject.connector.operations() or {}).get(subject.fails[0])
                    if described is not None and described.effect == "read":
                        assert outcome.status == "failed", "nothing read is nothing done"
                    if not outcome.sent:
                        assert outcome.status == "failed", "nothing sent is surely not done"
                await subject.connector.close()

        asyncio.run(run())

    def test_an_operation_it_does_not_have_fails_and_nothing_is_sent(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                name = f"{subject.succeeds[0].partition('.')[0]}.surely_not_there"

                outcome = await subject.call((name, {}))

                well_formed(outcome)
                assert (outcome.status, outcome.sent, outcome.again) == ("failed", False, False)
                await subject.connector.close()

        asyncio.run(run())

    def test_an_input_that_is_not_declared_fails_and_nothing_is_sent(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                if self.DESCRIBES:
                    operation, inputs = subject.succeeds

                    outcome = await subject.call((operation, {**inputs, "surely_not": "x"}))

                    well_formed(outcome)
                    assert (outcome.status, outcome.sent) == ("failed", False), outcome
                    assert outcome.reason == "connector.input"
                await subject.connector.close()

        asyncio.run(run())

    def test_an_input_that_is_needed_and_missing_fails_and_nothing_is_sent(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                operation, inputs = subject.succeeds
                described = (subject.connector.operations() or {}).get(operation)
                for name in described.input.get("required", ()) if described else ():
                    rest = {key: value for key, value in inputs.items() if key != name}

                    outcome = await subject.call((operation, rest))

                    well_formed(outcome)
                    assert (outcome.status, outcome.sent) == ("failed", False), outcome
                    assert outcome.reason == "connector.input"
                await subject.connector.close()

        asyncio.run(run())

    # -- its manners

    def test_a_call_that_hangs_is_over_when_its_time_is(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                if subject.hangs is not None:
                    began = time.monotonic()

                    outcome = await subject.call(subject.hangs, timeout_ms=200)

                    assert time.monotonic() - began < LATE_S
                    well_formed(outcome)
                    assert outcome.status in {"failed", "unknown"}
                    assert outcome.reason == "connector.timeout"
                await subject.connector.close()

        asyncio.run(run())

    def test_a_call_can_be_cancelled_and_the_next_one_is_served(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                if subject.hangs is not None:
                    hanging = asyncio.create_task(subject.call(subject.hangs, timeout_ms=60_000))
                    done, _ = await asyncio.wait({hanging}, timeout=0.1)
                    assert not done

                    hanging.cancel()

                    with pytest.raises(asyncio.CancelledError):
                        await hanging
                assert (await subject.call(subject.succeeds)).status == "succeeded"
                await subject.connector.close()

        asyncio.run(run())

    def test_calls_at_once_are_all_answered_and_inputs_stay_as_they_were(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                before = copy.deepcopy(subject.succeeds[1])

                calls = [subject.call(subject.succeeds, key=f"k-{n}") for n in range(4)]
                outcomes = await asyncio.gather(*calls)

                assert [one.status for one in outcomes] == ["succeeded"] * 4
                assert subject.succeeds[1] == before
                await subject.connector.close()

        asyncio.run(run())

    def test_it_may_be_closed_unused_and_twice(self) -> None:
        async def run() -> None:
            async with self.subject() as subject:
                await subject.connector.close()
                await subject.connector.close()

        asyncio.run(run())

    def test_its_secrets_appear_nowhere(self, caplog: pytest.LogCaptureFixture) -> None:
        async def run() -> str:
            seen = ""
            async with self.subject() as subject:
                for case in (subject.succeeds, subject.refuses, subject.fails):
                    if case is not None:
                        outcome = await subject.call(case)
                        seen += repr(outcome) + json.dumps(outcome.result)
                seen += repr(subject.connector) + repr(subject.connector.operations())
                seen += repr(getattr(subject.connector, "__dict__", ""))
                await subject.connector.close()
                seen += caplog.text
                assert [one for one in subject.secrets if one in seen] == []
            return seen

        with caplog.at_level(logging.DEBUG):
            asyncio.run(run())


def well_formed(outcome: Outcome) -> None:
    """Hold an outcome to what the outbox builds on."""
    assert outcome.status in get_args(Status)
    json.dumps(outcome.result, allow_nan=False)
    if outcome.status == "succeeded":
        assert outcome.reason is None
        assert outcome.sent
    else:
        assert outcome.result is None
    if outcome.status in {"failed", "unknown"}:
        assert outcome.reason is not None
    if outcome.reason is not None:
        assert CODE.fullmatch(outcome.reason), outcome.reason
    if outcome.status == "unknown":
        assert outcome.sent, "what was not sent is known not to have happened"
    assert outcome.after_ms is None or outcome.after_ms >= 0
