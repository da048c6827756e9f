"""Who tells us something: what a deployment says of them, and what is read in their messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.deployment import Deployment, load_deployment
from connectors.faults import Misconfigured
from connectors.hooks import DAY, Said, Teller, found, open_tellers
from connectors.kinds import open_connectors
from connectors.signatures import Forged, sign

CARRIER = """
[hooks.carrier]
secret = "secret://hook"
old_secret = "secret://hook-old"
[hooks.carrier.events."parcel.delivered"]
when = {type = "delivered"}
match = {order = "data.order.id"}
fields = {place = "data.place", weight = "data.parcels.0.kg"}
[hooks.carrier.events."parcel.lost"]
match = {order = "data.order.id"}
"""
ENVIRONMENT = {"PARCOURS_SECRET_HOOK": "the-new-one", "PARCOURS_SECRET_HOOK_OLD": "the-old-one"}


def deployment(folder: Path, text: str) -> Deployment:
    path = folder / "connectors.toml"
    path.write_text(text, encoding="utf-8")
    return load_deployment(path, environment=ENVIRONMENT)


def carrier(folder: Path, text: str = CARRIER) -> Teller:
    return open_tellers(deployment(folder, text))["carrier"]


def delivered(**data: Any) -> dict[str, Any]:
    order = {"id": "F-1", "customer": "Zoe"}
    return {"type": "delivered", "data": {"order": order, "place": "the door", **data}}


def test_those_who_tell_us_something_are_no_connectors(tmp_path: Path) -> None:
    assert open_connectors(deployment(tmp_path, CARRIER)) == {}


def test_the_first_event_that_fits_is_read_and_nothing_but_what_is_declared(
    tmp_path: Path,
) -> None:
    message = delivered(parcels=[{"kg": 2}], private="not ours")

    said = carrier(tmp_path).read(message)

    assert said == [Said("parcel.delivered", {"order": "F-1"}, {"place": "the door", "weight": 2})]


def test_a_list_says_several_things(tmp_path: Path) -> None:
    said = carrier(tmp_path).read([delivered(), {"type": "x", "data": {"order": {"id": 2}}}])

    assert [(one.event, one.match) for one in said] == [
        ("parcel.delivered", {"order": "F-1"}),
        ("parcel.lost", {"order": 2}),
    ]


@pytest.mark.parametrize("path", ["a", "data.9", "data.order.id.x", "data.order.-1", "", "data."])
def test_what_is_not_there_is_missing(path: str) -> None:
    assert found({"data": {"order": {"id": "F-1"}, "list": []}}, path) is None


def test_both_secrets_are_accepted_and_no_other(tmp_path: Path) -> None:
    teller, body = carrier(tmp_path), json.dumps(delivered()).encode()

    for secret in ENVIRONMENT.values():
        assert (
            teller.accept(sign([secret], "m-1", at_s=1_000, body=body), body, now_ms=1_000_500)
            == "m-1"
        )
    with pytest.raises(Forged):
        teller.accept(sign(["another"], "m-1", at_s=1_000, body=body), body, now_ms=1_000_500)


def test_ids_are_remembered_longer_where_no_time_is_signed(tmp_path: Path) -> None:
    untimed = CARRIER.replace("[hooks.carrier]", '[hooks.carrier]\nsigned = "zammad"', 1)

    assert carrier(tmp_path).remembered_ms >= DAY
    assert carrier(tmp_path, untimed).remembered_ms >= 30 * DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[hooks.carrier]", [("deployment.missing-key", "secret")]),
        ('[hooks.carrier]\nsecret = "in clear"', [("deployment.secret-in-clear", "secret")]),
        ('[hooks.carrier]\nsecret = "secret://no"', [("deployment.missing-secret", "secret")]),
        ('[hooks.carrier]\nsecret = "secret://hook"', [("deployment.wrong-value", "events")]),
        (CARRIER.replace("[hooks.carrier]", '[hooks.carrier]\nsigned = "md5"', 1),
         [("deployment.wrong-value", "signed")]),
        (CARRIER.replace("[hooks.carrier]", '[hooks.carrier]\nkept = "400 h"', 1),
         [("deployment.wrong-value", "kept")]),
        (CARRIER.replace("[hooks.carrier]", '[hooks.carrier]\nurl = "x"', 1),
         [("deployment.unknown-key", "url")]),
        (CARRIER.replace('"data.place"', "3"), [("deployment.wrong-value", "fields")]),
        (CARRIER.replace('{type = "delivered"}', '"x"'), [("deployment.wrong-value", "when")]),
    ],
)  # fmt: skip
def test_a_table_that_is_wrong_is_told_at_its_key(
    text: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        open_tellers(deployment(tmp_path, text))

    assert [(fault.code, fault.path[-1]) for fault in wrong.value.faults] == expected


def test_a_secret_that_cannot_sign_is_told_at_start(tmp_path: Path) -> None:
    path = tmp_path / "connectors.toml"
    path.write_text(CARRIER, encoding="utf-8")
    broken = {**ENVIRONMENT, "PARCOURS_SECRET_HOOK": "whsec_not base64"}

    with pytest.raises(Misconfigured) as wrong:
        open_tellers(load_deployment(path, environment=broken))

    assert [fault.path[-1] for fault in wrong.value.faults] == ["secret"]
