"""When something is tried again, how often, and when a system is left alone: pure rules."""

from random import Random

import pytest

from connectors.port import Outcome
from runtime.outbox.breaker import LEAST, PROBE_MS, WINDOW_MS, Breaker, Pass
from runtime.outbox.budget import RESERVE, TRICKLE_MS, RetryBudget
from runtime.outbox.jobs import Job
from runtime.outbox.retries import BACKGROUND, HONOURED, INTERACTIVE, may_be_tried_again, rest_after

BUSY = Outcome("failed", reason="http.503", again=True)


def distance_from_uniform(values: list[int], longest: int) -> float:
    """Return the Kolmogorov-Smirnov distance between values and any time up to `longest` alike."""
    ordered = sorted(values)
    count = len(ordered)
    return max(
        max((place + 1) / count - value / longest, value / longest - place / count)
        for place, value in enumerate(ordered)
    )


@pytest.mark.parametrize(("attempt", "longest"), [(1, 500), (3, 2_000), (5, 8_000), (40, 8_000)])
def test_the_rest_after_an_attempt_is_any_time_up_to_its_longest_alike(
    attempt: int, longest: int
) -> None:
    chance = Random(20_261_128)

    rests = [INTERACTIVE.rest(attempt, chance) for _ in range(1_000)]

    # 1.63 / √n is what chance exceeds once in a hundred times.
    assert distance_from_uniform(rests, longest) < 1.63 / 1_000**0.5


def test_what_nobody_waits_for_is_tried_for_hours_and_rests_five_minutes_at_most() -> None:
    assert [INTERACTIVE.attempts, BACKGROUND.attempts] == [4, 48]
    assert BACKGROUND.longest(60) == 300_000


def test_a_system_that_asks_to_be_left_alone_is_for_a_minute_at_most() -> None:
    asked = Outcome("failed", again=True, after_ms=30_000)
    greedy = Outcome("failed", again=True, after_ms=3_600_000)

    assert rest_after(INTERACTIVE, 1, asked, chance=Random(1)) == 30_000
    assert rest_after(INTERACTIVE, 1, greedy, chance=Random(1)) == HONOURED


@pytest.mark.parametrize(
    ("effect", "outcome", "expected"),
    [
        ("read", BUSY, True),
        ("keyed", BUSY, True),
        ("keyed", Outcome("unknown", reason="connector.timeout", again=True), True),
        ("keyed", Outcome("failed", reason="http.500"), False),
        ("keyed", Outcome("refused", reason="too_late", again=True), False),
        ("unsafe", BUSY, False),
        ("unsafe", Outcome("failed", reason="http.refused", sent=False, again=True), True),
        ("unsafe", Outcome("unknown", reason="connector.timeout", again=True), False),
        ("unsafe", Outcome("unknown", reason="odd", sent=False, again=True), False),
    ],
)
def test_only_what_may_be_mended_and_can_do_no_harm_is_tried_again(
    effect: str, outcome: Outcome, *, expected: bool
) -> None:
    assert may_be_tried_again(effect, outcome) is expected


def test_retries_are_a_tenth_of_the_traffic_once_the_reserve_is_spent() -> None:
    budget = RetryBudget(now=0)
    for _ in range(RESERVE):
        assert budget.spend(0)

    granted = 0
    for _ in range(1_000):
        budget.called()
        granted += budget.spend(0)

    assert granted == 100


def test_without_traffic_one_retry_comes_back_every_five_seconds() -> None:
    budget = RetryBudget(now=0)
    while budget.spend(0):
        pass

    assert not budget.spend(TRICKLE_MS - 1)
    assert budget.spend(TRICKLE_MS)
    assert not budget.spend(TRICKLE_MS)


@pytest.mark.parametrize(
    ("attempt", "before", "expected"),
    [(1, None, True), (2, "http.status", False), (2, "interrupted", True)],
)
def test_what_a_process_of_ours_left_by_its_end_is_no_second_try_of_a_failing_system(
    attempt: int, before: str | None, *, expected: bool
) -> None:
    job = Job(
        "acme", "s", "e", "mail.tell", "keyed", attempt=attempt, attempts=4, timeout=5_000,
        deadline=0, token=1, inputs={}, before=before,
    )  # fmt: skip

    assert job.is_first is expected


def failing(breaker: Breaker, now: int, times: int) -> None:
    """Record failures, each of a call that was let through as any other."""
    for _ in range(times):
        breaker.record(now, Pass.CALL, is_failure=True)


def test_a_circuit_opens_when_half_of_twenty_calls_fail_in_ten_seconds() -> None:
    breaker = Breaker()
    for number in range(LEAST - 1):
        breaker.record(number, Pass.CALL, is_failure=number % 2 == 0)
    assert breaker.admit(LEAST) is Pass.CALL

    breaker.record(LEAST, Pass.CALL, is_failure=True)

    assert breaker.admit(LEAST + 1) is None


def test_a_few_failures_or_old_ones_conclude_nothing() -> None:
    breaker = Breaker()
    failing(breaker, 0, LEAST - 1)
    failing(breaker, WINDOW_MS + 1, LEAST - 1)

    assert breaker.admit(WINDOW_MS + 2) is Pass.CALL


def test_an_open_circuit_lets_one_call_through_every_five_seconds() -> None:
    breaker = Breaker()
    failing(breaker, 0, LEAST)

    let_through = [now for now in range(0, 20_000, 100) if breaker.admit(now) is Pass.PROBE]

    assert let_through == [PROBE_MS, 2 * PROBE_MS, 3 * PROBE_MS]


def test_a_circuit_closes_with_the_first_probe_that_succeeds_and_with_nothing_else() -> None:
    breaker = Breaker()
    failing(breaker, 0, LEAST)

    # A call that was under way when it opened.
    assert breaker.record(10, Pass.CALL, is_failure=False) is False
    assert breaker.is_open
    assert breaker.admit(PROBE_MS) is Pass.PROBE
    assert breaker.record(PROBE_MS, Pass.PROBE, is_failure=False) is True
    assert breaker.admit(PROBE_MS) is Pass.CALL


def test_a_clock_that_is_set_back_does_not_keep_a_circuit_open_for_longer_than_a_pause() -> None:
    breaker = Breaker()
    failing(breaker, 1_000_000, LEAST)

    assert breaker.wait(0) <= PROBE_MS
