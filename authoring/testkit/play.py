"""Playing tests.

Each conversation is walked by the engine itself, and a difference is shown where it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from authoring.findings import Finding
from authoring.load import Loaded
from authoring.testkit.cases import Case, Move, cases
from authoring.testkit.expectations import differences, said
from authoring.testkit.moves import Impossible, make
from authoring.testkit.session import Session
from engine.events import Event
from engine.model import Library
from engine.refusals import Refused


@dataclass(slots=True)
class Problem:
    """Something that did not hold: the line of the test, and what is different."""

    line: int
    message: str


@dataclass(slots=True)
class Result:
    """What became of one test.

    `transcript` is the conversation as it went, differences in their place.
    """

    case: Case
    problems: list[Problem] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return not self.problems

    def report(self) -> str:
        """Return the failed test for a reader.

        Where, what, and the conversation around it; nothing when it passed.
        """
        if self.passed:
            return ""
        head = [f"{self.case.file}:{problem.line}: {problem.message}" for problem in self.problems]
        return (
            "\n".join([f"{self.case.file}: {self.case.name}", *head, "", *self.transcript]) + "\n"
        )


def run_tests(
    loaded: Loaded, *, only: str | None = None, progress: Callable[[Result], None] | None = None
) -> tuple[list[Result], list[Finding]]:
    """Play a library's tests; `only` keeps those whose file or name holds it.

    `progress` is told each result.

    Returns the results in the order of their files, and what is wrong with tests that cannot be
    played.

    Raises:
        ValueError: the library could not be built.
    """
    library = loaded.library
    if library is None:
        raise ValueError("the library has errors of form: check it first")
    found, wrong = cases(loaded)
    results = []
    for case in found:
        if only is not None and only not in case.file and only not in case.name:
            continue
        result = play(library, case, loaded)
        results.append(result)
        if progress is not None:
            progress(result)
    return results, wrong


def play(library: Library, case: Case, loaded: Loaded) -> Result:
    """Play one test against a library."""
    session = Session(library, case, case.begins(ZoneInfo(library.timezone)))
    result = Result(case)
    _note(result, loaded, _unknown_stubs(library, case), ("given",))
    for place, move in enumerate(case.moves):
        if not _play_move(session, move, result, loaded):
            break
        following = case.moves[place + 1] if place + 1 < len(case.moves) else None
        if following is None or following.name != "wait":
            session.settle()
    else:
        session.catch_up()
        found = differences(session, case.expect) if session.turns else ()
        _note(result, loaded, found, ("expect",))
    if not case.moves:
        result.problems.append(Problem(1, "this test does nothing"))
    result.events = session.events
    return result


def _unknown_stubs(library: Library, case: Case) -> Iterator[tuple[str, str]]:
    """Yield the stubs that stand for nothing: the test would prove less than it says."""
    for key, known in (("calls", library.journeys), ("connectors", library.operations)):
        given = case.given.get(key) or {}
        if not isinstance(given, dict):
            yield key, f"{key}: a mapping is expected"
            continue
        for name in given:
            if name not in known:
                yield key, f"{key}: the library has no '{name}'"


def _play_move(session: Session, move: Move, result: Result, loaded: Loaded) -> bool:
    """Do a move and compare what is expected of it; False when the conversation cannot go on."""
    keys = ("do", move.place)
    result.transcript.append(f"  → {move.shown}")
    try:
        make(session, move)
    except Refused as refused:
        codes = {refused.code, *(str(one.get("code")) for one in refused.fields.values())}
        shown = ", ".join(sorted(codes))
        result.transcript.append(f"  ← refused: {shown}")
        if move.refused is None:
            _note(result, loaded, [("", f"refused ({shown}): {_why(refused)}")], keys)
            return False
        if move.refused not in codes:
            _note(
                result, loaded, [("refused", f"refused: expected {move.refused}, is {shown}")], keys
            )
        _note(result, loaded, differences(session, move.expect), (*keys, "expect"))
        return True
    except Impossible as impossible:
        _note(result, loaded, [("", str(impossible))], keys)
        return False
    if move.expect or move.refused is None:
        result.transcript.append(f"  ← {_shown(session)}")
    if move.refused is not None:
        _note(result, loaded, [("refused", f"refused: expected {move.refused}, was taken")], keys)
    _note(result, loaded, differences(session, move.expect), (*keys, "expect"))
    return True


def _why(refused: Refused) -> str:
    parts = [refused.message.get("en", "")]
    for name, one in refused.fields.items():
        message = one.get("message")
        parts.append(f"{name}: {message.get('en', '') if isinstance(message, dict) else message}")
    return " ".join(part for part in parts if part)


def _shown(session: Session) -> str:
    if not session.turns:
        return "nothing has begun"
    view = session.look()
    if view["outcome"] is not None:
        return f"{view['status']}: {view['outcome']}"
    step = view["step"]
    told = said(view)
    where = "nowhere" if step is None else f"at {step['id']}"
    status = "" if view["status"] == "active" else f" ({view['status']})"
    return f"{where}{status}" + (f": “{told}”" if told else "")


def _note(
    result: Result, loaded: Loaded, found: Iterable[tuple[str, str]], keys: tuple[str | int, ...]
) -> None:
    for key, difference in found:
        line = result.case.line(loaded.sources, *keys, *((key,) if key else ()))
        result.problems.append(Problem(line, difference))
        result.transcript.append(f"  ✗ {difference}   ({result.case.file}:{line})")
