"""The walk in memory beside the peers', each in the same run; their environment is made at need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.measure import Row, cpu_each
from bench.walk import walk, walk_library

ROOT = Path(__file__).parents[1]
PLACE = ROOT / ".venv-peers"
WANTED = ROOT / "bench" / "peers" / "requirements.txt"
PEERS = (
    ("transitions", "transitions_walk", 300, 12),
    ("SpiffWorkflow", "spiff_walk", 30, 100),
    ("langgraph", "langgraph_walk", 10, 500),
)
"""Name, module, walks a round, how many times faster the walk should be."""


def prepare() -> Path:
    """Return the peers' Python, with what `bench/peers/requirements.txt` lists."""
    python = PLACE / "bin" / "python"
    ready = PLACE / ".ready"
    if not ready.exists() or ready.stat().st_mtime < WANTED.stat().st_mtime:
        uv, env = str(ROOT / ".ci" / "uv"), {**os.environ, "VIRTUAL_ENV": str(PLACE)}
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE)],
                       check=True, env=env)  # fmt: skip
        subprocess.run(
            [uv, "pip", "install", "--quiet", "-r", str(WANTED)], check=True, env=env, cwd=ROOT
        )
        ready.touch()
    return python


def peer(python: Path, module: str, times: int) -> float:
    """Return the processor time of one walk on a peer, in microseconds."""
    found = subprocess.run(
        [str(python), "-m", "bench.peers", module, str(times)], check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LANGSMITH_TRACING": "false"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return float(found.stdout)


def rows() -> list[Row]:
    """Measure the walk and each peer's."""
    library = walk_library()
    python = prepare()
    found = []
    for name, module, times, wanted in PEERS:
        # Ours anew beside each, since the machine is not the same from minute to minute.
        ours = cpu_each(lambda: walk(library), times=300)
        theirs = peer(python, module, times)
        found.append(Row(f"the walk on {name}", theirs, "µs", ours, "ours", wanted, at_least=True))
    return found
