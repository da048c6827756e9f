"""A value stream that a workshop wrote down: read from its table, shown, held against another."""

from collections.abc import Iterable
from pathlib import Path

from measures.reporting.numbers import said
from measures.value_stream import Step, Stream, gained
from parcours.records.reading import read_records
from parcours.records.record import How, Record, refused

_MINUTE, _HOUR = 60.0, 3_600.0
_NUMBERS = {"customer_min": _MINUTE, "company_min": _MINUTE, "value_min": _MINUTE,
            "delay_h": _HOUR}  # fmt: skip
_HEADS = {
    "fr": ("Étape", "Client", "Entreprise", "Valeur", "Délai"),
    "en": ("Step", "Customer", "Company", "Value", "Delay"),
}
_SUMS = {
    "fr": ("Ensemble", "Taux de valeur ajoutée", "Facteur de gaspillage", "Délai, avant → après"),
    "en": ("All", "Value-added ratio", "Waste factor", "Lead time, before → after"),
}


def show_tables(file: Path, after: Path | None, asked: str) -> None:
    """Show a table that a workshop wrote down, and what another way of it gains.

    Raises:
        Stop: a file cannot be read, or a cell of it is no number.
    """
    before = _read(file)
    _show(before, asked)
    if after is not None:
        since = _read(after)
        _show(since, asked)
        lead = f"{said(before.lead, 's', asked)} → {said(since.lead, 's', asked)}"
        print(f"{_SUMS[asked][3]}: {lead} ({said(gained(before, since), 'share', asked)})")


def _show(stream: Stream, asked: str) -> None:
    total, ratio, waste, _ = _SUMS[asked]
    _line(_HEADS[asked])
    for one in stream.steps:
        times = (one.customer, one.company, one.value, one.delay)
        _line((one.name, *(said(value, "s", asked) for value in times)))
    times = (stream.customer, stream.company, stream.value, stream.lead)
    _line((total, *(said(value, "s", asked) for value in times)))
    print(f"{ratio}: {said(stream.efficiency, 'share', asked)}")
    print(f"{waste}: {said(stream.waste, 'ratio', asked)}\n")


def _line(cells: Iterable[str]) -> None:
    name, *others = cells
    print(f"{name[:44]:<44}" + "".join(f"{cell:>14}" for cell in others))


def _read(file: Path) -> Stream:
    return Stream([_step(file, record) for record in read_records(file, How())])


def _step(file: Path, record: Record) -> Step:
    if record.wrong is not None:
        said_of = record.wrong.text
        raise refused(file, f":{record.place()}", fr=said_of["fr"], en=said_of["en"])
    numbers = []
    for name, unit in _NUMBERS.items():
        try:
            value = float(str(record.get(name)).replace(",", "."))
        except ValueError:
            value = -1.0
        if not 0 <= value < float("inf"):
            raise refused(
                file, f":{record.place(name)}", fr=f"{name} : un nombre de 0 ou plus est attendu.",
                en=f"{name}: a number of 0 or more is expected.",
            )  # fmt: skip
        numbers.append(value * unit)
    customer, company, added, delay = numbers
    return Step(
        name=str(record.get("step") or ""), customer=customer, company=company, value=added,
        delay=delay,
    )  # fmt: skip
