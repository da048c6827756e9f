"""A demonstration that can be killed and started again at its address, and what is asked of it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import tomllib
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from parcours.demo.service import read_card
from tests.house.sources import ROOT

PATIENCE_S: Final = 60


class House:
    """`parcours demo` on one folder and one port, as many processes one after the other.

    `told`: settings, as the environment names them.
    """

    def __init__(self, folder: Path, port: int, *, told: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        # Its own words in English; its pages in their browser's language.
        self._env = {**os.environ, "PARCOURS_LANG": "en", **(told or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, and wait until it takes work."""
        command = [sys.executable, "-m", "parcours.main", "demo"]
        command += ["--port", str(self.port), "--data", str(self.folder)]
        with (self.folder / "service.log").open("ab") as said:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=said, stderr=said, env=self._env
            )
        until = time.monotonic() + PATIENCE_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                log = (self.folder / "service.log").read_text()
                raise AssertionError(f"the demonstration does not answer: {log}")
            time.sleep(0.05)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def ask(self, method: str, path: str, body: Any = None, *, actor: str, match: str = "") -> Any:
        """Return the JSON answer to a request of an actor of development mode."""
        headers = {"X-Parcours-Actor": actor, "Accept-Language": "en"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        if match:
            headers["If-Match"] = match
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, body=sent, headers=headers)
            answer = connection.getresponse()
            text = answer.read()
        assert answer.status < 300, (answer.status, text)
        return json.loads(text) if text else None

    def renew(self) -> None:
        """Have the systems that journeys call forget what was changed: orders, stocks."""
        self._systems("DELETE", "/_changes")

    def breaks(self, system: str, mode: str, **more: Any) -> None:
        """Break one of the systems that journeys call, or one of its operations: `oms`, `slow`."""
        self._systems("POST", "/_faults", {"system": system, "mode": mode, **more})

    def mend(self) -> None:
        """Have the systems that journeys call be themselves again."""
        self._systems("DELETE", "/_faults")

    def publish(self, files: dict[str, str]) -> None:
        """Publish a library, as its author would."""
        self.ask("POST", "/v1/libraries", {"files": files}, actor="author:eve")

    def begin(self, journey: str, *, actor: str = "advisor:ana", **more: Any) -> str:
        """Begin a session, and return its id."""
        body = {"journey": journey, "channel": "phone", "language": "en", **more}
        return str(self.ask("POST", "/v1/sessions", body, actor=actor)["session"])

    def _systems(self, method: str, path: str, body: Any = None) -> None:
        told = tomllib.loads((self.folder / "connectors.toml").read_text(encoding="utf-8"))
        port = urlsplit(told["oms"]["base_url"]).port
        sent = None if body is None else json.dumps(body).encode()
        headers = {} if sent is None else {"Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request(method, path, body=sent, headers=headers)
            assert connection.getresponse().status == 200

    def _is_ready(self) -> bool:
        if read_card(self.folder) is None:
            return False
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as probe:
                probe.request("GET", "/ready")
                return probe.getresponse().status == 200
        except OSError:
            return False
