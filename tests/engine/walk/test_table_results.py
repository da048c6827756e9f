"""What a session keeps of a decision table. Source: docs/language.md, `decide`."""

from __future__ import annotations

import pytest

from tests.support.sessions import Session
from tests.support.small_libraries import small_library

RATES = """
parcours: 1
table: rates
inputs: {n: {type: number}}
outputs: {rate: {type: number}, word: {type: text}}
hit: collect
rules:
  - {if: {n: "> 2"}, then: {rate: 1, word: low}}
  - {if: {n: "> 5"}, then: {rate: 2}}
"""


@pytest.mark.parametrize(
    ("given", "rows", "rates", "words"),
    [
        (9, [{"rate": 1, "word": "low"}, {"rate": 2, "word": None}], [1, 2], ["low", None]),
        (4, [{"rate": 1, "word": "low"}], [1], ["low"]),
        (1, [], [], []),
    ],
)
def test_a_table_that_collects_gives_lists_even_where_no_row_matches(
    given: int, rows: list[object], rates: list[int], words: list[object]
) -> None:
    library = small_library(
        """
- {id: count, ask: {n: {type: number}}}
- {id: whole, decide: {table: rates, with: {n: n}, saves: found}}
- {id: parts, decide: {table: rates, with: {n: n}, saves: [rate, word]}}
- {id: seen, say: "{found}", ask: {ok: {type: yes_no}}, when: 'not any(x in rate: x > 99)'}
- {id: done, end: refused}
""",
        files={"tables/rates.yaml": RATES},
    )
    session = Session(library).begin()

    session.answer(n=given)

    assert session.step == "seen"
    assert session.values == {"n": given, "found": rows, "rate": rates, "word": words}
