"""How a view shows the actions of a session, as structures: see `api.schemas`."""

from __future__ import annotations

from typing import Any

import msgspec


class Pending(msgspec.Struct):
    """The action that stands in the way."""

    effect: str
    operation: str
    visit: int


class Unattended(msgspec.Struct):
    """An action that came to nothing and that nobody has; `undo`: it was to undo another one."""

    effect: str
    operation: str
    step: str
    status: str
    reason: str | None
    undo: bool


class Late(msgspec.Struct):
    """An action that succeeded after all, once a person was led through it.

    `by_hand`: the person did it as well. Until then its values are suggested in the fields, and
    `use_result` takes them. `values` are those it has for the questions of the manual procedure,
    which an `amend` of `visit` takes; `shown` as people read them.
    """

    effect: str
    operation: str
    step: str
    visit: int
    by_hand: bool
    values: dict[str, Any]
    shown: dict[str, str]
