"""`parcours volumes`: how many customers, orders … there were, to divide contacts by."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from parcours.measuring import at_desk
from parcours.reaching import Reached, reach
from parcours.records.reading import read_records
from parcours.records.record import How, refused
from runtime.volumes import Volume

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Bring how many customers, orders … there were each month, to divide contacts by.",
)

_PATH = "/v1/volumes"
_MONTH = "month"


app.callback()(reach)


@app.command("list")
def list_volumes(ctx: typer.Context) -> None:
    """List the volumes that were brought."""
    there: Reached = ctx.obj
    if there.client is None:
        found = at_desk(there.settings, lambda desk, _: desk.volumes.all(there.actor))
    else:
        with closing(there.client) as client:
            found = client.get(_PATH).body["items"]
    for one in found:
        print(f"{one['kind']}  {one['month']}  {one['count']}")


@app.command()
def bring(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV, JSON or XLSX file: month, customers, …")],
) -> None:
    """Bring a file: a column `month` (2026-01), and one for each kind, such as `customers`.

    All of its rows are kept, or none. A month that is there already is corrected.
    """
    volumes = _read(file)
    there: Reached = ctx.obj
    if there.client is None:
        kept = at_desk(there.settings, lambda desk, _: desk.volumes.bring(there.actor, volumes))
    else:
        rows = [{"kind": one.kind, "month": one.month, "count": one.count} for one in volumes]
        with closing(there.client) as client:
            kept = client.post(_PATH, {"volumes": rows}).body
    print(kept["kept"])


def _read(file: Path) -> list[Volume]:
    volumes = []
    for record in read_records(file, How()):
        if record.wrong is not None:
            said = record.wrong.text
            raise refused(file, f":{record.place()}", fr=said["fr"], en=said["en"])
        month = record.get(_MONTH)
        if month is None:
            raise refused(
                file, f":{record.place()}", fr="une colonne month (2026-01) est attendue.",
                en="a column month (2026-01) is expected.",
            )  # fmt: skip
        for kind in record.values:
            count = record.get(kind)
            if kind == _MONTH or count is None:
                continue
            try:
                volumes.append(Volume(kind, str(month)[:7], int(str(count))))
            except ValueError:
                raise refused(
                    file, f":{record.place(kind)}", fr=f"{kind} : un nombre entier est attendu.",
                    en=f"{kind}: a whole number is expected.",
                ) from None  # fmt: skip
    return volumes
