"""Commands that change who acts: transfers, hand-overs, approvals, taking over."""

from __future__ import annotations

from engine import events as e
from engine.commands import STAFF, Command
from engine.handlers.stop import Handlers, current, human, known_team
from engine.refusals import Refused
from engine.settle import give_up
from engine.walk import Walk


def _transfer(walk: Walk, command: Command) -> None:
    human(walk, command)
    known_team(walk, command.body["team"])
    walk.emit(
        e.TransferAsked(
            walk.env.now,
            walk.env.by,
            "transfer",
            command.body["team"],
            None,
            command.body.get("reason"),
        )
    )


def _hand_over(walk: Walk, command: Command) -> None:
    to = command.body.get("to", "advisor")
    if walk.state.transfer is not None:
        raise Refused(
            "transfer.pending",
            {
                "fr": "Un passage de relais est déjà demandé.",
                "en": "A hand-over is already asked for.",
            },
        )
    human(walk, command)
    walk.emit(
        e.TransferAsked(
            walk.env.now, walk.env.by, "hand_over", to, None, command.body.get("reason")
        )
    )


def _accept(walk: Walk, command: Command) -> None:
    transfer = walk.state.transfer
    if transfer is None:
        raise Refused(
            "transfer.none",
            {"fr": "Aucun passage de relais n'est demandé.", "en": "No hand-over is asked for."},
        )
    if command.type == "decline":
        waiting = transfer[0] == "transfer" and transfer[2] is not None
        if waiting:
            here = current(walk, command)
            here.step.resolve(walk, here, command)
        else:
            walk.emit(e.Declined(walk.env.now, walk.env.by, command.body.get("reason")))
        return
    audience = "advisor" if walk.env.role in STAFF else walk.env.role
    walk.emit(
        e.Accepted(
            walk.env.now,
            walk.env.by,
            audience,
            command.body.get("contact"),
            command.body.get("channel"),
        )
    )
    if transfer[0] == "transfer" and transfer[2] is not None:
        here = walk.here(walk.state.visit(transfer[2]))
        here.step.resolve(walk, here, command)


def _take_over(walk: Walk, command: Command) -> None:
    if walk.state.wait is not None and walk.state.wait.what == "effect":
        give_up(walk)
        return
    if walk.state.status == "pending" and walk.state.wait is None:
        here = current(walk, command)
        here.step.resolve(walk, here, command)
        return
    walk.emit(e.Accepted(walk.env.now, walk.env.by, "advisor"))
    transfer = walk.state.current
    if transfer is not None and walk.step(transfer).KIND == "transfer":
        here = walk.here(transfer)
        here.step.resolve(walk, here, Command("accept"))


def _approve(walk: Walk, command: Command) -> None:
    wait = walk.state.wait
    if wait is None or wait.what != "approval":
        raise Refused(
            "approve.none",
            {"fr": "Rien n'attend d'accord.", "en": "Nothing waits for an approval."},
        )
    if wait.name is not None and walk.env.role not in (wait.name, "supervisor"):
        raise Refused(
            "approve.role",
            {
                "fr": f"Il faut l'accord du rôle « {wait.name} ».",
                "en": f"The role '{wait.name}' must approve.",
            },
            params={"role": wait.name},
        )
    here = walk.here(walk.state.visit(wait.visit))
    here.step.resolve(walk, here, command)


HANDLERS: Handlers = {
    "transfer": _transfer,
    "hand_over": _hand_over,
    "ask_human": _hand_over,
    "accept": _accept,
    "decline": _accept,
    "take_over": _take_over,
    "approve": _approve,
}
