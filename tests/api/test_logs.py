"""One log: what the rooms below say stands beside the requests, with ids and without answers."""

import io
import json
import logging

from api.logs import heard, make_logger

ROOM = logging.getLogger("parcours.outbox")


def test_what_a_room_says_is_a_line_of_the_log_with_what_it_brings() -> None:
    written = io.StringIO()

    with heard(make_logger(written)):
        ROOM.warning("effect_lease_lost", extra={"key": "eff_1"})

    line = json.loads(written.getvalue())
    assert (line["event"], line["level"], line["key"]) == ("effect_lease_lost", "warning", "eff_1")
    assert line["room"] == "parcours.outbox"


def test_a_fault_is_told_by_its_kind_and_place_and_not_by_its_words() -> None:
    written = io.StringIO()

    with heard(make_logger(written)):
        try:
            int("zoe@example.org")
        except ValueError:
            ROOM.exception("connector_broke")

    line = json.loads(written.getvalue())
    assert (line["event"], line["fault"]) == ("connector_broke", "ValueError")
    assert line["frames"][0].startswith("test_logs.py:")
    assert "zoe" not in written.getvalue()


def test_a_room_is_heard_no_more_once_the_service_is_closed() -> None:
    written = io.StringIO()
    with heard(make_logger(written)):
        pass

    ROOM.info("anything")

    assert written.getvalue() == ""
