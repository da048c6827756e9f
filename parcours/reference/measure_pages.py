"""Reference pages of the measures: one each, and the list of them."""

from __future__ import annotations

from measures.asking.dimensions import names_of
from measures.french.texts import texts
from measures.measure import Measure
from measures.registry import MEASURES
from parcours.reference.markdown import code, page, section, table


def index() -> str:
    """Return the list of all measures, each with its unit and where it is defined."""
    listed = table(
        ["measure", "en", "fr", "unit", "over"],
        (
            (f"[{code(one.slug)}](measures/{one.slug}.md)", one.label["en"], one.label["fr"],
             one.unit, one.table)
            for one in MEASURES.values()
        ),
    )  # fmt: skip
    return page(
        "Measures",
        "Every figure, defined once. `GET /v1/measures/{slug}`, `parcours measures {slug}` and "
        "exports give the same. Each comes with its 95 % interval, n, and doubts: `few` (n < 30), "
        "`few_clusters` (fewer than ten advisors), `not_calibrated`, `incomplete` (more than 5 % "
        "of time unattributed). Null has a `reason`: `empty`, `too_recent` (there are some, too "
        "young to count: demands closed less than a window ago), `no_time`, `async`, `too_few` "
        "(fewer than 5 contacts), `team_too_small` (fewer than 5 advisors), `protects_others` (a "
        "group of few would follow from it), `no_costs` (the library says no `costs`), "
        "`no_map` (it says of none of them which qualifications correspond), `no_volumes` (nothing "
        "to divide by was brought), `no_comparison`, `one_value`, `one_code`. None is given by "
        "person.",
        listed,
    )


def pages() -> dict[str, str]:
    """Return a page for each measure: file name -> text."""
    return {f"measures/{one.slug}.md": _page(one) for one in MEASURES.values()}


def _french(measure: Measure) -> str:
    said = texts(measure, "fr")
    return f"{said['formula']}. {said['includes']} {said['edges']}"


def _page(measure: Measure) -> str:
    settings = table(
        ["setting", "default", "what it says"],
        (
            (code(name), str(one.default),
             one.doc + (f": {', '.join(one.allowed)}" if one.allowed else ""))
            for name, one in measure.settings.items()
        ),
    )  # fmt: skip
    return page(
        measure.label["en"],
        f"*{measure.label['fr']}*, in {measure.unit}: {code(measure.slug)}.",
        section("How it is worked out", f"{measure.formula}."),
        section("What is included", measure.includes),
        section("At the edges", measure.edges),
        section("En français", _french(measure)),
        section("Settings", settings) if settings else "",
        section("Dimensions", ", ".join(code(name) for name in names_of(measure)) + "."),
        section("Source", f"{measure.source}."),
    )
