"""Find the operations served without the router: those an advisor waits for at every step.

The router's regular expressions and FastAPI's own work cost more than the turn itself
(performance.md); the same operations also stand in the router, and a test holds both equal.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.operations import Operation
from api.routes import sessions

SESSIONS = "/v1/sessions"
_BELOW = SESSIONS + "/"
_COMMANDS = "/commands"


def find(method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
    """Return the hot operation and its parameters for a method and path; None for any other."""
    if not path.startswith(SESSIONS):
        return None
    if method == "POST":
        if path == SESSIONS:
            return sessions.START, {}
        if path.startswith(_BELOW) and path.endswith(_COMMANDS):
            session = path[len(_BELOW) : -len(_COMMANDS)]
            if session and "/" not in session:
                return sessions.COMMAND, {"session": session}
    elif method == "GET" and path.startswith(_BELOW):
        session = path[len(_BELOW) :]
        if session and "/" not in session:
            return sessions.READ, {"session": session}
    return None


def find_none(_method: str, _path: str) -> None:
    """Find nothing: every operation goes through the router. For comparison."""
