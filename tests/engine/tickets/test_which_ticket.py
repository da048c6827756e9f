"""Which request a contact goes on with, as experts read it in tests/golden/tickets."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.parts import DAY_MS
from engine.tickets import REASONS, Demand, Earlier, Motive, Ticketing, choose

GOLDEN = Path(__file__).parents[2] / "golden" / "tickets" / "rules.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
NOW = 1_790_000_000_000
SHOP = Ticketing(
    objects=("ticket.order",),
    default=Motive(7 * DAY_MS),
    motives={
        "livraison": Motive(30 * DAY_MS, contacts=2),
        "livraison.etat": Motive(2 * DAY_MS),
    },
)


def earlier(one: dict[str, Any]) -> Earlier:
    """Return a ticket of the table."""
    about = {"ticket.order": one["order"]} if "order" in one else {}
    return Earlier(
        one["id"], one.get("status", "open"), one["motive"], NOW - one["days"] * DAY_MS, about,
        one.get("goes_on", False),
    )  # fmt: skip


def demand(case: dict[str, Any]) -> Demand:
    """Return what is asked for in a case of the table."""
    return Demand(case["motive"], {"ticket.order": case["order"]} if "order" in case else {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]))
def test_a_contact_goes_on_with_the_request_that_the_rules_say(case: dict[str, Any]) -> None:
    verdict = choose(SHOP, demand(case), [earlier(one) for one in case["earlier"]], now=NOW)

    expected = case["expect"]
    assert (verdict.what, verdict.reason) == (expected["what"], expected["reason"])
    assert verdict.ticket == expected.get("ticket")
    assert list(verdict.others) == expected.get("others", [])


def test_every_reason_stands_in_the_table() -> None:
    reasons = {case["expect"]["reason"] for case in CASES}

    assert reasons | {"corrected"} == set(REASONS)


def test_the_order_in_which_tickets_are_looked_up_changes_nothing() -> None:
    for case in CASES:
        listed = [earlier(one) for one in case["earlier"]]

        assert choose(SHOP, demand(case), listed, now=NOW) == choose(
            SHOP, demand(case), listed[::-1], now=NOW
        )


def test_a_motive_says_how_many_contacts_it_needs_and_others_need_one() -> None:
    assert SHOP.of("livraison.suivi").expected == 2
    assert SHOP.of("facture.montant").expected == 1
