"""errbot's own program, with our plug-in, walks a whole journey with who writes to it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.api.modelling import desk
from tests.api.service import Shop
from tests.support.environments import python_of

__all__ = ["desk"]

ROOT = Path(__file__).parents[2]
PEER = ROOT / "tests" / "peers" / "errbot"
PLUGINS = ROOT / "docs" / "examples" / "errbot"
WALK = {
    "claire.dubois@example.org": "postcode",
    "69003": "Which order",
    "F-1090": "What did you find",
    "only the box": "all right with you",
    "yes": "Are you satisfied",
    "5": "Was this time with us useful",
}


class Chat:
    """Somebody who writes to errbot."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def say(self, text: str, *, awaits: int = 1, **extras: Any) -> list[str]:
        """Write, and return as many replies as are awaited."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        said = {"text": text, "awaits": awaits, "extras": extras}
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()
        replies: list[str] = json.loads(self.process.stdout.readline())
        return replies


@contextmanager
def errbot(shop: Shop, folder: Path) -> Iterator[Chat]:
    """Run errbot with the plug-in."""
    python = python_of("errbot", PEER / "requirements.txt", what="errbot")
    told = {
        "PARCOURS_URL": shop.url, "PARCOURS_KEY": shop.keys["bot"], "PARCOURS_LOCALE": "en",
        "PATH": os.environ.get("PATH", ""), "TMPDIR": str(folder), "HOME": str(folder),
    }  # fmt: skip
    with (
        (folder / "errbot.log").open("wb") as log,
        subprocess.Popen(
            [str(python), str(PEER / "talk.py"), str(PLUGINS)], cwd=folder, env=told, stderr=log,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", (folder / "errbot.log").read_text()
            yield Chat(process)
        finally:
            process.kill()


def test_errbot_walks_a_whole_journey_and_what_it_is_told_again_is_answered_once(
    desk: Shop, tmp_path: Path
) -> None:
    with errbot(desk, tmp_path) as chat:
        [first] = chat.say("My parcel arrived damaged", message_id=1)
        assert "e-mail address" in first
        assert chat.say("My parcel arrived damaged", awaits=0, message_id=1) == []
        for number, (text, expected) in enumerate(WALK.items(), start=2):
            [reply] = chat.say(text, message_id=number)
            assert expected in reply
        [last] = chat.say("yes")

    assert last.endswith("That is all for this request.")


def test_the_plug_in_is_refused_on_a_channel_that_no_library_has(desk: Shop) -> None:
    python = python_of("errbot", PEER / "requirements.txt", what="errbot")
    given = {
        "PYTHONPATH": str(PLUGINS), "URL": desk.url, "KEY": desk.keys["bot"],
        "PATH": os.environ.get("PATH", ""),
    }  # fmt: skip

    done = subprocess.run(
        [str(python), str(PEER / "channel.py"), "chat", "pigeon"], env=given, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip

    chat, pigeon = done.stdout.splitlines()
    assert chat == "taken"
    assert pigeon.startswith("PARCOURS_CHANNEL: no library has a channel 'pigeon', only ")
