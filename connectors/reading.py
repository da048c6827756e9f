"""A table of the deployment file, read key by key: every fault is kept, and told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final, Self, TypeVar

from connectors.faults import Fault, Misconfigured, Path, Places
from connectors.secret import Secrets

T = TypeVar("T")
NEEDED: Final[Any] = object()
"""Given as a default: the key must be there."""
_DURATION: Final = re.compile(r"(\d{1,6}) ?(ms|s|min|h)")
_UNITS: Final = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}


@dataclass(frozen=True, slots=True)
class Source:
    """The file a table stands in, the folder its paths start from, the secrets it names."""

    places: Places
    folder: FilePath
    secrets: Secrets


class Reading:
    """Reads one table. What is wrong is remembered, and `done` raises it all.

    A key that is wrong reads as its default, or as an empty value of its kind: go on reading.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        path: Path,
        source: Source,
        *,
        faults: list[Fault] | None = None,
        elsewhere: Collection[str] = (),
    ) -> None:
        """Read a table that stands at `path`; keys `elsewhere` are read by somebody else."""
        self.path = path
        self.faults: list[Fault] = [] if faults is None else faults
        self.source = source
        self._table = table
        self._elsewhere = frozenset(elsewhere)
        self._read: set[str] = set(elsewhere)
        self._inside: list[Self] = []

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def refuse(self, key: str | None, code: str, *, fr: str, en: str) -> None:
        """Remember a fault of a key, or of the whole table."""
        self.faults.append(self.fault(key, code, fr=fr, en=en))

    def fault(self, key: str | None, code: str, *, fr: str, en: str) -> Fault:
        """Return a fault of a key, or of the whole table, in its place."""
        path = self.path if key is None else (*self.path, key)
        return self.source.places.fault(code, path, fr=fr, en=en)

    def done(self) -> None:
        """Say that all was read: what was not is unknown.

        Raises:
            Misconfigured: everything wrong in this table and those within.
        """
        self.close()
        if self.faults:
            raise Misconfigured(self.faults)

    def close(self) -> None:
        """Remember every key that nothing read, here and within."""
        for key in self._table:
            if key not in self._read:
                known = ", ".join(sorted(self._read - self._elsewhere)) or "—"
                self.refuse(
                    key, "deployment.unknown-key",
                    fr=f"clé inconnue ; possibles : {known}.",
                    en=f"unknown key; there are: {known}.",
                )  # fmt: skip
        for one in self._inside:
            one.close()
        self._inside.clear()
        self._read.update(self._table)

    # -- values

    def any(self, key: str, default: Any = NEEDED) -> Any:
        """Return a value of whatever kind."""
        self._read.add(key)
        if key in self._table:
            return self._table[key]
        if default is NEEDED:
            self.refuse(
                key, "deployment.missing-key", fr="cette clé manque.", en="this key is missing."
            )
            return None
        return default

    def text(self, key: str, default: Any = NEEDED, *, among: Collection[str] = ()) -> Any:
        """Return a text, one of `among` when that is given."""
        value = self.value(key, str, default, fr="un texte", en="a text")
        if among and value is not None and value not in among and key in self._table:
            listed = ", ".join(among)
            self.wrong(key, fr=f"l'un de : {listed}", en=f"one of: {listed}")
            return next(iter(among))
        return "" if value is None and default is NEEDED else value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        return bool(self.value(key, bool, default, fr="true ou false", en="true or false"))

    def number(self, key: str, default: Any = NEEDED, *, least: int = 0, most: int = 10**9) -> Any:
        """Return a whole number within bounds."""
        value = self.value(key, int, default, fr="un nombre entier", en="a whole number")
        if value is not None and key in self._table and not least <= value <= most:
            self.wrong(key, fr=f"de {least} à {most}", en=f"from {least} to {most}")
            return least
        return least if value is None and default is NEEDED else value

    def span(self, key: str, default_ms: int, *, most_ms: int = 3_600_000) -> int:
        """Return a duration such as `300ms`, `10s` or `2 min`, in milliseconds."""
        value = self.text(key, None)
        if value is None:
            return default_ms
        found = _DURATION.fullmatch(value)
        span = int(found[1]) * _UNITS[found[2]] if found else 0
        if not 0 < span <= most_ms:
            self.wrong(
                key,
                fr=f"une durée comme 300ms, 10s ou 2 min, de {most_ms // 1_000} s au plus",
                en=f"a duration such as 300ms, 10s or 2 min, {most_ms // 1_000} s at most",
            )
            return default_ms
        return span

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self.value(key, list, list(default), fr="une liste de textes", en="a list of texts")
        if not all(isinstance(one, str) for one in value or ()):
            self.wrong(key, fr="une liste de textes", en="a list of texts")
            return default
        return tuple(value or ())

    def table(self, key: str, default: Any = NEEDED) -> Self | None:
        """Return a table within, to be read in turn; None when it is not there."""
        value = self.value(key, dict, default, fr="une table", en="a table")
        return None if value is None else self._within(value, key)

    def tables(self, key: str) -> dict[str, Self]:
        """Return the tables of a table, by name; empty when it is not there."""
        value = self.value(key, dict, {}, fr="une table de tables", en="a table of tables") or {}
        found = {}
        for name, inside in value.items():
            if isinstance(inside, dict):
                found[name] = self._within(inside, key, name)
            else:
                self.refuse(
                    key, "deployment.wrong-value",
                    fr=f"« {name} » doit être une table.", en=f"`{name}` must be a table.",
                )  # fmt: skip
        return found

    def wrong(self, key: str, *, fr: str, en: str, code: str = "deployment.wrong-value") -> None:
        """Remember that a value is not what is expected."""
        self.refuse(key, code, fr=f"attendu : {fr}.", en=f"expected: {en}.")

    def attempt(self, key: str, make: Callable[[], T]) -> T | None:
        """Return what `make` gives; remember its ValueError as a fault of a key."""
        try:
            return make()
        except ValueError as error:
            said = str(error)
            self.refuse(key, "deployment.wrong-value", fr=said, en=said)
            return None

    def value(self, key: str, kind: type, default: Any, *, fr: str, en: str) -> Any:
        """Return a value of a kind, described in both languages."""
        value = self.any(key, default)
        if key not in self._table:
            return None if value is NEEDED else value
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(key, fr=fr, en=en)
            return None if default is NEEDED else default
        return value

    def _within(self, inside: Mapping[str, Any], *keys: str) -> Self:
        made = type(self)(inside, (*self.path, *keys), self.source, faults=self.faults)
        self._inside.append(made)
        return made
