"""A customer file is brought by its mapping; duplicates, conflicts and faults at their place."""

import csv
import json
import signal
import zipfile
from pathlib import Path
from typing import Any

import pytest

from parcours.customers.within import Met, Within
from tests.cli.conftest import Cli, Said
from tests.support.served import PATIENCE_S, serving

MAPPING = """\
customers: crm
columns:
  Téléphone: phone
  "N° client": number
  Mail: {key: email, fact: customer.email}
  Points: {fact: customer.points}
  Modifié le: {at: "%d/%m/%Y"}
ignore: [Commentaire]
delimiter: ";"
language: fr
"""
FILE = """\
Téléphone;N° client;Mail;Points;Modifié le;Commentaire;Agence
06 12 34 56 78;C-1;lin@example.org;1 200,5;03/02/2025;bonne cliente;Lyon
;C-2;zoe@example.org;;;;
0612345678;;;;;en double;
;C-9;lin@example.org;;;autre numéro;
06 12;C-3;;douze;31/02/2025;;
12;;;;;;
;;;;;rien;
"""


@pytest.fixture
def shop(library: Path, tmp_path: Path, cli: Cli) -> Path:
    """Give a database whose library knows two facts of customers."""
    described = library / "library.yaml"
    described.write_text(
        described.read_text(encoding="utf-8") + "facts:\n"
        "  customer.email: {type: email, holder: customer}\n"
        "  customer.points: {type: number, holder: customer}\n",
        encoding="utf-8",
    )
    database = tmp_path / "parcours.db"
    assert cli("publish", library, "--database", database).code == 0
    return database


class Files:
    """A customer file and its mapping, and the command that brings them."""

    def __init__(self, folder: Path, cli: Cli, database: Path) -> None:
        self.file, self.mapping = folder / "clients.csv", folder / "mapping.yaml"
        self.results = folder / "clients.results.csv"
        self.file.write_text(FILE, encoding="utf-8")
        self.mapping.write_text(MAPPING, encoding="utf-8")
        self._cli, self._database = cli, database

    def bring(self, *more: object, file: Path | None = None) -> Said:
        return self._cli(
            "customers", "import", file or self.file, "--mapping", self.mapping,
            "--output", self.results, "--database", self._database, *more,
        )  # fmt: skip

    def rows(self) -> list[dict[str, str]]:
        with self.results.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))


@pytest.fixture
def files(tmp_path: Path, cli: Cli, shop: Path) -> Files:
    return Files(tmp_path, cli, shop)


def test_a_dry_run_shows_duplicates_conflicts_and_faults_and_the_import_then_does_as_it_said(
    files: Files, tmp_path: Path
) -> None:
    report = tmp_path / "quality.json"
    dry = files.bring("--dry-run", "--report", report)
    dry_rows = files.rows()
    done = files.bring()
    rows = files.rows()
    again = files.bring()
    rows_again = files.rows()

    assert (dry.code, done.code, again.code) == (1, 1, 1), dry.err
    assert "Dry run, nothing was written. Rows: 7" in dry.out
    assert [one["did"] for one in dry_rows] == [one["did"] for one in rows]
    assert [one["did"] for one in rows] == [
        "new", "new", "duplicate", "conflict", "new", "wrong", "wrong",
    ]  # fmt: skip
    assert [one["did"] for one in rows_again] == [
        "unchanged", "unchanged", "duplicate", "conflict", "unchanged", "wrong", "wrong",
    ]  # fmt: skip
    assert rows_again[0]["customer"] == rows[0]["customer"]
    assert (rows[2]["of_line"], rows[3]["of_line"], rows[3]["score"]) == ("2", "2", "0.5")
    assert "differs:number" in rows[3]["reasons"]
    for place in (
        "clients.csv:5: → clients.csv:2 [import.conflict]",
        "clients.csv:6:1: Téléphone: A phone number is",
        "clients.csv:6:4: Points:", "clients.csv:6:5: Modifié le:", "clients.csv:7:1: Téléphone:",
        "clients.csv:8:",
    ):  # fmt: skip
        assert place in dry.err
    data = json.loads(report.read_text(encoding="utf-8"))
    assert data["columns"]["Téléphone"] == {"filled": 4, "missing": 3, "malformed": 2}
    assert data["columns"]["Points"]["malformed"] == data["columns"]["Modifié le"]["malformed"] == 1
    assert data["unmapped"] == ["Agence"]
    assert (data["done"]["duplicate"], data["done"]["conflict"]) == (1, 1)


def test_rows_of_one_file_are_held_against_each_other() -> None:
    within = Within()
    first = within.take(2, {"phone": "+33612345678", "email": "lin@example.org"})
    other = within.take(3, {"number": "C-2"})
    again = within.take(4, {"email": "lin@example.org", "number": "C-1"})
    both = within.take(5, {"phone": "+33612345678", "number": "C-2"})
    renumbered = within.take(6, {"phone": "+33612345678", "number": "C-9"})
    near = within.take(7, {"email": "lin+shop@example.org"})

    assert (first, other) == (Met(2, None, False, None), Met(3, None, False, None))
    assert again == Met(2, 2, False, None)
    assert (both.is_at_odds, renumbered.is_at_odds) == (True, True)
    assert near == Met(7, None, False, 2)


def test_the_same_customers_come_from_json_jsonl_and_a_spreadsheet(
    files: Files, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"Téléphone": "06 12 34 56 78", "N° client": "C-1", "Mail": "lin@example.org",
         "Points": 1200.5, "Modifié le": "03/02/2025"},
        {"Téléphone": None, "N° client": "C-2", "Mail": "zoe@example.org", "Points": None,
         "Modifié le": None},
    ]  # fmt: skip
    document, lines = tmp_path / "clients.json", tmp_path / "clients.jsonl"
    document.write_text(json.dumps({"data": rows}, indent=1), encoding="utf-8")
    lines.write_text("\n".join(map(json.dumps, rows)) + "\n{nothing\n", encoding="utf-8")
    sheet = tmp_path / "clients.xlsx"
    write_sheet(sheet, [list(rows[0]), *(list(row.values()) for row in rows)])

    first = files.bring(file=sheet)
    made = [one["customer"] for one in files.rows()]
    files.mapping.write_text(MAPPING + "records: data\n", encoding="utf-8")
    second = files.bring(file=document)
    from_document = files.rows()
    third = files.bring(file=lines)

    assert (first.code, second.code, third.code) == (0, 0, 1), first.err + second.err
    assert [one["line"] for one in from_document] == ["3", "10"]
    assert [(one["did"], one["customer"]) for one in from_document] == [
        ("unchanged", customer) for customer in made
    ]
    assert [one["did"] for one in files.rows()] == ["unchanged", "unchanged", "wrong"]
    assert f"{lines}:3: Not JSON, column 2. [file.not-json]" in third.err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  Téléphone: phone", "  Téléphone: fone", "3:14: error form.value"),
        ("ignore:", "ignores:", "8:1: error form.unknown-key"),
        ("  Téléphone: phone", "  Telephone: phone", "3:3: error mapping.wrong The file has no"),
        ("Points: {fact: customer.points}", "Points: {fact: customer.pints}",
         "6:3: error mapping.wrong No library has a fact 'customer.pints' of customers."),
        ("  Téléphone: phone", "  Téléphone: number", "4:3: error mapping.wrong Two columns give"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_wrong_is_refused_at_its_line_and_column(
    files: Files, before: str, after: str, said: str
) -> None:
    files.mapping.write_text(MAPPING.replace(before, after), encoding="utf-8")

    refused = files.bring()

    assert refused.code == 2
    assert f"mapping.yaml:{said}" in refused.err
    assert not files.results.exists()


def test_files_that_cannot_be_read_say_where(files: Files, tmp_path: Path) -> None:
    cases = {
        "latin.csv": (FILE.encode("latin-1"), "latin.csv:1: this file is not utf-8"),
        "twice.csv": (b"Mail;Mail\n", "twice.csv:1:2: the first line names every column, once."),
        "broken.json": (b'[\n {"a": }]', "broken.json:2:8: not JSON."),
        "none.xlsx": (b"PK nothing", "none.xlsx: this is no spreadsheet that can be read"),
        "clients.doc": (b"", "clients.doc: a file .csv, .tsv, .json,"),
        "away.csv.gz": (b"plain", "away.csv.gz: cannot be read"),
    }
    for name, (raw, said) in cases.items():
        path = tmp_path / name
        path.write_bytes(raw)

        refused = files.bring(file=path)

        assert refused.code == 2, name
        assert said in refused.err


def test_a_service_that_holds_the_database_takes_the_file_with_a_supervisors_key(
    files: Files, shop: Path, cli: Cli
) -> None:
    key = cli("keys", "create", "sam", "--role", "supervisor", "--database", shop).out.strip()
    weak = cli("keys", "create", "ana", "--role", "advisor", "--database", shop).out.strip()

    with serving(shop) as (process, _):
        refused, through = files.bring("--key", weak), files.bring("--key", key)
        rows = files.rows()
        strange = MAPPING.replace("customer.points", "customer.pints")
        files.mapping.write_text(strange, encoding="utf-8")
        unknown = files.bring("--key", key)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE_S)

    assert refused.code == 1
    assert "The service refuses" in refused.err
    assert through.code == 1, through.err
    assert unknown.code == 2
    assert "mapping.yaml:6:3: error mapping.wrong" in unknown.err
    assert [one["did"] for one in rows][:4] == ["new", "new", "duplicate", "conflict"]


def write_sheet(path: Path, rows: list[list[Any]]) -> None:
    """Write the smallest workbook that holds rows of texts and numbers."""
    letters = "ABCDEFGHIJ"
    cells = []
    for number, row in enumerate(rows, 1):
        inside = ""
        for letter, value in zip(letters, row, strict=False):
            place = f"{letter}{number}"
            if isinstance(value, str):
                inside += f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
            elif value is not None:
                inside += f'<c r="{place}"><v>{value}</v></c>'
        cells.append(f'<row r="{number}">{inside}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "xl/worksheets/sheet1.xml":
            f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
        "xl/workbook.xml":
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Clients" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{packed}"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "_rels/.rels":
            f'<Relationships xmlns="{packed}"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
