"""Calendars of the deployment: where each is, and reading when it is busy.

```toml
[seller.slots.calendars.ana]
url = "secret://ana-calendar"        # an address that only its owner knows is a secret
every = "15 min"
[seller.slots.calendars.holidays]
file = "holidays.ics"                # from this file's folder
closes = true                        # while it is busy nobody of the team is there
```
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from connectors.fields import Fields
from connectors.outward import Ask, NotAnswered, Outward
from connectors.secret import SCHEME, Secret, SecretMissing
from connectors.urls import origin_of

LARGEST: Final = 4 * 1024 * 1024
"""Most bytes of a calendar."""
TIMEOUT: Final = 15_000
READ_WITHIN_S: Final = 20.0
"""Seconds that making out when a calendar is busy may take."""
EVERY: Final = 900_000
"""Milliseconds between two looks at a calendar, unless the file says otherwise."""
SHORTEST: Final = 60_000
LONGEST: Final = 86_400_000


class NotRead(Exception):
    """A calendar could not be read; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One calendar: a file, or an address asked over HTTP. `closes`: it is the whole team's."""

    name: str
    every_ms: int = EVERY
    closes: bool = False
    file: Path | None = None
    url: str | Secret = ""
    outward: Outward | None = field(default=None, compare=False, repr=False)

    async def busy(self, begins: int, ends: int, zone: str) -> list[tuple[int, int]]:
        """Return when it is busy between two instants, in order and joined, ms UTC.

        Days and times that name no zone are read in `zone`.

        Raises:
            NotRead: it cannot be fetched, is too large, or is no calendar.
        """
        text = self._of_file() if self.file is not None else await self._fetched()
        asked = {"text": text, "begins": begins, "ends": ends, "zone": zone}
        answer = await _made_out(json.dumps(asked).encode())
        return [(one[0], one[1]) for one in json.loads(answer)]

    def _of_file(self) -> str:
        try:
            with Path(str(self.file)).open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError:
            raise NotRead("calendar.no-file") from None
        if len(content) > LARGEST:
            raise NotRead("calendar.too-large")
        return content.decode("utf-8", "replace")

    async def _fetched(self) -> str:
        assert self.outward is not None
        try:
            url = self.url.reveal() if isinstance(self.url, Secret) else self.url
            ask = Ask("GET", url, {"accept": "text/calendar"})
            answer = await self.outward.send(ask, within_ms=TIMEOUT)
        except SecretMissing:
            raise NotRead("connector.secret") from None
        except NotAnswered as lost:
            too_large = lost.reason == "connector.too-large"
            raise NotRead("calendar.too-large" if too_large else lost.reason) from None
        if answer.status != 200:
            raise NotRead(f"http.{answer.status}")
        return answer.body.decode("utf-8", "replace")

    async def close(self) -> None:
        """Let connections go."""
        if self.outward is not None:
            await self.outward.close()


async def _made_out(request: bytes) -> bytes:
    """Return the busy times of a calendar, made out by a process that is ended if it takes long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "connectors.busy", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(READ_WITHIN_S):
            answer, _ = await process.communicate(request)
    except TimeoutError:
        raise NotRead("calendar.slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise NotRead("calendar.malformed")
    return answer


def read_feed(name: str, fields: Fields) -> Feed:
    """Return the calendar of a table; what is wrong in it is remembered by the fields."""
    every_ms = fields.span("every", EVERY, most_ms=LONGEST)
    if every_ms < SHORTEST:
        fields.wrong("every", fr="au moins 1 min", en="1 min at least")
    closes, egress = fields.flag("closes"), fields.egress()
    if ("file" in fields) == ("url" in fields):
        fields.refuse(
            None, "deployment.wrong-value",
            fr="l'un de file et url est nécessaire.", en="one of file and url is needed.",
        )  # fmt: skip
    said = str(fields.any("url", None) or "")
    path = fields.text("file", None)
    file = None if path is None else fields.source.folder / path
    url: str | Secret = ""
    if said.startswith(SCHEME):
        url = fields.secret("url") or ""
    elif said:
        url = fields.url("url", egress)
    faulty = bool(fields.faults)
    reach = url.reveal() if isinstance(url, Secret) and not faulty else url
    if isinstance(reach, str) and reach:
        origin = origin_of(reach)
        if origin is None or (origin.startswith("http:") and not egress.allow_http):
            fields.wrong(
                "url", code="deployment.url",
                fr="une adresse https ; http seulement avec allow_http = true",
                en="an https address; http only with allow_http = true",
            )  # fmt: skip
    outward = None
    if isinstance(reach, str) and reach and not fields.faults:
        outward = Outward([reach], egress, largest=LARGEST)
    return Feed(
        name=name, every_ms=every_ms, closes=closes, file=file, url=url, outward=outward
    )  # fmt: skip
