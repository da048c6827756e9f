"""Write the golden conversations anew: `python -m tests.api.record_golden`. Review what changed."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from tests.api.conftest import settings
from tests.api.golden import FOLDER, play, to_text
from tests.api.service import running


def main() -> None:
    """Play every case against a fresh service and keep what it answers."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(settings(Path(folder) / "shop.db")) as shop,
    ):
        for path in sorted(FOLDER.glob("*.yaml")):
            case = yaml.safe_load(path.read_text(encoding="utf-8"))
            path.write_text(to_text(play(shop, case)), encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
