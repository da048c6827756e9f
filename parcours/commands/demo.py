"""`parcours demo`: everything running, with something to try."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from parcours.language import language

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Play one contact over HTTP, verify all, and end.")
    ] = False,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8080,
    data: Annotated[
        Path | None,
        typer.Option(help="Where to keep its data (default: a folder that goes with it)."),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="fr or en, pages included (default: LANG's; the browser's for pages)."),
    ] = None,
    browse: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the console where there is a screen.")
    ] = True,
) -> None:
    """Start the service on an embedded database, with the shipped library and three advisors.

    What journeys ask of other systems is asked over HTTP of small made-up ones, on the next port:
    their page says how to break one.

    With --check: on a free port, one contact is played from declaration to outcome, its
    conversation, its trace and its time are printed and verified. Exit code: 0 when all is right.
    """
    asked = language(lang)
    if check:
        from parcours.demo.check import check as play_and_verify

        play_and_verify(language=asked)
        return
    from parcours.demo.screen import show
    from parcours.demo.service import hook_for, prepare, settings_for
    from parcours.demo.systems.running import running
    from parcours.demo.welcome import welcome
    from parcours.services import failures_told, run
    from parcours.serving import serve_forever
    from runtime.wiring import Service

    with ExitStack() as stack:
        if data is None:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="parcours-demo-"))
            folder = Path(name)
        else:
            folder = data
            folder.mkdir(parents=True, exist_ok=True)
        systems = stack.enter_context(
            running(port + 1, language=asked, hook=hook_for(folder, port))
        )
        with failures_told():
            settings = settings_for(folder, port, systems=systems, language=lang and asked)

        async def greet(service: Service) -> None:
            card = await prepare(service, folder, systems=systems)
            print(welcome(card, language=asked), flush=True)
            if browse:
                show(card.url)

        run(serve_forever(settings, prepare=greet))
