"""Open the console for whoever started the demonstration, if they sit before a screen."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Mapping


def has_screen(
    *, is_terminal: bool, platform: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> bool:
    """Return whether somebody looks on who has a screen: a terminal, and windows beside it.

    Without windows a browser would open in the terminal itself, over what the service says.
    """
    if not is_terminal or environment.get("CI"):
        return False
    if platform in {"win32", "darwin"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def show(url: str) -> None:
    """Open an address in the person's browser, when they have one; the service does not wait."""
    if has_screen(is_terminal=sys.stdout.isatty()):
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
