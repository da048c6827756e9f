"""`parcours robot`: a file of cases, walked by a robot as far as it can go."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parcours.language import in_words, language
from parcours.options import KEY, Lang
from parcours.progress import bar
from parcours.reaching import client_of, running
from parcours.robot.journal import Journal
from parcours.robot.results import summary, write_results
from parcours.robot.walking import Batch, walk
from parcours.services import failures_told
from parcours.stops import FOUND, Stop
from runtime.cases import Case, fingerprint, read_cases
from runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcours.client import Client

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
WHOSE = {"fr": "de robot", "en": "a robot's"}


@app.command()
def robot(
    journey: Annotated[str, typer.Argument(help="The journey every case walks.")],
    *,
    cases: Annotated[
        Path, typer.Option("--input", help="The cases: a .csv or .jsonl file, one a row.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(help="The result file, .csv or .jsonl (default: beside the cases)."),
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="The address of a service (default: the one that runs here).")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help=f"A robot's key for that service (or ${KEY}).")
    ] = None,
    run: Annotated[
        str, typer.Option(help="A name for this run: another name walks the same cases anew.")
    ] = "",
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Cases walked at a time.")] = 4,
    wait_s: Annotated[
        float, typer.Option("--wait", min=0, help="Seconds a case may wait for a system.")
    ] = 60.0,
    database: Annotated[
        str | None, typer.Option(help="The SQLite file whose service is meant, without --to.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Walk each case until it ends or only a person can go on, and write down what became of it.

    Columns named case, customer, channel, language and words say whose case it is and how it
    begins; every other column is an input of the journey, or the answer to the question of that
    name. A run that was stopped goes on where it was when it is started again. Exit code: 0 when
    every case ended or was handed over, 1 when a row is wrong, a case failed or still waits.
    """
    asked = language(lang)
    with failures_told():
        found = read_cases(cases)
    output = output or cases.with_name(f"{cases.stem}.results{cases.suffix}")
    if output.resolve() == cases.resolve():
        raise Stop(fr=f"{output} : ce sont les cas.", en=f"{output}: that is the file of cases.")
    with ExitStack() as opened, Journal(output.with_name(output.name + ".journal")) as journal:
        open_client = _opener(_address(to, database), key, asked, opened)
        batch = Batch(
            journey=journey, run=run, inputs=_inputs(open_client(), journey), wait_s=wait_s,
            begun=journal.begun,
        )  # fmt: skip
        keys = {case.line: batch.key(case, fingerprint(case)) for case in found}
        try:
            _walk_all(found, keys, batch=batch, journal=journal, open_client=open_client,
                      concurrency=concurrency)  # fmt: skip
        except KeyboardInterrupt:
            _tell_left(found, keys, journal, asked)
            raise
        finally:
            write_results(output, rows := _rows(found, keys, journal, asked))
    _tell(cases, rows)
    print(summary(rows, asked=asked), output, sep="\n")
    if any(row["state"] not in {"ended", "handed_over"} for row in rows):
        raise typer.Exit(FOUND)


def _address(to: str | None, database: str | None) -> str:
    """Return the address of the service that is meant.

    Raises:
        Stop: none was said, and none runs here.
    """
    if to is None:
        with failures_told():
            to = running(load_settings(database=database))
    if to is None:
        raise Stop(
            fr="Aucun service ne tourne ici : démarrez-le, ou dites lequel avec --to.",
            en="No service runs here: start it, or say which with --to.",
        )
    return to


def _tell_left(found: list[Case], keys: dict[int, str], journal: Journal, asked: str) -> None:
    """Say to whoever stopped a run how many cases are left, and how to go on."""
    left = sum(not journal.is_over(keys[one.line]) for one in found if one.wrong is None)
    said = {
        "fr": f"Arrêté ; cas restants : {left}. La même commande reprend où elle en était.",
        "en": f"Stopped; still to be walked: {left}. The same command goes on from there.",
    }
    typer.echo(in_words(said, asked), err=True)


def _tell(cases: Path, rows: list[dict[str, Any]]) -> None:
    """Say what is wrong with each wrong row, at its place."""
    for row in rows:
        if row["state"] == "wrong":
            column = f" {row['column']}:" if row.get("column") else ""
            said = f"{cases}:{row['line']}:{column} {row['message']} [{row['code']}]"
            print(said, file=sys.stderr)


def _opener(address: str, key: str | None, asked: str, opened: ExitStack) -> Callable[[], Client]:
    """Return what gives each thread a client of its own: a connection is nobody else's."""
    mine = local()

    def open_client() -> Client:
        if not hasattr(mine, "client"):
            client = client_of(address, key, asked, whose=WHOSE)
            mine.client = opened.enter_context(closing(client))
        found: Client = mine.client
        return found

    return open_client


def _inputs(client: Client, journey: str) -> dict[str, dict[str, Any]]:
    """Return the journey's inputs by name.

    Raises:
        Stop: the service has no such journey, or does not let this key read it.
    """
    answer = client.send(f"/v1/journeys/{journey}")
    if answer.status == 404:
        raise Stop(
            fr=f"Le service n'a pas de parcours « {journey} ».",
            en=f"The service has no journey '{journey}'.",
        )
    if answer.status != 200:
        why = answer.body.get("detail") if isinstance(answer.body, dict) else answer.status
        raise Stop(fr=f"Le service refuse : {why}", en=f"The service refuses: {why}", code=FOUND)
    return {one["name"]: one for one in answer.body["inputs"]}


def _walk_all(
    found: list[Case], keys: dict[int, str], *, batch: Batch, journal: Journal,
    open_client: Callable[[], Client], concurrency: int,
) -> None:  # fmt: skip
    todo = [c for c in found if c.wrong is None and not journal.is_over(keys[c.line])]

    def one(case: Case) -> None:
        key = keys[case.line]
        result = walk(open_client(), batch, case, key=key, session=journal.sessions.get(key))
        journal.ended(key, result)

    with bar(len(todo)) as step, ThreadPoolExecutor(concurrency) as pool:
        try:
            for walked in as_completed([pool.submit(one, case) for case in todo]):
                walked.result()
                step()
        except BaseException:
            # What is under way ends; the rest is left for the next run.
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _rows(
    found: list[Case], keys: dict[int, str], journal: Journal, asked: str
) -> list[dict[str, Any]]:
    """Return a row for every case, in their order."""
    rows = []
    for case in found:
        row: dict[str, Any] = {"line": case.line, "case": case.name}
        if case.wrong is not None:
            message = in_words(case.wrong.text, asked)
            row |= {"state": "wrong", "code": case.wrong.code, "column": case.wrong.column,
                    "message": message}  # fmt: skip
        else:
            row |= journal.results.get(keys[case.line], {"state": "waiting"})
        rows.append(row)
    return rows
