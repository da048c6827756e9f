"""Write the schemas of a library's files into a folder: `python -m authoring.schema DIR`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from authoring.schema import library_schemas


def write(folder: Path) -> list[Path]:
    """Write one `KIND.schema.json` for each kind of file, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for kind, schema in library_schemas().items():
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for one in write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference")):
        sys.stdout.write(f"{one}\n")
