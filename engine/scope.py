"""What an expression, a table or a wording may read: values, the day, and the codes taken."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.events import Json

AXES = ("declaration", "qualification", "action")
"""The three axes a contact is traced on, as expressions name them."""

NOT_REACHED = "not_reached"
"""What stands for the code of an axis on which none was taken."""
_NO_CODES: Mapping[str, Sequence[str]] = MappingProxyType({})


class Scope:
    """The values in their JSON form by root name, the day, and the current codes of each axis.

    `today` is `YYYY-MM-DD`; the last code of an axis is its principal one. Nothing here is copied,
    and nothing that reads a scope writes to it.
    """

    __slots__ = ("codes", "today", "values")

    def __init__(
        self,
        values: dict[str, Json],
        today: str,
        codes: Mapping[str, Sequence[str]] = _NO_CODES,
    ) -> None:
        self.values = values
        self.today = today
        self.codes = codes
