"""`parcours own-figures`: an advisor's private view of their own figures."""

from contextlib import closing
from typing import Annotated, Any

import typer

from parcours.client import FIGURES_S
from parcours.figures import said
from parcours.language import in_words, language
from parcours.options import KEY, Lang, Since, Until
from parcours.reaching import client_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_WHOSE = {"fr": "de conseiller", "en": "an advisor's"}
_WORDS = {
    "own": {"fr": "vous", "en": "you"},
    "everyone": {"fr": "ensemble, aux mêmes motifs", "en": "everybody, on the same motives"},
    "few": {"fr": "moins de 30 contacts", "en": "fewer than 30 contacts"},
    "team_too_small": {"fr": "moins de 5 conseillers", "en": "fewer than 5 advisors"},
    "kept": {"fr": "consultation notée", "en": "this look was kept"},
}


@app.command()
def own_figures(
    *,
    purpose: Annotated[str, typer.Option(help="learning, coaching or review; it is kept.")],
    since: Since = None,
    until: Until = None,
    to_service: Annotated[str, typer.Option("--service", help="A service's address.")],
    key: Annotated[str | None, typer.Option(help=f"One's own key (or ${KEY}).")] = None,
    lang: Lang = None,
) -> None:
    """See one's own figures beside everybody's, on the same mix of motives, with intervals.

    Only the advisor whose key it is sees them; nobody is ranked.
    """
    asked_in = language(lang)
    given = {"purpose": purpose, "from": since, "to": until}
    body = {name: value for name, value in given.items() if value is not None}
    with closing(client_of(to_service, key, asked_in, whose=_WHOSE, timeout_s=FIGURES_S)) as client:
        found = client.post("/v1/me/figures", body).body
    for one in found["figures"]:
        print(f"{one['label']} ({one['unit']})")
        for who in ("own", "everyone"):
            if one[who] is not None:
                print(
                    f"  {in_words(_WORDS[who], asked_in)}: {_line(one[who], one['unit'], asked_in)}"
                )
    print(f"{in_words(_WORDS['kept'], asked_in)}: {found['purpose']}")


def _line(figure: dict[str, Any], unit: str, asked_in: str) -> str:
    if figure["value"] is None:
        reason = _WORDS.get(figure["reason"])
        return f"– ({figure['reason'] if reason is None else in_words(reason, asked_in)})"
    between = ""
    if figure["low"] is not None:
        between = f" [{said(figure['low'], unit)} – {said(figure['high'], unit)}]"
    return f"{said(figure['value'], unit)}{between}, n {figure['n']}"
