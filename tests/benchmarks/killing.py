"""Runs that are killed at any moment, and runs at the same time: no file may be damaged, no result be wrong.

    python -m tests.benchmarks.killing [--times 100]

Each round kills a `check` and a `check --fix` of a small project after a random while, lets two more run at once, and compares
what is there with the truth: results with those of a run without a cache, files with what they were or ought to become.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.children import TRAINLINT

LOOP = """\
import torch
from net import Net

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.{number})
for x, y in torch.utils.data.DataLoader(data, shuffle=True):
    loss = torch.nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
"""
NET = """\
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, {units})

    def forward(self, x):
        return self.l(x)
"""
JSON = ("--output-format", "json")


def main() -> int:
    """Prints what went wrong, if anything did; 1 then."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - nothing secret
    wrong: list[str] = []
    killed = 0
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "project"
        fixed = prepared(project)
        longest = duration(project)
        for number in range(options.times):
            (project / "net.py").write_text(NET.format(units=number % 7 + 2), encoding="utf-8")
            for command in (("check", *JSON), ("check", "--fix", "--unsafe-fixes", *JSON)):
                killed += kill_after(chance.random() * longest, command, project)
            for path in project.glob("train*.py"):
                text = path.read_text(encoding="utf-8")
                if text not in (LOOP.format(number=path.stem[-1]), fixed[path.name]):
                    wrong.append(f"round {number}: {path.name} is neither what it was nor what it ought to become")
            truth = told(project, "--no-cache")
            both = [start(("check", *JSON), project) for _ in range(2)]
            if any(json.loads(process.communicate()[0]) != truth for process in both) or told(project) != truth:
                wrong.append(f"round {number}: the cache gives another result")
            for path in project.glob("train*.py"):
                path.write_text(LOOP.format(number=path.stem[-1]), encoding="utf-8")
            left = [path.name for path in project.iterdir() if path.suffix == ".trainlint"]
            for name in left:
                (project / name).unlink()
    for line in wrong:
        print(line)
    print(f"{options.times} rounds, {killed} of {2 * options.times} runs killed before their end: {len(wrong)} mistakes")
    return int(bool(wrong))


def prepared(project: Path) -> dict[str, str]:
    """Makes the project, and tells what its files are when they are fixed."""
    project.mkdir()
    (project / ".git").mkdir()
    (project / "net.py").write_text(NET.format(units=9), encoding="utf-8")
    for number in range(3):
        (project / f"train{number}.py").write_text(LOOP.format(number=number), encoding="utf-8")
    copy = project.with_name("copy")
    shutil.copytree(project, copy)
    start(("check", "--fix", "--unsafe-fixes", "--no-cache"), copy).communicate()
    fixed = {path.name: path.read_text(encoding="utf-8") for path in copy.glob("train*.py")}
    assert all("zero_grad" in text for text in fixed.values()), "there is nothing to fix"
    return fixed


def duration(project: Path) -> float:
    """Seconds that a run takes here."""
    before = time.monotonic()
    told(project, "--no-cache")
    return time.monotonic() - before


def told(project: Path, *options: str) -> object:
    """What a check finds."""
    return json.loads(start(("check", *JSON, *options), project).communicate()[0])


def start(command: Sequence[str], project: Path) -> "subprocess.Popen[str]":
    """Starts trainlint."""
    return subprocess.Popen((*TRAINLINT, *command), cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def kill_after(seconds: float, command: Sequence[str], project: Path) -> bool:
    """Whether a run had to be killed after so many seconds."""
    process = start(command, project)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
