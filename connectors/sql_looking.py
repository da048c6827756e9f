"""Whether a database takes the statements of a deployment, asked without running any of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, Protocol

from connectors.faults import Fault
from connectors.sql_databases import Database, NotRun, NotTaken
from connectors.sql_text import Bound

LOOK_S: Final = 5.0
"""Seconds that looking at one statement may take."""

Said = Callable[..., Fault]
"""Makes a fault of a key of an operation's table: its key, its code, `fr` and `en`."""


class Looked(Protocol):
    """What is looked at of an operation."""

    @property
    def statement(self) -> Bound:
        """The statement."""
        ...

    @property
    def gives(self) -> Collection[str]:
        """The columns that are declared."""
        ...

    @property
    def writes(self) -> bool:
        """Whether it writes."""
        ...


async def misfits(
    database: Database, operations: Mapping[str, Looked], said: Mapping[str, Said]
) -> list[Fault]:
    """Return what a database says of statements; `deployment.down` once where it cannot be asked.

    Args:
        database: the one that they are for.
        operations: by name.
        said: makes the faults of each, in its place.
    """
    found: list[Fault] = []
    for name, one in operations.items():
        try:
            columns = await database.columns(one.statement, writes=one.writes, within_s=LOOK_S)
        except NotTaken as refused:
            found.append(said[name](
                "statement", "deployment.wrong-statement",
                fr=f"la base la refuse : {refused}.", en=f"the database refuses it: {refused}.",
            ))  # fmt: skip
            continue
        except NotRun as not_run:
            # None of the others could be asked either.
            found.append(said[name](
                None, "deployment.down",
                fr=f"la base ne répond pas ({not_run.reason}).",
                en=f"the database does not answer ({not_run.reason}).",
            ))  # fmt: skip
            break
        if columns is None:
            continue
        there = ", ".join(columns)
        found += [
            said[name](
                "output", "deployment.wrong-statement",
                fr=f"l'instruction ne donne pas « {column} » ; elle donne : {there}.",
                en=f"the statement gives no `{column}`; it gives: {there}.",
            )
            for column in one.gives if column not in columns
        ]  # fmt: skip
    return found
