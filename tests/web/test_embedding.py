"""What `docs/embedding.md` tells a server to send is what the service takes."""

import json
import re
from typing import Final

import msgspec

from api.people import MakeLink
from runtime.settings import is_origin
from tests.house.sources import ROOT

PAGE: Final = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")


def test_the_link_that_is_shown_can_be_made() -> None:
    shown = re.search(r"-d '(\{.*\})'", PAGE)
    assert shown is not None

    asked = msgspec.convert(json.loads(shown[1]), MakeLink)

    assert asked.origin is not None
    assert is_origin(asked.origin)
    assert (ROOT / "journeys" / "demo" / "journeys" / f"{asked.journey}.yaml").is_file()


def test_the_origins_that_are_shown_are_taken() -> None:
    shown = re.search(r"PARCOURS_EMBED_ORIGINS=(\S+)", PAGE)
    assert shown is not None

    assert all(is_origin(origin) for origin in shown[1].split(","))
