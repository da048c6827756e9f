"""What a library says to measures is checked at its place: correspondences, targets of channels."""

from __future__ import annotations

import pytest

from authoring.check import check
from authoring.load import load
from tests.authoring.checks.golden import files_with_defaults

LIBRARY = "parcours: 1\nlibrary: case\ntitle: Cas\nlanguages: [fr]\nchannels: [phone, email]\n"
CODES = """\
parcours: 1
declarations:
  livraison:
    label: Livraison
    children:
      suivi:
        label: Suivi
        corresponds: [transport, transport.retard, {named}]
qualifications:
  transport: {{label: Transport, children: {{retard: {{label: Retard}}}}}}
"""


def places(files: dict[str, str]) -> list[str]:
    """Return where something is found in a library, by file."""
    found = check(load(files_with_defaults(files)))
    return [f"{one.file}:{one.line}:{one.column} {one.code}" for one in found
            if one.file in files]  # fmt: skip


def test_a_declaration_corresponds_to_qualifications_of_the_list_alone() -> None:
    assert places({"codes.yaml": CODES.format(named="transport.retrad")}) == [
        "codes.yaml:8:52 trace.unknown-code"
    ]
    assert places({"codes.yaml": CODES.format(named="livraison.suivi")}) == [
        "codes.yaml:8:52 trace.unknown-code"
    ]


def test_only_a_declaration_corresponds_to_anything() -> None:
    codes = "parcours: 1\nactions:\n  dit: {label: Dit, corresponds: [dit]}\n"

    assert places({"codes.yaml": codes}) == ["codes.yaml:3:21 form.unknown-key"]


@pytest.mark.parametrize(
    ("written", "finding"),
    [
        ("{fax: 2h}", "6:17 form.unknown-key"),
        ("{chat: 30s}", "6:17 form.value"),
        ("{phone: soon}", "6:24 form.duration"),
        ("{phone: 0s, email: 24h}", "6:24 form.value"),
    ],
)
def test_how_soon_to_answer_is_a_duration_by_a_channel_of_the_library(
    written: str, finding: str
) -> None:
    assert places({"library.yaml": f"{LIBRARY}answer_within: {written}\n"}) == [
        f"library.yaml:{finding}"
    ]


def test_a_library_says_how_soon_to_answer_by_channel_and_what_corresponds() -> None:
    files = {
        "library.yaml": f"{LIBRARY}answer_within: {{phone: 1m, email: 1 day}}\n",
        "codes.yaml": CODES.format(named="transport"),
    }

    library = load(files_with_defaults(files)).library

    assert library is not None
    assert library.answer_within == {"phone": 60_000, "email": 86_400_000}
    said = library.codes["declaration"]["livraison.suivi"].corresponds
    assert said == ("transport", "transport.retard", "transport")
    assert places(files) == []
