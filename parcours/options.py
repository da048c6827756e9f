"""Options that several commands declare: the same name, the same words, in one place."""

from __future__ import annotations

from typing import Annotated, Final

import typer

KEY: Final = "PARCOURS_KEY"
"""The variable that holds the key of a command which goes through a service."""

Since = Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option("--to", help="The day after the last.")]
Compare = Annotated[str | None, typer.Option(help="previous, or FROM..TO.")]
Where = Annotated[str | None, typer.Option(help="channel:phone|chat,motive:parcel")]
FromService = Annotated[
    str | None, typer.Option("--service", help="A service's address; else its database.")
]
SupervisorKey = Annotated[
    str | None, typer.Option(help=f"A supervisor's key for that service (or ${KEY}).")
]
WhoseFigures = Annotated[str, typer.Option(help="Whose figures, without --service.")]
Database = Annotated[
    str | None, typer.Option(help="A SQLite file, or postgresql://user@host/name.")
]
Lang = Annotated[str | None, typer.Option(help="fr or en (default: LANG's).")]
