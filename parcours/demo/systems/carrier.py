"""The carrier's system."""

from __future__ import annotations

from parcours.demo.systems.asked import Asked, Said
from parcours.demo.systems.world import World


def chase(world: World, asked: Asked) -> Said:
    """Ask the carrier for news: the parcel is found and has a new date."""
    number = asked.text("order")
    promised = world.day(2)
    if number in world.orders:
        world.change(number, due=promised)
    return Said({"new_date": promised.isoformat()}, after_s=2.0)


def open_inquiry(world: World, asked: Asked) -> Said:
    """Have the carrier look for a parcel; one inquiry for each order."""
    number = asked.text("order")
    if number not in world.inquiries:
        world.inquiries[number] = f"ENQ-{3080 + len(world.inquiries) + 1}"
    return Said({"reference": world.inquiries[number]}, 201)
