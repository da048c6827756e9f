"""The shop's systems: customers and vouchers, orders, the catalogue, messages."""

from __future__ import annotations

from parcours.demo.systems.asked import Asked, Said, no
from parcours.demo.systems.world import RECENT, Customer, World

OWNER = "C-2201"
"""Whose orders they all are."""


def find_customer(world: World, asked: Asked) -> Said:
    """Give the customer who has the e-mail address, phone or number asked for."""

    def agrees(one: Customer) -> bool:
        known = {"email": one.email, "phone": one.phone, "number": one.number}
        return any(value == asked.query.get(name) for name, value in known.items() if value)

    found = next((one for one in world.customers if agrees(one)), None)
    if found is None:
        return no("UNKNOWN_CUSTOMER", 404)
    return Said({"id": found.number, "full_name": found.name, "zip": found.postcode})


def give_voucher(world: World, asked: Asked) -> Said:
    """Make a voucher."""
    asked.text("customer")
    code = f"BON-{7000 + world.number()}"
    world.vouchers[code] = asked.cents("amount")
    return Said({"voucher": code}, 201)


def cancel_voucher(world: World, asked: Asked) -> Said:
    """Take a voucher back; one that is gone stays gone."""
    world.vouchers.pop(str(asked.body.get("voucher")), None)
    return Said()


def list_orders(world: World, asked: Asked) -> Said:
    """Give the recent orders of a customer."""
    if asked.text("customer") != OWNER:
        return Said({"orders": []})
    found = [world.orders[one] for one in RECENT if one in world.orders]
    titles = [{"number": one.number, "title": f"{one.number} · {one.product}"} for one in found]
    return Said({"orders": titles})


def get_order(world: World, asked: Asked) -> Said:
    """Give an order."""
    order = world.orders.get(asked.text("order"))
    if order is None:
        return no("UNKNOWN_ORDER", 404)
    seen = {
        "number": order.number,
        "state": order.state,
        "payment": order.payment,
        "left_with": order.left_with,
        "due": order.due.isoformat(),
        "total": {"cents": order.cents, "currency": "EUR"},
    }
    if order.shipped is not None:
        seen["shipped"] = order.shipped.isoformat()
    # The one of the story: long enough to be seen at work.
    return Said(seen, after_s=1.0 if order.number == "F-1042" else 0.0)


def resend(world: World, asked: Asked) -> Said:
    """Send an order again: it is in transit from now on."""
    number = asked.text("order")
    order = world.orders.get(number)
    if order is None:
        return no("UNKNOWN_ORDER", 404)
    product = world.stock.get(order.product)
    if product is not None and product.stock == 0:
        return no("OUT_OF_STOCK")
    shipment = f"EXP-{55119 + world.number()}"
    world.shipped_again[shipment] = order
    today, due = world.day(0), world.day(2)
    world.change(number, state="IN_TRANSIT", left_with="NOBODY", shipped=today, due=due)
    return Said({"shipment": shipment}, 201, after_s=1.0)


def cancel_resend(world: World, asked: Asked) -> Said:
    """Call a shipment back: its order is again what it was."""
    before = world.shipped_again.pop(str(asked.body.get("shipment")), None)
    if before is not None:
        world.orders[before.number] = before
    return Said()


def send_part(world: World, asked: Asked) -> Said:
    """Send a part of a product."""
    world.sent.append((asked.text("order"), asked.text("part")))
    return Said({}, 201)


def cancel_order(world: World, asked: Asked) -> Said:
    """Cancel an order that has not left."""
    number = asked.text("order")
    order = world.orders.get(number)
    if order is not None and order.has_left:
        return no("ALREADY_SHIPPED")
    world.orders.pop(number, None)
    return Said()


def get_product(world: World, asked: Asked) -> Said:
    """Give a product of the catalogue."""
    reference = asked.text("reference")
    found = next((one for one in world.stock.values() if one.reference == reference), None)
    if found is None:
        return no("UNKNOWN_PRODUCT", 404)
    seen = {"name": found.name, "stock": found.stock}
    if found.from_day is not None:
        seen["available"] = found.from_day.isoformat()
    return Said(seen)


def send_message(world: World, asked: Asked) -> Said:
    """Write to a customer."""
    world.sent.append((asked.text("customer"), asked.text("template")))
    return Said({}, 202)
