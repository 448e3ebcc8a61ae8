"""What being watched costs: `python -m tests.benchmarks.probe_overhead`. A step may cost 1.3 times the bare one, memory 150 MB more.

CPU time of one thread is compared, so that what else runs on the machine does not matter much.
"""
# ruff: noqa: T201 - a command prints

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from trainlint.probe.runner import AGENT

STEPS = 40
PROGRAM = """
import json, os, resource, sys, time
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 32, 3), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
    nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
data = [(torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,))) for _ in range(STEPS)]
seconds = []
for x, y in data:
    begun = time.process_time()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    seconds.append(time.process_time() - begun)
    if len(seconds) == STEPS - 1:
        print(json.dumps({"seconds": seconds, "kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}), flush=True)
"""


def measured(*, watched: bool) -> tuple[float, float]:
    """Seconds for a step on average, the first five apart, and megabytes at most."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "train.py")
        script.write_text(PROGRAM.replace("STEPS", str(STEPS)), encoding="utf-8")
        configuration = Path(folder, "configuration.json")
        configuration.write_text(json.dumps({"script": os.fspath(script), "steps": STEPS, "seconds": 500, "seed": 0}), encoding="utf-8")
        command = [sys.executable, *(map(os.fspath, [AGENT, configuration]) if watched else [os.fspath(script)])]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    told = json.loads(done.stdout.splitlines()[-1])
    kept = told["seconds"][5:]
    return sum(kept) / len(kept), told["kilobytes"] / 1024


def main() -> None:
    """Measures in turns, and prints the best of each."""
    bare = [measured(watched=False) for _ in range(3)]
    watched = [measured(watched=True) for _ in range(3)]
    one, other = min(seconds for seconds, _ in bare), min(seconds for seconds, _ in watched)
    print(f"bare {one * 1000:.1f} ms a step, watched {other * 1000:.1f} ms: {other / one:.2f} times")
    print(f"memory {min(size for _, size in watched) - min(size for _, size in bare):+.0f} MB")


if __name__ == "__main__":
    main()
