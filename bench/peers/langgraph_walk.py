"""The measured walk on langgraph: a graph of nodes, interrupts for what is waited for."""

from __future__ import annotations

from itertools import count, pairwise
from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from bench.floor import RATES, REASONS

GIVEN: dict[str, Any] = {
    "reason": "late", "weight": 12, "trace": {"place": "Lyon"}, "place": "depot", "resend": {},
    "content": True,
}  # fmt: skip
LINE = [
    "reason", "urgent", "known", "trust", "identified", "weight", "rate", "trace", "place",
    "cause", "resend", "content",
]  # fmt: skip


class Contact(TypedDict, total=False):
    """What is known of a contact."""

    reason: str
    zone: str
    level: int
    trusted: bool
    weight: float
    rate: int
    trace: Any
    place: str
    resend: Any
    content: bool
    qualification: str


def _asked(name: str) -> Any:
    def node(_: Contact) -> dict[str, Any]:
        given = interrupt(name)
        assert name != "reason" or given in REASONS
        return {name: given}

    return node


def _rate(contact: Contact) -> dict[str, Any]:
    for low, high, where, rate in RATES:
        if low <= contact["weight"] < high and contact["zone"] == where:
            return {"rate": rate}
    return {}


DEEDS: dict[str, Any] = {
    "urgent": lambda c: {"zone": "far" if c["reason"] == "late" else "near"},
    "known": lambda c: {"level": 2 if c["reason"] == "late" else 1},
    "trust": lambda c: {"trusted": c["level"] > 1},
    "identified": lambda _: {},
    "rate": _rate,
    "cause": lambda c: {
        "qualification": "cause.carrier" if c["trusted"] and c["rate"] > 5 else "cause.payment"
    },
}


def _graph() -> Any:
    graph = StateGraph(Contact)
    for name in LINE:
        graph.add_node(f"at_{name}", DEEDS[name] if name in DEEDS else _asked(name))
    graph.add_edge(START, "at_reason")
    for before, after in pairwise(LINE):
        graph.add_edge(f"at_{before}", f"at_{after}")
    graph.add_edge("at_content", END)
    return graph.compile(checkpointer=InMemorySaver())


GRAPH = _graph()
THREADS = count()


def walk() -> Any:
    """Walk once in a thread of its own, its state kept in memory after each step."""
    config = {"configurable": {"thread_id": f"t{next(THREADS)}"}}
    GRAPH.invoke({}, config)
    found: Any = {}
    for given in GIVEN.values():
        found = GRAPH.invoke(Command(resume=given), config)
    assert found["qualification"] == "cause.carrier", found
    return found
