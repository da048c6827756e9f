"""`parcours facts`: the facts that figures are worked out from, brought to ClickHouse."""

import typer

from measures.facts.opening import mirror_of, open_facts
from parcours.options import Database
from parcours.services import failures_told, run
from parcours.stops import Stop
from runtime.settings import load_settings
from runtime.wiring import open_service

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Bring the facts to the ClickHouse that the settings name. A service that runs does so by "
    "itself, every few seconds.",
)


@app.callback()
def facts() -> None:
    """Have its commands named, though there is one."""


@app.command()
def push(
    *,
    database: Database = None,
) -> None:
    """Bring all facts to ClickHouse now, whoever else does; files that are there are not sent."""
    with failures_told():
        settings = load_settings(database=database, background=False)
        mirror = mirror_of(settings)
    if mirror is None:
        raise Stop(
            fr="Le réglage clickhouse ne dit pas où apporter les faits.",
            en="The setting clickhouse does not say where to bring the facts.",
        )

    async def do() -> dict[str, int]:
        async with open_service(settings) as service, open_facts(service) as keeper:
            await keeper.write()
            found = await mirror.bring_now(keeper)
        mirror.close()
        return {tenant: sum(map(len, one.files.values())) for tenant, one in sorted(found.items())}

    for tenant, files in run(do()).items():
        print(f"{tenant}: {files}")
