"""What no file of the project may hold, and the shape of its papers."""

import re
import tomllib
from typing import Final

import pytest

from tests.house.sources import ROOT, files, modules, name_of

# Written so that this file does not hold what it looks for.
MACHINE_PATH: Final = re.compile(r"(?<![\w.~$})-])/(?:work|root|home|tmp|Users)/[\w.-]")
REGISTRY: Final = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.org|np" + r"mjs\.(?:org|com)|crates" + r"\.io",
    re.IGNORECASE,
)
LEFT_FOR_LATER: Final = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
SILENCED: Final = re.compile(r"#\s*(?:type:\s*ignore|noqa)\b(?P<rest>[^#\n]*)(?P<why>#.*)?")
WITH_CODE: Final = re.compile(r"^(?:\[[\w-]+(?:, *[\w-]+)*\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)(.*)$")

RECORD_LINES: Final = 40
README_LINES: Final = 150
RECORD_PARTS: Final = ("Context", "Decision", "Consequences", "Rejected", "Enforced by")


def texts() -> list[tuple[str, int, str]]:
    """Give every line of every file that is no picture: the file's name, the number, the text."""
    return [
        (name_of(path), number, line)
        for path in files()
        if path.suffix != ".png"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    ]


@pytest.mark.parametrize(
    "unwanted",
    [
        pytest.param(MACHINE_PATH, id="a path of one machine"),
        pytest.param(REGISTRY, id="a package registry's address"),
        pytest.param(LEFT_FOR_LATER, id="something left for later"),
    ],
)
def test_no_file_holds(unwanted: re.Pattern[str]) -> None:
    found = [f"{name}:{number}" for name, number, line in texts() if unwanted.search(line)]

    assert found == []


@pytest.mark.parametrize(
    ("unwanted", "line"),
    [
        (MACHINE_PATH, 'open("/ho' + 'me/ana/x.yaml")'),
        (MACHINE_PATH, "see /tm" + "p/out"),
        (REGISTRY, "https://py" + "pi.org/simple"),
        (LEFT_FOR_LATER, "# TO" + "DO: later"),
    ],
)
def test_what_is_unwanted_would_be_found(unwanted: re.Pattern[str], line: str) -> None:
    assert unwanted.search(line)


@pytest.mark.parametrize("line", ["GET /v1/home/a", "$HOME/work/a", "../work/a", "a/tmp/b"])
def test_a_route_or_a_relative_path_is_no_path_of_a_machine(line: str) -> None:
    assert MACHINE_PATH.search(line) is None


def is_explained(silenced: re.Match[str]) -> bool:
    """Say whether a silenced warning names its code and says why, in three words or more."""
    coded = WITH_CODE.match(silenced["rest"].strip())
    if coded is None:
        return False
    why = coded[1] + (silenced["why"] or "")
    return len(re.findall(r"\w+", why)) >= 3


def test_a_silenced_warning_names_its_code_and_its_reason() -> None:
    everything = modules("engine", "authoring", "connectors", "runtime", "measures", "api") + (
        modules("parcours", "alembic", "bench", "tests")
    )
    unexplained = [
        f"{name_of(path)}:{number}"
        for path in everything
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for silenced in [SILENCED.search(line)]
        if silenced is not None and not is_explained(silenced)
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# no" + "qa", False),
        ("# no" + "qa: S603", False),
        ("# no" + "qa: S603 - the command is ours", True),
        ("# type: ig" + "nore", False),
        ("# type: ig" + "nore[arg-type]", False),
        ("# type: ig" + "nore[arg-type]  # the library's stub is wrong", True),
    ],
)
def test_a_reason_is_recognised(comment: str, *, explained: bool) -> None:
    silenced = SILENCED.search(comment)

    assert silenced is not None
    assert is_explained(silenced) is explained


def test_no_type_is_silenced_in_the_engine() -> None:
    silenced = [
        name_of(path)
        for path in modules("engine")
        if re.search(r"type:\s*ignore", path.read_text(encoding="utf-8"))
    ]

    assert silenced == []


def test_decision_records_are_short_numbered_and_whole() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    problems = []
    for record in records:
        text = record.read_text(encoding="utf-8")
        lines = text.splitlines()
        number = re.match(r"(\d{4})-[a-z0-9-]+\.md$", record.name)
        if number is None or not lines[0].startswith(f"# {number[1]} "):
            problems.append(f"{record.name}: name and title share a number of four digits")
        if len(lines) > RECORD_LINES:
            problems.append(f"{record.name}: {len(lines)} lines, at most {RECORD_LINES}")
        problems += [
            f"{record.name}: no part '{part}'"
            for part in RECORD_PARTS
            if f"\n## {part}\n" not in text and f"\n**{part}.**" not in text
        ]

    numbers = [record.name[:4] for record in records]
    assert problems == []
    assert numbers == sorted(set(numbers))
    assert numbers


def test_the_readme_fits_on_few_screens() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < README_LINES


def test_the_changelog_tells_of_the_version_in_the_project_file() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    headings = re.findall(r"^## \[?([\w.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] in {"Unreleased", version}


def test_papers_name_only_targets_that_make_has() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    papers = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        target
        for paper in papers
        for code in re.findall(r"`make ([a-z ]+)", paper.read_text(encoding="utf-8"))
        for target in code.split()
    }

    assert named <= targets
    assert {"test", "check", "demo"} <= named


def test_the_glossary_has_one_row_for_each_word() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+?) \|", glossary, re.MULTILINE)
    words = [row for row in rows if row != "English" and not set(row) <= {"-", ":"}]

    assert len(words) > 40
    assert len(words) == len(set(words))
