"""The pages' own tests, counted with the others, and what their sources may not hold."""

import os
import re
import subprocess
import sys
from typing import Final

import pytest

from tests.house.sources import ROOT, files, name_of

WEB: Final = ROOT / "web"
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
