"""Steps of every kind, as an expert might write them, from a source of chance."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.support.written_words import (
    CODES,
    CONSTANTS,
    OPERATION,
    ROLES,
    SHOWN,
    TYPES,
    Written,
    told,
    whole,
)


@dataclass
class Steps:
    """The steps of one journey, written from top to bottom."""

    rnd: Random
    others: dict[str, Written]
    have: dict[str, str] = field(default_factory=dict)
    """Names that steps written so far give, with their types."""
    inputs: dict[str, Any] = field(default_factory=dict)

    def input(self, name: str, kind: str) -> None:
        """Let the journey be given a value."""
        self.inputs[name] = {**TYPES[kind], "required": self.chance(0.7)}
        self.have[name] = kind

    def one(self, at: int) -> dict[str, Any]:
        """Return a step of any kind but an end."""
        kinds = {
            self._say: 2, self._choice: 3, self._yes_no: 2, self._questions: 3, self._decide: 3,
            self._table: 1, self._read: 3, self._write: 2, self._transfer: 1, self._consult: 1,
            self._wait: 1, self._approve: 1,
        }  # fmt: skip
        if self.others:
            kinds |= {self._call: 3, self._goto: 1}
        made = self.rnd.choices(list(kinds), list(kinds.values()))[0](at)
        step: dict[str, Any] = {"id": f"s{at}", **made}
        if self.chance(0.25):
            step |= self.rnd.choice(CODES)
        if self.chance(0.12) and "goto_journey" not in step:
            step["when"] = self.condition()
            if "do" in step or self.chance(0.4):
                step["else"] = ""
        if self.chance(0.08):
            step["sensitive"] = True
        if self.chance(0.06):
            step["promise"] = {"what": self.wording("A promise"), "within": "24h", "by": "seller"}
        if self.chance(0.04):
            step["barrier"] = True
        return step

    def route(self, step: dict[str, Any], before: list[str], after: list[str]) -> None:
        """Give a step's ways their targets: mostly onward, sometimes back."""
        if self.chance(0.2) and "goto_journey" not in step:
            step["next"] = self.target(before, after)
        if (
            self.chance(0.1)
            and (before or "do" in step)
            and "goto_journey" not in step
            and ("otherwise" not in step)
        ):
            step["again"] = self.rnd.randint(1, 3)
            step["otherwise"] = self.rnd.choice(after)
        self._lead(step, before, after)

    def target(self, before: list[str], after: list[str]) -> str:
        """Return where a way leads."""
        if before and self.chance(0.2):
            return self.rnd.choice(before)
        return self.rnd.choice(after[:4])

    def _lead(self, data: Any, before: list[str], after: list[str]) -> None:
        if isinstance(data, dict):
            for key, value in data.items():
                if value == "":
                    data[key] = self.target(before, after)
                else:
                    self._lead(value, before, after)
        elif isinstance(data, list):
            for one in data:
                self._lead(one, before, after)

    # Parts

    def chance(self, share: float) -> bool:
        """Return true in a share of cases."""
        return self.rnd.random() < share

    def name(self, *kinds: str) -> str | None:
        """Return a value some step gives, of one of these types."""
        fitting = [name for name, kind in self.have.items() if not kinds or kind in kinds]
        return self.rnd.choice(fitting) if fitting else None

    def wording(self, text: str) -> Any:
        """Return a text, maybe with a value in it, maybe by audience."""
        shown = self.name(*SHOWN) if self.chance(0.5) else None
        full = told(f"{text} {{{shown}}}" if shown else text)
        if self.chance(0.2):
            return {"advisor": full, "customer": told("For you.")}
        if self.chance(0.1):
            return {"full": full, "short": told("Short.")}
        return full

    def condition(self) -> str:
        """Return a condition on values that steps give."""
        pick = self.rnd.random()
        name = self.name()
        if name is None or pick < 0.05:
            return 'qualification within "q"'
        kind = self.have[name]
        if pick < 0.25 or kind not in CONSTANTS:
            return self.rnd.choice(["known({0})", "not known({0})"]).format(name)
        test = f"{name} == {self.rnd.choice(CONSTANTS[kind])}"
        if kind in ("number", "money", "date"):
            test = f"{name} {self.rnd.choice(['<', '>=', '!='])} {self.rnd.choice(CONSTANTS[kind])}"
        if pick < 0.45:
            return f"known({name}) and {test}"
        if pick < 0.55:
            return f"not known({name}) or {test}"
        if pick < 0.6 and kind == "number":
            return f"default({name}, 0) + 1 > 2"
        return test

    def value(self) -> tuple[str, str]:
        """Return an expression and its type."""
        name = self.name("number", "text", "money", "date", "choice")
        pick = self.rnd.random()
        if name is not None and pick < 0.4:
            return name, self.have[name]
        if name is not None and pick < 0.6 and self.have[name] in CONSTANTS:
            return f"default({name}, {CONSTANTS[self.have[name]][0]})", self.have[name]
        if pick < 0.8:
            return self.rnd.choice(CONSTANTS["number"]), "number"
        return '"abc"', "text"

    def with_id(self) -> dict[str, str]:
        """Return what is given to an operation: a text."""
        name = self.name("text")
        if name is None or self.chance(0.3):
            return {"id": '"F1"'}
        return {"id": name if self.chance(0.7) else f'default({name}, "none")'}

    def codes(self) -> dict[str, Any]:
        """Return a code, or none."""
        return dict(self.rnd.choice(CODES)) if self.chance(0.5) else {}

    def by_hand(self, saves: dict[str, str]) -> dict[str, Any]:
        """Return a manual procedure that fills in all, or a part."""
        fills = [one for one in whole(saves) if self.chance(0.85)]
        return {"say": self.wording("Do it by hand."), **({"fills": fills} if fills else {})}

    # Kinds

    def _say(self, at: int) -> dict[str, Any]:
        if self.chance(0.1):
            return {"goal": self.wording("Reassure.")}
        made = {"say": self.wording(f"Say {at}.")}
        if self.chance(0.25):
            made["verbatim"] = True
        return made

    def _none(self) -> dict[str, Any]:
        return self.rnd.choice([{}, {"none": False}, {"none": ""}])

    def _choice(self, at: int) -> dict[str, Any]:
        name = self.rnd.choice([f"c{at}", "complaint"])
        many = self.chance(0.2)
        routes = not many and self.chance(0.5)
        options: list[dict[str, Any]] = []
        for option in ("a", "b", "c"):
            one: dict[str, Any] = {"id": option, "label": self.wording(option), **self.codes()}
            if routes and self.chance(0.6):
                one["next"] = ""
            if option == "c" and self.chance(0.2):
                one["when"] = self.condition()
            options.append(one)
        asked: dict[str, Any] = {"type": "multiple" if many else "choice", "options": options}
        lines = self.name("list")
        if lines is not None and not many and self.chance(0.6):
            asked["options"] = {"from": lines, "id": "id", "label": "name"}
        if self.chance(0.2):
            asked["required"] = False
        made = {"say": self.wording("Which?"), "ask": {name: asked}, **self._none()}
        self.have[name] = "several" if many else "choice"
        return made

    def _yes_no(self, at: int) -> dict[str, Any]:
        asked: dict[str, Any] = {"type": "yes_no"}
        for side in ("yes", "no"):
            if self.chance(0.7):
                way = {"next": ""} if self.chance(0.7) else {}
                asked[side] = {**way, **self.codes()}
        made = {"say": self.wording("Yes or no?"), "ask": {f"y{at}": asked}, **self._none()}
        self.have[f"y{at}"] = "yes_no"
        return made

    def _questions(self, at: int) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        for place in range(self.rnd.choice([1, 1, 2])):
            kind = self.rnd.choice(list(TYPES))
            name = f"{kind}{at}{place}" if self.chance(0.7) else kind
            if name in self.have and self.have[name] != kind:
                continue
            one = dict(TYPES[kind])
            one["label"] = self.wording("Label")
            if self.chance(0.25):
                one["required"] = False
            if kind == "email" and self.chance(0.5):
                one |= {
                    "fact": "customer.mail",
                    "known": self.rnd.choice(["skip", "confirm", "always"]),
                }
            if kind == "number" and self.chance(0.4):
                rule = f"{name} != 7"
                other = self.name("number")
                if other is not None and self.chance(0.5):
                    rule = f"{name} >= {other} or {name} > 5"
                one["valid"] = {"when": rule, "message": told(f"Not {{{name}}}.")}
            asked[name] = one
        self.have |= {name: str(one["type"]) for name, one in asked.items()}
        return {"say": self.wording("Tell me."), "ask": asked, **self._none()}

    def _decide(self, at: int) -> dict[str, Any]:
        rules: list[dict[str, Any]] = []
        shared = [f"v{at}"] if self.chance(0.5) else []
        given: dict[str, str] = {}
        rules += [{"when": self.condition()} for _ in range(self.rnd.randint(1, 2))]
        rules.append({"else": True})
        for rule in rules:
            rule.update(self.codes())
            sets = {}
            for name in shared if self.chance(0.9) else [*shared, "extra"]:
                expression, kind = self.value()
                if given.setdefault(name, kind) == kind and self.have.get(name, kind) == kind:
                    sets[name] = expression
            if sets:
                rule["set"] = sets
            if self.chance(0.5):
                rule["next"] = ""
        self.have |= given
        return {"decide": rules}

    def _table(self, at: int) -> dict[str, Any]:
        number, status = self.name("number"), self.name("choice")
        if self.chance(0.3):
            call: dict[str, Any] = {"table": "all", "with": {"n": number or "4"}, "saves": f"t{at}"}
        else:
            call = {"table": "rates", "with": {"n": number or "4"}}
            if status is not None and status.endswith("status"):
                call["with"]["status"] = status
            call["saves"] = self.rnd.choice([f"t{at}", ["rate", "word"]])
            if isinstance(call["saves"], str):
                self.have |= {f"t{at}.rate": "number", f"t{at}.word": "text"}
            else:
                self.have |= {"rate": "number", "word": "text"}
        return {"decide": call, **({"on": {"none": ""}} if self.chance(0.5) else {})}

    def _read(self, at: int) -> dict[str, Any]:
        name = self.rnd.choice(["order", f"r{at}"])
        saves = {name: "result"}
        if self.chance(0.2):
            saves = {f"amount{at}": "result.amount"}
        made: dict[str, Any] = {"do": "shop.read", "with": self.with_id(), "saves": saves}
        if self.chance(0.35):
            made["behind"] = True
        if self.chance(0.5):
            made["on"] = {
                "refused": self.rnd.choice(["", {"not_found": ""}, {"closed": "", "else": ""}])
            }
        if self.chance(0.2):
            made["otherwise"] = ""
        else:
            made["by_hand"] = self.by_hand(saves)
        for one in whole(saves):
            self.have[one] = OPERATION.get(one.rpartition(".")[2], "money")
        if name in saves and name == "order":
            self.have.setdefault(name, "record")
        return made

    def _write(self, at: int) -> dict[str, Any]:
        pays = self.chance(0.2)
        made: dict[str, Any] = {
            "do": "shop.pay" if pays else "shop.send",
            "with": self.with_id(),
            "acts": "x.b",
            "by_hand": {"say": self.wording("Send it.")},
        }
        if not pays and self.chance(0.5):
            made["saves"] = {f"p{at}": "result.parcel"}
            made["by_hand"]["fills"] = [f"p{at}"] if self.chance(0.8) else []
            self.have[f"p{at}"] = "text"
        if self.chance(0.5):
            made["compensate"] = "shop.undo"
            made["on_amend"] = self.rnd.choice(["compensate", "keep", "confirm"])
        if self.chance(0.3):
            made["approve"] = {"role": self.rnd.choice(ROLES), "timeout": "2m"}
            if self.chance(0.5):
                made["approve"]["when"] = self.condition()
            if self.chance(0.5):
                made["approve"]["otherwise"] = ""
        if self.chance(0.5):
            made["on"] = {"refused": "", "not_done": ""}
        if self.chance(0.2) and "saves" not in made:
            made["behind"] = True
        return made

    def _call(self, at: int) -> dict[str, Any]:
        called = self.rnd.choice(list(self.others))
        journey = self.others[called]
        made: dict[str, Any] = {"call": called, **self._given(journey)}
        saved = {one.partition(".")[0] for one in journey.gives if self.chance(0.5)}
        saved -= set(journey.data.get("inputs", {}))
        if saved:
            made["saves"] = {f"m{at}_{name}": name for name in sorted(saved)}
            for name, kind in journey.gives.items():
                if name.partition(".")[0] in saved:
                    self.have[f"m{at}_{name}"] = kind
        outcomes = {step["end"] for step in journey.data["steps"] if "end" in step} - {"resolved"}
        if outcomes:
            made["on"] = dict.fromkeys(sorted(outcomes), "")
        return made

    def _given(self, journey: Written) -> dict[str, Any]:
        given = {}
        for name in journey.data.get("inputs", {}):
            mine = self.name("number")
            given[name] = mine if mine is not None and self.chance(0.7) else "2"
        return {"with": given} if given else {}

    def _goto(self, at: int) -> dict[str, Any]:
        del at
        called = self.rnd.choice(list(self.others))
        return {
            "when": self.condition(),
            "else": "",
            "goto_journey": called,
            **self._given(self.others[called]),
        }

    def _transfer(self, at: int) -> dict[str, Any]:
        name = self.name()
        context = {"context": [name.partition(".")[0]]} if name is not None else {}
        made: dict[str, Any] = {"transfer": {"team": "seller", "reason": told("Why"), **context}}
        return {
            "say": self.wording(f"Transfer {at}."),
            **made,
            **({"on": {"refused": ""}} if self.chance(0.5) else {}),
        }

    def _consult(self, at: int) -> dict[str, Any]:
        self.have[f"advice{at}"] = "text"
        asked = {"type": "text", "label": told("Advice"), "required": self.chance(0.7)}
        return {
            "consult": {
                "team": "seller",
                "question": told("What?"),
                "fields": {f"advice{at}": asked},
            }
        }

    def _wait(self, at: int) -> dict[str, Any]:
        del at
        day = self.name("date")
        return self.rnd.choice(
            [
                {"wait": {"delay": "2h"}},
                {"wait": {"until": day or "today"}, "then": "customer"},
                {"wait": {"call_back": True, "until": "today + 2 days"}},
                {
                    "wait": {"event": "parcel", "timeout": "2 days", "saves": {"news": "event"}},
                    "on": {"timeout": ""},
                },
            ]
        )

    def _approve(self, at: int) -> dict[str, Any]:
        made: dict[str, Any] = {
            "say": self.wording(f"May we {at}?"),
            "approve": {"role": self.rnd.choice(ROLES), "timeout": "2m"},
        }
        if self.chance(0.7):
            made["on"] = {"refused": "", "timeout": ""}
        return made
