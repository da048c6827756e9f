"""Secrets: named in the deployment file, kept outside it, read when something is sent.

`secret://oms-token` is the environment's `PARCOURS_SECRET_OMS_TOKEN`, else the file `oms-token` of
the secrets folder. Source: promises.md 2.7, 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SCHEME: Final = "secret://"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST: Final = 65_536
"""Most bytes of a secret: a key or certificate fits."""


class SecretMissing(Exception):
    """A secret is neither in the environment nor in the secrets folder.

    Attributes:
        name: what it is called; nothing of its content.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"secret {name} is missing")
        self.name = name


class Secret:
    """A value that is shown nowhere: it prints as `***`, and no encoder takes it.

    It holds where the value is, not the value: one that was changed is used from the next call on.
    """

    __slots__ = ("_secrets", "name")

    def __init__(self, name: str, secrets: Secrets) -> None:
        self.name = name
        self._secrets = secrets

    def reveal(self) -> str:
        """Return the value, to be sent at once and kept nowhere.

        Raises:
            SecretMissing: it is no longer there.
        """
        return self._secrets.read(self.name)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: Any) -> Secret:
        return self

    def __reduce__(self) -> str:
        raise TypeError("a secret is never stored")


class Secrets:
    """Where secrets are.

    Args:
        environment: holds `PARCOURS_SECRET_NAME`, in capitals, `-` written `_`.
        folder: holds one file for each; None when there is no such folder.
    """

    __slots__ = ("_environment", "_folder")

    def __init__(self, environment: Mapping[str, str], folder: Path | None = None) -> None:
        self._environment = environment
        self._folder = folder

    def __repr__(self) -> str:
        return "Secrets(***)"

    def named(self, reference: str) -> Secret | None:
        """Return the secret a reference names; None when the text is not a reference."""
        name = reference.removeprefix(SCHEME)
        if not reference.startswith(SCHEME) or _NAME.fullmatch(name) is None:
            return None
        return Secret(name, self)

    def read(self, name: str) -> str:
        """Return the value of a secret, without the line end its file may close with.

        Raises:
            SecretMissing: it is nowhere, is empty, or cannot be read.
        """
        value = self._environment.get(variable(name))
        if not value and self._folder is not None:
            value = _content(self._folder / name)
        if not value:
            raise SecretMissing(name)
        return value


def variable(name: str) -> str:
    """Return the variable of the environment that may hold a secret."""
    return f"PARCOURS_SECRET_{name.upper().replace('-', '_')}"


def _content(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return None
