"""A run without a step says why, in one line, and what its user can do."""

import os
import sys
from pathlib import Path

import pytest

from trainlint.probe.runner import Program, Request, observe
from trainlint.probe.unstepped import ended_early, why_nothing

NEEDS_ARGUMENTS = """\
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--dataset", required=True)
parser.parse_args()
"""
TRAINS_ELSEWHERE = "print('usage: train or test')\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NEEDS_ARGUMENTS, ["the following arguments are required: --dataset", "`trainlint probe train.py …`"]),
        ("import no_such_module\n", ["ModuleNotFoundError at train.py:1", f"install it for {sys.executable}", "--python"]),
        (
            "import torch.no_such_part\n",
            ["ModuleNotFoundError at train.py:1", f"the `torch` that {sys.executable} has is of another version"],
        ),
        ("open('corpus.txt')\n", ["FileNotFoundError at train.py:1", "relative paths start at {folder}"]),
        ("import os\nassert os.path.exists('data')\n", ["AssertionError at train.py:2", "`assert os.path.exists('data')`"]),
        ("raise SystemExit('no data')\n", ["exited with an error before its first step"]),
        (TRAINS_ELSEWHERE, ["no optimizer was made", "subcommand"]),
    ],
)
def test_the_reason_and_the_way_out(tmp_path: Path, text: str, said: list[str]) -> None:
    """Arguments, modules and files that are missing, and programs that do nothing."""
    script = tmp_path / "train.py"
    script.write_text(text, encoding="utf-8")
    program = Program(script, (), sys.executable, tmp_path, "train.py")
    told = why_nothing(observe(program, Request(environment=dict(os.environ)), seconds=40), program)
    assert "\n" not in told
    for part in said:
        assert part.format(folder=tmp_path) in told


HUB = """\
import socket

def load_dataset(name):
    try:
        return socket.getaddrinfo("data.example.org", 443)
    except OSError:
        raise FileNotFoundError(f"no module script '{name}'") from None
"""


def test_a_library_that_found_no_network_is_seen_through(tmp_path: Path) -> None:
    """Whatever it says of files that are not there, it had looked for them elsewhere."""
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "hub.py").write_text(HUB, encoding="utf-8")
    script = tmp_path / "train.py"
    script.write_text("import sys\nsys.path.insert(0, 'site-packages')\nimport hub\nhub.load_dataset('glue')\n", encoding="utf-8")
    program = Program(script, (), sys.executable, tmp_path, "train.py")
    told = why_nothing(observe(program, Request(environment=dict(os.environ)), seconds=40), program)
    assert told.startswith("the program raised FileNotFoundError at train.py:4 before its first step: no module script 'glue' (it asked")
    assert "--allow-network" in told


BREAKS = """\
import torch
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(40):
    optimizer.zero_grad()
    model(torch.randn(4, 2)).square().mean().backward()
    optimizer.step()
    if step == 2:
        {then}
"""


@pytest.mark.parametrize(
    ("then", "told"),
    [
        ("raise ValueError('no more data')", "the program raised ValueError at train.py:9 after 3 of 40 steps: no more data"),
        ("break", "the program ended after 3 of 40 steps"),
        ("pass", ""),
    ],
)
def test_a_run_that_ends_early_says_so(tmp_path: Path, then: str, told: str) -> None:
    """Fewer steps than were asked for say less: with which exception, or that it was all."""
    script = tmp_path / "train.py"
    script.write_text(BREAKS.format(then=then), encoding="utf-8")
    program = Program(script, (), sys.executable, tmp_path, "train.py")
    assert ended_early(observe(program, Request(environment=dict(os.environ)), seconds=40)) == told
