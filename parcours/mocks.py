"""The answers given in place of real systems: a mock file, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authoring.findings import to_text
from authoring.yaml.reader import read
from connectors.mock import Mock, WrongMock
from parcours.stops import Stop

if TYPE_CHECKING:
    from pathlib import Path

MOCK = "mock.yaml"
"""The name of a library's own mock file."""


def mock_of(folder: Path, given: Path | None) -> Mock | None:
    """Return the mock to play with: the file given, else the library's own, else none.

    Raises:
        Stop: the file is not there, or is not a mock file.
    """
    path = given or folder / MOCK
    if not path.is_file():
        if given is None:
            return None
        raise Stop(fr=f"{path} n'existe pas.", en=f"{path} does not exist.")
    content = read(path.read_text(encoding="utf-8"), path.as_posix())
    if content.findings:
        listed = to_text(content.findings)
        raise Stop(fr=listed, en=listed)
    try:
        return Mock(content.data if isinstance(content.data, dict) else {})
    except WrongMock as wrong:
        raise Stop(fr=f"{path} : {wrong}", en=f"{path}: {wrong}") from wrong
