"""How a command ends early: a sentence for the person, and an exit code for the script."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOUND = 1
"""The command did its work and what it looked at is not right: findings, a failed test."""
USAGE = 2
"""The command could not do its work as it was asked."""


class Stop(Exception):
    """The command cannot go on.

    Attributes:
        text: what to do about it, by language (`fr`, `en`).
        code: the exit code.
    """

    def __init__(self, *, fr: str, en: str, code: int = USAGE) -> None:
        super().__init__(en)
        self.text = {"fr": fr, "en": en}
        self.code = code


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say for the person that a file which is written here cannot be.

    Raises:
        Stop: in place of the system's error.
    """
    try:
        yield
    except OSError as error:
        raise Stop(
            fr=f"{path} : impossible à écrire ({error.strerror}).",
            en=f"{path}: cannot be written ({error.strerror}).",
        ) from error


def listed(allowed: object) -> str:
    """Return what a refusal says is allowed: a sentence as it is, a list with commas between."""
    return ", ".join(map(str, allowed)) if isinstance(allowed, (list, tuple)) else str(allowed)
