"""What a turn changes of the actions that came to nothing: the list of dead letters keeps step."""

from __future__ import annotations

from engine.standing import standings
from engine.state import State
from runtime.ids import Ids
from runtime.store import actions as a
from runtime.store.port import Unit

LISTED = ("open", "with_person")


def follow(
    unit: Unit, tenant: str, ids: Ids, *, before: State | None, after: State, at: int
) -> None:
    """Add to a turn what it changes of the dead letters of its session.

    One is written where an action came to nothing: nobody has it (`open`), or a person is led
    through it. It is moved when a person did it, or it succeeded after all.
    """
    was = {} if before is None else standings(before)
    now = standings(after)
    for name, where in now.items():
        effect = after.effects[name]
        same = was.get(name) == where and before is not None
        if same and before is not None and before.effects[name].status == effect.status:
            continue
        if where in LISTED:
            unit.add(
                a.OPEN_LETTER, tenant, ids.new("dlt"), after.session, name, effect.operation,
                effect.effect_class, int(effect.compensates is not None), effect.status,
                effect.reason, where, at, at, None, None,
            )  # fmt: skip
        else:
            unit.add(a.MOVE_LETTER, tenant, after.session, name, where, at)
    for name in was.keys() - now.keys():
        status = after.effects[name].status
        became = status if status in ("succeeded", "closed") else "dropped"
        unit.add(a.MOVE_LETTER, tenant, after.session, name, became, at)
