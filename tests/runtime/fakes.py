"""Connectors of the tests: what every one of them has, whatever it answers."""

from collections.abc import Mapping

from connectors.port import Described


class Fake:
    """Describes nothing unless told, and has nothing to let go of."""

    described: Mapping[str, Described] | None = None

    def operations(self) -> Mapping[str, Described] | None:
        return self.described

    async def close(self) -> None:
        return
