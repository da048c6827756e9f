"""One operation over HTTP: asked, its answer understood, and what became of it said exactly.

What is certain is told apart from what is not: an answer that says no is a failure that changed
nothing; silence after sending may hide a success. Source: promises.md 2.4.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.asking import Form, WrongInput, ask_of, key_header
from connectors.bodies import NotJson, read_json
from connectors.credentials import Credentials
from connectors.outward import LARGEST, Answer, Ask, NotAnswered, Outward
from connectors.paging import Pages, TooMany
from connectors.picking import Pick, reached
from connectors.port import Described, Outcome, Status
from connectors.shapes import Misfit, accepted

UNSURE: Final = frozenset({408, 425, 429})
"""Statuses below 500 after which the same call may do better; all of them say: nothing was done."""
NO: Final[Any] = object()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is the other system's business, not a failure of it.

    Attributes:
        statuses: those it comes with; any when there is none.
        at: the names that lead to its word in the body; none when the status says it all.
        words: the reason for each word; `*` for any other that is there.
    """

    statuses: frozenset[int]
    at: tuple[str, ...]
    words: Mapping[str, str]

    def reason(self, status: int, body: Any) -> str | None:
        """Return the reason; None when this is no such refusal."""
        if self.statuses and status not in self.statuses:
            return None
        if not self.at:
            return self.words.get("*")
        word = reached(body, self.at)
        if word is None or isinstance(word, dict | list):
            return None
        said = str(word).lower() if isinstance(word, bool) else str(word)
        return self.words.get(said, self.words.get("*"))


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation: what it takes and gives, how it is asked, how its answer is read.

    Attributes:
        success: statuses that are one; every 2xx when there is none.
        result: what is taken out of the answer; None when it gives nothing.
        key_header: the header that carries the action's key; None when none does.
    """

    described: Described
    form: Form
    result: Pick | None = None
    refusals: Sequence[Refusal] = ()
    success: frozenset[int] = frozenset()
    pages: Pages | None = None
    key_header: str | None = None


def reasons_of(refusals: Sequence[Refusal]) -> tuple[str, ...]:
    """Return the reasons that refusals have."""
    return tuple(sorted({word for one in refusals for word in one.words.values()}))


class Exchange:
    """Asks one system.

    Args:
        outward: reaches it.
        credentials: makes us known to it.
        base: the URL its paths are added to.
    """

    def __init__(self, outward: Outward, credentials: Credentials, base: str) -> None:
        self._outward = outward
        self._credentials = credentials
        self._base = base

    async def close(self) -> None:
        """Let connections go."""
        await self._outward.close()
        await self._credentials.close()

    async def run(
        self, plan: Plan, inputs: Mapping[str, Any], *, key: str, timeout_ms: int
    ) -> Outcome:
        """Return what became of an operation."""
        until = time.monotonic() + min(timeout_ms, plan.described.timeout_ms) / 1_000
        try:
            accepted(plan.described.input, dict(inputs), strict=True)
            extra = {} if plan.key_header is None else {plan.key_header: key_header(key)}
            ask = ask_of(plan.form, self._base, inputs, extra=extra)
        except (Misfit, WrongInput):
            return Outcome("failed", reason="connector.input", sent=False)
        try:
            answer = await self._send(ask, until)
            outcome = self._read(plan, answer)
            if outcome is None:
                body = self._body(plan, answer)
                if plan.pages is not None:
                    body = await self._rest(plan.pages, ask, answer, until=until)
                outcome = _taken(plan, body)
        except NotAnswered as ended:
            return _not_done(plan, ended.reason, sent=ended.sent, again=ended.again)
        except (NotJson, Misfit, TooMany) as wrong:
            return _not_done(plan, _REASONS[type(wrong)], sent=True)
        return outcome

    async def _send(self, ask: Ask, until: float) -> Answer:
        """Return the answer; an end of our credentials is met by new ones, once."""
        for last in (False, True):
            known = await self._credentials.headers(within_ms=_left(until))
            asked = Ask(ask.method, ask.url, {**ask.headers, **known}, ask.content)
            answer = await self._outward.send(asked, within_ms=_left(until))
            if last or answer.status != 401 or not self._credentials.renew():
                return answer
        raise AssertionError("two turns at most")

    def _read(self, plan: Plan, answer: Answer) -> Outcome | None:
        """Return the outcome that a status or a refusal decides; None for a success."""
        body = _json_or_nothing(answer.body) if plan.refusals else None
        for refusal in plan.refusals:
            reason = refusal.reason(answer.status, body)
            if reason is not None:
                return Outcome("refused", reason=reason)
        status = answer.status
        if status in plan.success or (not plan.success and 200 <= status < 300):
            return None
        reason = f"http.{status}"
        if 400 <= status < 500:
            again = status in UNSURE
            after = answer.after_ms if again else None
            return Outcome("failed", reason=reason, again=again, after_ms=after)
        after = answer.after_ms if answer.again else None
        return _not_done(plan, reason, sent=True, again=answer.again, after_ms=after)

    def _body(self, plan: Plan, answer: Answer) -> Any:
        if plan.result is None and plan.pages is None:
            return None
        return read_json(answer.body) if answer.body.strip() else {}

    async def _rest(self, pages: Pages, ask: Ask, answer: Answer, *, until: float) -> Any:
        """Return the first page's body with the items of all the pages in it."""
        first = body = read_json(answer.body)
        items = list(pages.items_of(body))
        size, count = len(answer.body), 1
        while (following := pages.following(ask, answer, body, count=count)) is not None:
            if count >= pages.most:
                if pages.cut:
                    break
                raise TooMany
            answer = await self._send(following, until)
            if not 200 <= answer.status < 300:
                raise NotAnswered(f"http.{answer.status}", sent=True, again=answer.again)
            size, count = size + len(answer.body), count + 1
            if size > LARGEST:
                raise NotAnswered("connector.too-large", sent=True)
            ask, body = following, read_json(answer.body)
            items += pages.items_of(body)
        return pages.joined(first, items)


_REASONS: Final[Mapping[type[Exception], str]] = {
    NotJson: "connector.bad-json",
    Misfit: "connector.schema",
    TooMany: "connector.too-many-pages",
}


def _taken(plan: Plan, body: Any) -> Outcome:
    if plan.result is None:
        return Outcome("succeeded", result={})
    result = plan.result.of(body)
    found = accepted(plan.described.output, {} if result is None else result)
    return Outcome("succeeded", result=found)


def _not_done(
    plan: Plan, reason: str, *, sent: bool, again: bool = False, after_ms: int | None = None
) -> Outcome:
    """Return a technical failure: one that may hide a success is `unknown`."""
    surely_not = not sent or plan.described.effect == "read"
    status: Status = "failed" if surely_not else "unknown"
    return Outcome(status, reason=reason, sent=sent, again=again, after_ms=after_ms)


def _left(until: float) -> int:
    return max(1, int((until - time.monotonic()) * 1_000))


def _json_or_nothing(body: bytes) -> Any:
    try:
        return read_json(body)
    except NotJson:
        return None
