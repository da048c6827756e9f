"""Which connector does an operation: the administrator's choice, never the journey's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from connectors.port import Connector

_log = logging.getLogger("parcours.connectors")


class Registry:
    """Connectors by operation, by the part before its dot, or `*` for any other."""

    def __init__(self, connectors: Mapping[str, Connector] | None = None) -> None:
        self._connectors = dict(connectors or {})

    @property
    def connectors(self) -> Mapping[str, Connector]:
        """Every connector, by what it is configured for."""
        return self._connectors

    def find(self, operation: str) -> Connector | None:
        """Return the connector of an operation; None when none is configured."""
        for name in (operation, operation.partition(".")[0], "*"):
            if name in self._connectors:
                return self._connectors[name]
        return None

    def names(self) -> list[str]:
        """Return what connectors are configured for, sorted."""
        return sorted(self._connectors)

    async def close(self) -> None:
        """Close every connector, each once; one that fails to close does not keep the others."""
        each = {id(one): one for one in self._connectors.values()}.values()
        for result in await asyncio.gather(*(one.close() for one in each), return_exceptions=True):
            if isinstance(result, Exception):
                _log.warning("connector_not_closed", exc_info=result)
