"""The service opened for a command: its failures told as sentences, and its event loop."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import uvloop

from authoring.findings import to_text
from engine.refusals import Refused
from parcours.stops import Stop, listed
from runtime.errors import Failure, LibraryRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping

    from runtime.settings import Settings
    from runtime.wiring import Service

T = TypeVar("T")


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn what may go wrong in a use case into a sentence for the person.

    Raises:
        Stop: in place of a `Failure`, or of what the engine refuses, with its words.
    """
    try:
        yield
    except Failure as failure:
        fr, en = failure.message.get("fr", str(failure)), failure.message.get("en", str(failure))
        listed = to_text(failure.findings[:20]) if isinstance(failure, LibraryRefused) else ""
        about = _about(failure.params)
        raise Stop(fr=listed + fr + about["fr"], en=listed + en + about["en"]) from failure
    except Refused as refused:
        raise Stop(fr=refused.message["fr"], en=refused.message["en"]) from refused


def _about(params: Mapping[str, Any]) -> dict[str, str]:
    """Return which option a refusal is about, and what it takes, to follow its sentence."""
    field = params.get("field")
    if field is None:
        return {"fr": "", "en": ""}
    allowed, unknown = params.get("allowed", ()), params.get("unknown", ())
    takes = {"fr": "permis", "en": "allowed"}
    lists = {"fr": "inconnu", "en": "unknown"}
    return {
        one: f" ({field}"
        + (f"; {takes[one]}: {listed(allowed)}" if allowed else "")
        + (f"; {lists[one]}: {listed(unknown)}" if unknown else "")
        + ")"
        for one in ("fr", "en")
    }


def run(deed: Coroutine[object, object, T]) -> T:
    """Return what a deed gives, on the loop the service uses."""
    with failures_told(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(deed)


@contextmanager
def opened(
    settings: Settings,
) -> Iterator[Callable[[Callable[[Service], Coroutine[object, object, Any]]], Any]]:
    """Open the service for several deeds, and give what does one: `do(lambda service: …)`.

    Raises:
        Stop: it cannot be opened.
    """
    from runtime.wiring import open_service

    with failures_told(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        context = open_service(settings)
        service = runner.run(context.__aenter__())
        try:
            yield lambda deed: runner.run(deed(service))
        finally:
            runner.run(context.__aexit__(None, None, None))
