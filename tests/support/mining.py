"""pm4py in an environment of its own: it reads what we export, and is no dependency (AGPL)."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PLACE: Final = ROOT / ".venv-mining"
WANTED: Final = "pm4py==2.7.23.11"
_READ: Final = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import pm4py
found = {}
for name, path in json.loads(sys.argv[1]).items():
    if name == "xes":
        log = pm4py.convert_to_dataframe(pm4py.read_xes(path, variant="iterparse"))
        traces = log.groupby("case:concept:name").size().to_dict()
        found[name] = {"traces": {str(k): int(v) for k, v in traces.items()},
                       "transitions": sorted(set(log["lifecycle:transition"]))}
        continue
    read = pm4py.read_ocel2_json if name == "json" else pm4py.read_ocel2_sqlite
    log = read(path)
    found[name] = {
        "events": len(log.events), "objects": len(log.objects),
        "types": sorted(set(log.objects["ocel:type"])),
        "activities": sorted(set(log.events["ocel:activity"])),
        "relations": len(log.relations), "o2o": len(log.o2o),
    }
print(json.dumps(found))
"""


def read_logs(paths: dict[str, Path]) -> dict[str, Any]:
    """Return what pm4py reads in files by name (json, sqlite, xes); skip where it cannot be had."""
    python = _installed()
    named = json.dumps({name: str(path) for name, path in paths.items()})
    done = subprocess.run(
        [str(python), "-c", _READ, named], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _installed() -> Path:
    python, ready = PLACE / "bin" / "python", PLACE / ".ready"
    with PLACE.with_suffix(".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if ready.is_file() and ready.read_text(encoding="ascii") == WANTED:
            return python
        uv, env = str(ROOT / ".ci" / "uv"), {**os.environ, "VIRTUAL_ENV": str(PLACE)}
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE)],
            [uv, "pip", "install", "--quiet", WANTED],
        ):
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                told = done.stderr.strip().splitlines()[-1:]
                pytest.skip(f"no pm4py here: it could not be installed {told}")
        ready.write_text(WANTED, encoding="ascii")
    return python
