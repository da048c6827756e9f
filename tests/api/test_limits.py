"""One caller cannot crowd out the others."""

from __future__ import annotations

import pytest

from api.limits import Buckets, Room
from api.problems import Problem


def test_a_caller_who_spends_its_burst_waits_and_the_others_do_not() -> None:
    buckets = Buckets(rate=60, burst=120)
    for _ in range(120):
        buckets.take("bot", now=5.0)

    with pytest.raises(Problem) as refused:
        buckets.take("bot", now=5.0)
    buckets.take("ana", now=5.0)
    buckets.take("bot", now=5.1)

    assert refused.value.status == 429
    assert refused.value.headers == {b"retry-after": b"1"}


def test_a_slow_bucket_says_how_long_to_wait() -> None:
    buckets = Buckets(rate=0.1, burst=1)
    buckets.take("bot", now=0.0)

    with pytest.raises(Problem) as refused:
        buckets.take("bot", now=0.0)

    assert int(refused.value.headers[b"retry-after"]) >= 10


def test_no_rate_sets_no_limit() -> None:
    buckets = Buckets(rate=0, burst=0)

    for _ in range(1_000):
        buckets.take("bench", now=0.0)

    assert buckets.rate == 0


def test_a_request_beyond_the_places_is_turned_away_and_the_next_is_not() -> None:
    room = Room(1)

    with room.place(), pytest.raises(Problem) as refused, room.place():
        pass
    with room.place():
        taken = room.taken

    assert refused.value.status == 503
    assert taken == 1
