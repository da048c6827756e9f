"""One run of `parcours customers import`: what is read before it is sent, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parcours.customers.bringing import Bringing
from parcours.customers.mapping import read_columns
from parcours.customers.quality import LEFT, RESULTS
from parcours.customers.telling import tell_left, write_report
from parcours.progress import bar
from parcours.records.reading import read_records
from parcours.robot.results import write_results
from parcours.stops import Stop

if TYPE_CHECKING:
    from pathlib import Path

    from parcours.customers.bringing import Send


class Run:
    """A file and its mapping, both found readable."""

    def __init__(
        self, *, file: Path, mapping: Path, output: Path | None, report: Path | None, is_dry: bool,
        asked: str,
    ) -> None:  # fmt: skip
        """Read the mapping and the file.

        Raises:
            Stop: one of them cannot be read, or the result file is the customers'.
        """
        self.file, self.report, self.is_dry, self.asked = file, report, is_dry, asked
        self.columns = read_columns(mapping)
        self.records = list(read_records(file, self.columns.how))
        self.output = output or file.with_name(f"{file.stem}.results.csv")
        if self.output.resolve() == file.resolve():
            raise Stop(
                fr=f"{self.output} : ce sont les clients.",
                en=f"{self.output}: that is the customers.",
            )

    def bring(self, send: Send) -> bool:
        """Bring the rows, write what became of them, and return whether all were brought."""
        with bar(len(self.records)) as step:
            bringing = Bringing(send, self.columns, self.is_dry, self.asked, step)
            rows = bringing.run(self.records)
        write_results(self.output, rows, columns=RESULTS)
        quality = bringing.quality
        if self.report is not None:
            write_report(self.report, quality.data(self.columns))
        tell_left(self.file, self.records, rows, faults=bringing.faults)
        print(quality.text(self.columns, asked=self.asked, is_dry=self.is_dry))
        print(self.output)
        return not any(quality.done[what] for what in LEFT)
