"""The pages' own tests, counted with the others, and what their sources may not hold."""

import gzip
import json
import os
import re
import subprocess
import sys
from typing import Final

import pytest

from tests.house.sources import ROOT, files, name_of

WEB: Final = ROOT / "web"
BUILT: Final = WEB / "dist" / "embed"
WIDGET_MOST: Final = 25_000
"""Bytes after gzip that other people's pages load. Source: the promise of the widget, 25 kB."""
# Text becomes HTML nowhere: what an author or a customer typed is only ever shown as text.
HTML_FROM_TEXT: Final = re.compile(
    r"\{@html\b|\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write\b|"
    r"DOMParser|createContextualFragment|\bsrcdoc\b"
)


def test_the_pages_pass_their_own_tests() -> None:
    if os.environ.get("PARCOURS_WITHOUT_WEB") == "1":
        pytest.skip("the pages are not wanted here (PARCOURS_WITHOUT_WEB=1)")
    done = subprocess.run(
        [sys.executable, WEB / "build_hook.py", "test"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_page_makes_html_from_a_text() -> None:
    found = [
        name_of(path)
        for path in files()
        if path.is_relative_to(WEB / "src")
        and HTML_FROM_TEXT.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_page_that_makes_html_from_a_text_would_be_found() -> None:
    assert HTML_FROM_TEXT.search("<p>{@html text}</p>")
    assert HTML_FROM_TEXT.search("place.innerHTML = text")


def test_the_locked_packages_do_not_say_where_they_were_found() -> None:
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in text
    assert text.count('"integrity": "sha512-') >= 100


def _built(name: str) -> bytes:
    path = BUILT / name
    if not path.is_file():
        pytest.skip("the pages are not built: `make install` without PARCOURS_WITHOUT_WEB")
    return path.read_bytes()


def test_the_widget_that_is_served_is_as_small_as_it_was_promised() -> None:
    widget = _built("journey-runner.js")

    assert b"journey-runner" in widget
    assert len(gzip.compress(widget, compresslevel=9)) <= WIDGET_MOST


def test_each_adapter_carries_the_library_its_vendor_publishes() -> None:
    carried = _built("adapters/licences.txt").decode()
    package = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    wanted = ("@frontapp/plugin-sdk", "purecloud-client-app-sdk", "zendesk_app_framework_sdk")

    for name in wanted:
        version = (package.get("dependencies", {}) | package["devDependencies"])[name]
        assert f"{name} {version} " in carried
