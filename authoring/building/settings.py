"""library.yaml: what holds for every journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from authoring.building.desk import Desk
from authoring.building.ground import Ground
from authoring.building.spans import milliseconds, retention, targets
from authoring.building.types import answer_type
from authoring.building.words import wording
from authoring.sources import Path
from engine.calendar import Calendar
from engine.costs import Costs
from engine.model import Fact, Team
from engine.reuse import Reuse
from engine.tickets import Motive, Ticketing
from engine.wording import Text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNELS = ("phone",)
"""Those of a library that names none."""
HOLDER = "customer"


def settings(desk: Desk, ground: Ground, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of the library's model that its settings give.

    And lay the library's ground.
    """
    ground.languages = tuple(data["languages"])
    ground.times = data.get("time") or {}
    facts(desk, ground, data.get("facts") or {})
    audiences = tuple(data.get("audiences") or ("advisor",))
    return {
        "name": data["library"],
        "title": wording(desk, data["title"], ("title",), languages=ground.languages),
        "languages": ground.languages,
        "facts": ground.facts,
        "teams": {
            name: Team(
                name,
                wording(desk, spec["title"], ("teams", name, "title"), languages=ground.languages),
                _skills(desk, ground, name, spec.get("skills") or ()),
            )
            for name, spec in (data.get("teams") or {}).items()
        },
        "ticketing": ticketing(desk, ground, data.get("tickets") or {}),
        "answer_within": answer_within(desk, data),
        "costs": costs(data.get("costs")),
        "audiences": audiences,
        "default_audience": data.get("default_audience", audiences[0]),
        "channels": tuple(data.get("channels") or CHANNELS),
        "short_channels": tuple(data.get("short_channels") or ()),
        "declarations": data.get("declarations") or {},
        "digressions": tuple(data.get("digressions") or ()),
        "implied": tuple((data.get("provide") or {}).get("implied") or ()),
        "calendar": calendar(desk, data.get("calendar")),
        "timezone": timezone(desk, data.get("timezone", "UTC")),
        "targets": targets(desk, data.get("targets") or {}, ("targets",)),
        "reuse": reuse(desk, data.get("reuse") or ()),
        "identification_useful": data.get("identification_useful", False),
        "retention": retention(desk, data.get("retention") or {}, ("retention",)),
    }


def ticketing(desk: Desk, ground: Ground, data: Mapping[str, Any]) -> Ticketing:
    """Return what names a ticket's object, and how long each motive's customers may come back."""
    held = [name for name, fact in ground.facts.items() if fact.holder == "ticket"]
    # What a ticket holds tells requests apart, unless the library says which of it does.
    objects = tuple(data.get("objects", held))
    for at, name in enumerate(objects):
        if name not in held:
            desk.report(
                "form.value",
                ("tickets", "objects", at),
                f"`{name}` is no fact that a ticket holds.",
                hint="Declare it under `facts` with `holder: ticket`.",
            )
    default = _motive(desk, data, ("tickets",), Motive())
    motives = {
        code: _motive(desk, spec, ("tickets", "motives", code), default)
        for code, spec in (data.get("motives") or {}).items()
    }
    return Ticketing(objects, default, motives)


def _motive(desk: Desk, data: Mapping[str, Any], path: Path, default: Motive) -> Motive:
    window = milliseconds(desk, data.get("window"), (*path, "window"))
    target = milliseconds(desk, data.get("target"), (*path, "target"))
    return Motive(
        default.window if window is None else window,
        data.get("contacts", default.contacts),
        default.target if target is None else target,
    )


def answer_within(desk: Desk, data: Mapping[str, Any]) -> dict[str, int]:
    """Return within how long customers are to be answered, in milliseconds, by channel."""
    found = {}
    channels = data.get("channels") or CHANNELS
    for channel, written in (data.get("answer_within") or {}).items():
        path = ("answer_within", channel)
        span = milliseconds(desk, written, path)
        if channel not in channels:
            desk.report(
                "form.value", path, f"`{channel}` is no channel of this library.", key=True,
                hint="Name it under `channels`, or leave it out.",
            )  # fmt: skip
        elif span == 0:
            desk.report("form.value", path, "Nobody is answered within no time.")
        elif span is not None:
            found[channel] = span
    return found


def costs(data: Mapping[str, Any] | None) -> Costs | None:
    """Return what things cost, None when the library does not say."""
    if data is None:
        return None
    minute = float(data["minute"])
    return Costs(
        currency=data["currency"],
        minute=minute,
        internal_minute=float(data.get("internal_minute", minute)),
        occupancy=float(data.get("occupancy", 1)),
        contact={channel: float(each) for channel, each in (data.get("contact") or {}).items()},
        robot_run=float(data.get("robot_run", 0)),
    )


def untitled(name: str) -> Text:
    """Return a title for what has none that can be read."""
    return Text.plain(name)


def facts(desk: Desk, ground: Ground, data: Mapping[str, Any]) -> None:
    """Put the library's facts on its ground: values shared beyond their session."""
    built: dict[str, Fact] = {}
    fields: dict[str, Mapping[str, Any]] = {}
    for name, spec in data.items():
        answers = answer_type(desk, ground, spec, path=("facts", name))
        if answers is not None:
            built[name] = Fact(name, answers, spec.get("holder", HOLDER), spec.get("known"))
            fields[name] = {key: value for key, value in spec.items() if key != "holder"}
    ground.facts, ground.fact_fields = built, fields


def reuse(desk: Desk, data: Sequence[Mapping[str, Any]]) -> tuple[Reuse, ...]:
    """Return the rules for what is known where no question says how it is used, in their order."""
    built = []
    for at, one in enumerate(data):
        named = one.get("from", ())
        sources = (named,) if isinstance(named, str) else tuple(named)
        older = milliseconds(desk, one.get("older"), ("reuse", at, "older"))
        built.append(Reuse(one["known"], sources, older))
    return tuple(built)


def calendar(desk: Desk, data: Mapping[str, Any] | None) -> Calendar | None:
    """Return the opening hours, None when the library has none."""
    if data is None:
        return None
    closed: set[date] = set()
    for at, day in enumerate(data.get("closed") or ()):
        try:
            closed.add(date.fromisoformat(day))
        except ValueError:
            desk.report(
                "form.value", ("calendar", "closed", at), f"`{day}` is no day of the calendar."
            )
    opens, closes = time.fromisoformat(data["open"]), time.fromisoformat(data["close"])
    if closes <= opens:
        desk.report("form.value", ("calendar", "close"), "The service closes before it opens.")
        return None
    return Calendar(
        frozenset(DAYS.index(day) for day in data["days"]), opens, closes, frozenset(closed)
    )


def timezone(desk: Desk, name: str) -> str:
    """Return a time zone's name; UTC with a finding when there is none of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        desk.report(
            "form.timezone",
            ("timezone",),
            f"There is no time zone `{name}`.",
            hint="Write it as Europe/Paris.",
        )
        return "UTC"
    return name


def _skills(
    desk: Desk, ground: Ground, team: str, data: Mapping[str, Any] | Sequence[str]
) -> dict[str, Text | None]:
    """Return what a team can do: a list of ids, or ids with what they are called."""
    if isinstance(data, Mapping):
        path = ("teams", team, "skills")
        return {
            skill: wording(desk, title, (*path, skill), languages=ground.languages)
            for skill, title in data.items()
        }
    return dict.fromkeys(data)
