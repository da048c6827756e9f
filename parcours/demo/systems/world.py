"""What the demonstration's systems hold: orders, customers, products, a technicians' agenda.

All of it is in memory and begins anew with each start; days are counted from today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

Today = Callable[[], date]
RECENT: Final = ("F-1042", "F-1055", "F-1060", "F-1071", "F-1080", "F-1090", "F-1099", "F-2000")
HALF_DAYS: Final = (
    "lundi matin", "mardi après-midi", "jeudi matin", "vendredi matin", "lundi après-midi",
    "mercredi matin", "jeudi après-midi", "vendredi après-midi",
)  # fmt: skip
OFFERED: Final = 3
"""How many slots are offered at once."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as the shop's system knows it, in that system's own words."""

    number: str
    product: str
    cents: int
    state: str
    payment: str
    left_with: str
    due: date
    shipped: date | None = None

    @property
    def has_left(self) -> bool:
        """Whether its parcel has left the warehouse."""
        return self.state in {"IN_TRANSIT", "DELIVERED"}


@dataclass(slots=True)
class Product:
    """A product of the catalogue."""

    reference: str
    name: str
    stock: int
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of the shop."""

    number: str
    name: str
    postcode: str
    email: str
    phone: str = ""


@dataclass(slots=True)
class World:
    """Everything the systems remember.

    Attributes:
        today: gives the day.
        shipped_again: by shipment, the order as it was before it was sent again.
        links: the orders for which a payment link is out.
    """

    today: Today
    orders: dict[str, Order] = field(default_factory=dict)
    stock: dict[str, Product] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)
    shipped_again: dict[str, Order] = field(default_factory=dict)
    links: set[str] = field(default_factory=set)
    vouchers: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)
    inquiries: dict[str, str] = field(default_factory=dict)
    exchanges: set[str] = field(default_factory=set)
    booked: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    _numbers: int = 0

    def day(self, days: int) -> date:
        """Return the day so many days from today."""
        return self.today() + timedelta(days=days)

    def number(self) -> int:
        """Return a number that was never given before."""
        self._numbers += 1
        return self._numbers

    def change(self, order: str, **what: object) -> None:
        """Change an order."""
        self.orders[order] = replace(self.orders[order], **what)  # type: ignore[arg-type]  # its own fields


def new_world(today: Today) -> World:
    """Return the systems as they are when the demonstration starts."""
    world = World(today)
    day = world.day
    for order in (
        Order("F-1042", "Lumo 40", 8000, "SUSPENDED", "REFUSED", "NOBODY", day(-3)),
        Order("F-1055", "Vapo 2", 3990, "IN_TRANSIT", "ACCEPTED", "NOBODY", day(-3), day(-7)),
        Order("F-1060", "Pliax", 24500, "IN_TRANSIT", "ACCEPTED", "NOBODY", day(-24), day(-28)),
        Order("F-1071", "Atlas", 5230, "DELIVERED", "ACCEPTED", "NEIGHBOUR", day(-4), day(-6)),
        Order("F-1080", "Sono Mini", 12900, "DELIVERED", "ACCEPTED", "CUSTOMER", day(-5), day(-7)),
        Order("F-1090", "Polaire", 3490, "PREPARING", "ACCEPTED", "NOBODY", day(3)),
        Order("F-1099", "Basso", 18900, "SUSPENDED", "ACCEPTED", "NOBODY", day(2)),
        Order("F-2000", "Kilim", 15900, "DELIVERED", "ACCEPTED", "CUSTOMER", day(-95), day(-98)),
    ):
        world.orders[order.number] = order
    for product in (
        Product("MIT-15", "Mitigeur Rhône 15 mm", 12),
        Product("PAC-8", "Pompe à chaleur 8 kW", 0, day(40)),
        Product("ATLAS", "Atlas", 0),
    ):
        world.stock[product.name] = product
    world.customers += [
        Customer("C-2201", "Claire Dubois", "69003", "claire.dubois@example.org", "+33612345678"),
        Customer("C-3100", "Atelier Durand", "44000", "atelier.durand@example.org"),
        Customer("C-4000", "Samir Benali", "13001", "samir.benali@example.org"),
    ]
    return world
