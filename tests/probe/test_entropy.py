"""Two runs of one program draw the same numbers, wherever the program takes its seeds from."""

from pathlib import Path

from tests.probe.runs import probed

PROGRAM = """\
import random
import numpy as np
import torch
from torch import nn

rng, state, own = np.random.default_rng(), np.random.RandomState(), random.Random()
torch.seed()
x = torch.tensor(rng.normal(size=(32, 4)), dtype=torch.float32)
y = torch.tensor(state.randint(0, 3, 32)) + torch.randint(0, 2, (32,))
model = nn.Linear(4, 5)
optimizer = torch.optim.SGD(model.parameters(), lr=own.random())
for step in range(3):
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


def losses(script: Path, seed: int) -> tuple[float, ...]:
    """The loss at each step."""
    observation = probed(script, steps=3, seed=seed).observation
    assert observation is not None
    assert observation.ending.steps == 3
    return observation.loss_curve


def test_seeds_of_the_operating_system_are_those_of_the_run(tmp_path: Path) -> None:
    """Generators without a seed start at the same numbers in every run, and at others under another seed."""
    script = tmp_path / "train.py"
    script.write_text(PROGRAM, encoding="utf-8")
    first = losses(script, 0)
    assert losses(script, 0) == first
    assert losses(script, 1) != first
