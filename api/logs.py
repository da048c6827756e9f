"""The service's log: one JSON line an event, ids only; never an answer, a text or a secret."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, Final, TextIO

import structlog
from structlog.typing import FilteringBoundLogger


def make_logger(stream: TextIO, *, debug: bool = False) -> FilteringBoundLogger:
    """Return a logger that writes JSON lines to a stream."""
    level = logging.DEBUG if debug else logging.INFO
    lazy: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    # Bound at once: the lazy one is bound anew at each line.
    return lazy.bind()


_ROOMS: Final = logging.getLogger("parcours")
_OWN: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}


class _Heard(logging.Handler):
    """Writes what the rooms below say by the standard library's logging into the service's log."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record: its word, what it brings, and where a fault rose."""
        said = {name: value for name, value in vars(record).items() if name not in _OWN}
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            said |= where(fault)
        self._log.log(record.levelno, str(record.msg), room=record.name, **said)


@contextmanager
def heard(log: FilteringBoundLogger) -> Iterator[None]:
    """Have what the rooms below say written into a log while the block lasts."""
    handler = _Heard(log)
    _ROOMS.addHandler(handler)
    try:
        yield
    finally:
        _ROOMS.removeHandler(handler)


def where(fault: BaseException) -> dict[str, Any]:
    """Return what a log may say of a fault: its kind and where it rose, not its message."""
    return {
        "fault": type(fault).__qualname__,
        "frames": [
            f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ],
    }
