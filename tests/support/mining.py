"""pm4py in an environment of its own: it reads what we export, and is no dependency (AGPL)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.support.environments import python_of

WANTED: Final = Path(__file__).parents[1] / "peers" / "mining" / "requirements.txt"
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
    python = python_of("mining", WANTED, what="pm4py")
    named = json.dumps({name: str(path) for name, path in paths.items()})
    done = subprocess.run(
        [str(python), "-c", _READ, named], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
