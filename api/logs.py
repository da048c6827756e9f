"""The service's log: one JSON line an event, ids only; never an answer, a text or a secret."""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath
from typing import TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger


def make_logger(stream: TextIO, *, debug: bool = False) -> FilteringBoundLogger:
    """Return a logger that writes JSON lines to a stream."""
    level = logging.DEBUG if debug else logging.INFO
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    return logger


def _where(_: object, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and where it rose: its message may quote an answer."""
    fault = event.pop("exc_info", None)
    if isinstance(fault, BaseException):
        event["fault"] = type(fault).__qualname__
        event["frames"] = [
            f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(fault.__traceback__)
        ]
    return event
