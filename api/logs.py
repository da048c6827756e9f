"""The service's log: one JSON line an event, ids only; never an answer, a text or a secret."""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath
from typing import Any, TextIO

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


def where(fault: BaseException) -> dict[str, Any]:
    """Return what a log may say of a fault: its kind and where it rose, not its message."""
    return {
        "fault": type(fault).__qualname__,
        "frames": [
            f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ],
    }
