"""The internet provider's systems: incidents, line tests, routers, the technicians' agenda."""

from __future__ import annotations

from parcours.demo.systems.asked import Asked, Said, no
from parcours.demo.systems.world import HALF_DAYS, OFFERED, World

IN_THE_AREA = "C-4000"
"""The customer whose town has an incident."""
NOT_WIRED = "C-3100"
"""The customer whose line the test bench does not reach."""
TEST_S = 6.0
TAKEN = "C2"
"""The slot that somebody else takes in between."""


def incident(_world: World, asked: Asked) -> Said:
    """Say whether an incident touches a customer."""
    if asked.text("customer") == IN_THE_AREA:
        return Said({"active": True, "news_at": "18:00"})
    return Said({"active": False})


def line_test(_world: World, asked: Asked) -> Said:
    """Test a line, which takes some seconds."""
    if asked.text("customer") == NOT_WIRED:
        return no("NO_TEST_BENCH", 500)
    return Said({"verdict": "LINE_FAULT"}, after_s=TEST_S)


def exchange_box(world: World, asked: Asked) -> Said:
    """Have a new router made ready."""
    world.exchanges.add(asked.text("customer"))
    return Said({"ready": world.day(2).isoformat()}, 201)


def cancel_exchange(world: World, asked: Asked) -> Said:
    """Keep the router that is there."""
    world.exchanges.discard(asked.text("customer"))
    return Said()


def slots(world: World, _asked: Asked) -> Said:
    """Give the next half days that nobody has."""
    free = [
        {"slot": f"C{number}", "when": label}
        for number, label in enumerate(HALF_DAYS, start=1)
        if f"C{number}" not in world.booked
    ]
    return Said({"slots": free[:OFFERED]})


def book(world: World, asked: Asked) -> Said:
    """Book a half day."""
    slot = asked.text("slot")
    if slot == TAKEN or slot in world.booked:
        return no("SLOT_TAKEN")
    world.booked[slot] = asked.text("customer")
    return Said({"day": world.day(3).isoformat()}, 201)


def free(world: World, asked: Asked) -> Said:
    """Give a half day back, when it is this customer's."""
    slot = asked.text("slot")
    if world.booked.get(slot) == asked.text("customer"):
        del world.booked[slot]
    return Said()
