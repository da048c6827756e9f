"""What an authored pattern asks for, in words: `F-[0-9]{4}` is “F-”, then 4 digits.

Patterns are for machines. Whoever types an answer reads what it is made of, and an example where
its author gave one.
"""

from __future__ import annotations

import re
from typing import Final

_ATOM: Final = re.compile(
    r"(?P<class>\\d|\[[A-Za-z0-9-]+\])|\\(?P<escaped>[^A-Za-z0-9])|(?P<plain>[^\\\[\](){}|.^$*+?])"
)
_TIMES: Final = re.compile(r"\{(\d+)(,(\d*))?\}|([?+*])")
_BOUNDS: Final = {"?": (0, 1), "+": (1, None), "*": (0, None)}
_DIGITS: Final = ("chiffre", "digit")
_CAPITALS: Final = ("majuscule", "capital letter")
_SMALL: Final = ("minuscule", "small letter")
_LETTERS: Final = ("lettre", "letter")
_BOTH: Final = ("lettre ou chiffre", "letter or digit")
_CAPITALS_BOTH: Final = ("majuscule ou chiffre", "capital letter or digit")
_CLASSES: Final = {
    frozenset({"0-9"}): _DIGITS,
    frozenset({"A-Z"}): _CAPITALS,
    frozenset({"a-z"}): _SMALL,
    frozenset({"A-Z", "a-z"}): _LETTERS,
    frozenset({"A-Z", "0-9"}): _CAPITALS_BOTH,
    frozenset({"A-Z", "a-z", "0-9"}): _BOTH,
}
_UNTOLD: Final = {
    "fr": "vérifiez chaque lettre et chaque chiffre",
    "en": "check each letter and digit",
}

Times = tuple[int, int | None]


def described(pattern: str, example: str | None) -> dict[str, str]:
    """Return what a pattern asks for, by language, with an example where there is one.

    What is too rich to be told in a line says only to check each letter and digit.
    """
    parts = _parts(pattern)
    told = {
        "fr": _UNTOLD["fr"] if parts is None else ", puis ".join(_french(*one) for one in parts),
        "en": _UNTOLD["en"] if parts is None else ", then ".join(_english(*one) for one in parts),
    }
    if example is not None:
        told = {
            "fr": f"{told['fr']}, par exemple {example}",
            "en": f"{told['en']}, as in {example}",
        }
    return told


def _parts(pattern: str) -> list[tuple[str | tuple[str, str], Times]] | None:
    """Return what a pattern is made of, in order: letters as they are, or a kind of character.

    None when it holds anything else, a group or an alternative for instance.
    """
    found: list[tuple[str | tuple[str, str], Times]] = []
    at = 0
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        if atom is None:
            return None
        at = atom.end()
        times = _TIMES.match(pattern, at)
        bounds = (1, 1) if times is None else _bounds(times)
        at = at if times is None else times.end()
        written = atom["escaped"] or atom["plain"]
        if written is None:
            kind = _kind(atom["class"])
            if kind is None:
                return None
            found.append((kind, bounds))
        elif times is not None and bounds != (1, 1):
            return None
        elif found and isinstance(found[-1][0], str):
            found[-1] = (found[-1][0] + written, (1, 1))
        else:
            found.append((written, (1, 1)))
    return found or None


def _bounds(times: re.Match[str]) -> Times:
    if times[4]:
        return _BOUNDS[times[4]]
    least = int(times[1])
    if times[2] is None:
        return least, least
    return least, int(times[3]) if times[3] else None


def _kind(written: str) -> tuple[str, str] | None:
    if written == r"\d":
        return _DIGITS
    inner = written[1:-1]
    spans = [inner[at : at + 3] for at in range(0, len(inner), 3)]
    return _CLASSES.get(frozenset(spans))


def _french(what: str | tuple[str, str], times: Times) -> str:
    if isinstance(what, str):
        return f"«\u00a0{what}\u00a0»"
    least, most = times
    one = what[0]
    many = " ou ".join(f"{word}s" for word in one.split(" ou "))
    if least == most:
        return f"{least} {one if least < 2 else many}"
    if most is None:
        return f"au moins {least} {one if least < 2 else many}"
    return f"de {least} à {most} {one if most < 2 else many}"


def _english(what: str | tuple[str, str], times: Times) -> str:
    if isinstance(what, str):
        return f"“{what}”"
    least, most = times
    one = what[1]
    many = " or ".join(f"{word}s" for word in one.split(" or "))
    if least == most:
        return f"{least} {one if least == 1 else many}"
    if most is None:
        return f"at least {least} {one if least == 1 else many}"
    return f"{least} to {most} {one if most == 1 else many}"
