from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime.histories import KEPT, LONGEST, Histories


def line(
    number: int, *, left: bool = True, undone: bool = False, text: str = "é"
) -> dict[str, Any]:
    return {"visit": number, "left_at": 5 if left else None, "undone": undone, "text": text}


def encoded(histories: Histories, lines: list[dict[str, Any]], key: str = "ses_1") -> Any:
    return json.loads(bytes(histories.encode(key, lines)))


LINES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8)


@given(turns=st.lists(st.tuples(st.integers(0, 8), LINES), max_size=8))
def test_a_history_reads_as_if_it_were_encoded_whole_whatever_is_kept_or_undone(
    turns: list[tuple[int, list[tuple[bool, bool]]]],
) -> None:
    histories, number = Histories(), 0
    lines: list[dict[str, Any]] = []
    for cut, added in turns:
        lines = lines[:cut]
        for left, undone in added:
            number += 1
            lines = [*lines, line(number, left=left, undone=undone)]
        assert encoded(histories, lines) == lines


def test_a_line_that_was_made_anew_is_read_anew_even_if_it_equals_the_old_one() -> None:
    histories = Histories()
    first, second = line(1), line(2)
    assert encoded(histories, [first, second]) == [first, second]
    changed = {**first, "visit": True}
    assert json.dumps(encoded(histories, [changed, second])) == json.dumps([changed, second])


def test_what_is_kept_is_bounded_in_number_and_in_size() -> None:
    histories = Histories()
    for session in range(KEPT + 10):
        encoded(histories, [line(1)], f"ses_{session}")
    assert len(histories) == KEPT
    long = line(1, text="x" * LONGEST)
    assert encoded(histories, [long], f"ses_{KEPT}") == [long]
    assert len(histories) == KEPT - 1
