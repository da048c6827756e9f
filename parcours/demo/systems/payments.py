"""The payment desk's system."""

from __future__ import annotations

from parcours.demo.systems.asked import Asked, Said, Unclear, no
from parcours.demo.systems.world import World


def new_link(world: World, asked: Asked) -> Said:
    """Send a payment link; the customer of the demonstration pays at once."""
    number = asked.text("order")
    if asked.text("by") not in {"sms", "email"}:
        raise Unclear("by")
    world.links.add(number)
    if number in world.orders:
        world.change(number, payment="ACCEPTED")
    return Said({}, 201)


def cancel_link(world: World, asked: Asked) -> Said:
    """Take a payment link back."""
    world.links.discard(asked.text("order"))
    return Said()


def payment_status(world: World, asked: Asked) -> Said:
    """Give the state of an order's payment."""
    order = world.orders.get(asked.text("order"))
    return Said({"state": "AWAITED" if order is None else order.payment})


def refund(world: World, asked: Asked) -> Said:
    """Pay an amount back to the card."""
    number = asked.text("order")
    cents = asked.cents("amount")
    order = world.orders.get(number)
    if order is not None and (world.day(0) - order.due).days > 90:
        return no("CARD_EXPIRED")
    world.refunds[number] = world.refunds.get(number, 0) + cents
    return Said({}, 201, after_s=1.0)
