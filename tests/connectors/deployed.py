"""Connectors opened as a service opens them: from the text of a deployment file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from connectors.allowances import NotCounted
from connectors.deployment import load_deployment
from connectors.faults import Misconfigured
from connectors.kinds import open_connectors
from connectors.port import Connector, Outcome
from connectors.secret import variable
from runtime.deploying import read_data

HERE = 'allow_http = true\nallow_private = ["127.0.0.0/8"]\n'
"""What a system on this machine needs in its table."""


class Uncounted:
    """Cannot count: its database does not answer."""

    async def take(self, name: str, *, most: int) -> bool:
        """Count no call."""
        del name, most
        raise NotCounted

    async def pace(self, name: str, holder: str, *, mark: str, every_ms: int) -> int:
        """Keep no pace."""
        del name, holder, mark, every_ms
        raise NotCounted


@asynccontextmanager
async def opened(
    text: str, *, secrets: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None,
    **given: Any,
) -> AsyncIterator[dict[str, Connector]]:  # fmt: skip
    """Give the connectors of a deployment, and close them."""
    with TemporaryDirectory() as name:
        found = open_text(text, Path(name), secrets=secrets, files=files, **given)
        try:
            yield found
        finally:
            await asyncio.gather(*(one.close() for one in found.values()))


def open_text(
    text: str, folder: Path, *, secrets: Mapping[str, str] | None = None,
    files: Mapping[str, str] | None = None, **given: Any,
) -> dict[str, Connector]:  # fmt: skip
    """Return the connectors of a deployment."""
    for name, content in {"connectors.toml": text, **(files or {})}.items():
        (folder / name).write_text(content, encoding="utf-8")
    given.setdefault("environment", {variable(name): it for name, it in (secrets or {}).items()})
    deployment = load_deployment(folder / "connectors.toml", read=read_data, **given)
    return open_connectors(deployment)


def faults_of(text: str, folder: Path, **given: Any) -> list[tuple[str, str]]:
    """Return the code and place of everything wrong in a deployment."""
    with pytest.raises(Misconfigured) as wrong:
        open_text(text, folder, **given)
    for one in wrong.value.faults:
        assert all(one.message[language].strip() for language in ("fr", "en"))
    return [(one.code, ".".join(one.path)) for one in wrong.value.faults]


async def call(
    connectors: Mapping[str, Connector], operation: str, *, key: str = "k-1",
    timeout_ms: int = 5_000, **inputs: Any,
) -> Outcome:  # fmt: skip
    """Return what became of an operation."""
    connector = connectors[operation.partition(".")[0]]
    return await connector.call(operation, inputs, key=key, timeout_ms=timeout_ms)
