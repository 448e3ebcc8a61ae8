"""A measurement of the agent that fails is left out and said; the program goes on."""

from pathlib import Path

from tests.probe.runs import outcomes, probed_text
from trainlint.verdicts import Outcome

ODD = """\
import torch
from torch import nn


class Odd(torch.Tensor):
    def double(self):
        raise RuntimeError("this kind of tensor\\nhas no double precision")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 8), nn.Linear(8, 3)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)).as_subclass(Odd)).as_subclass(torch.Tensor)


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(32, 4), torch.randint(0, 3, (32,))
for step in range(12):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
"""


def test_a_measurement_that_fails_ends_nothing(tmp_path: Path) -> None:
    """All steps are made, and the report says what was left out and where."""
    report = probed_text(tmp_path, ODD)
    assert report.steps == 12
    assert outcomes(report, Outcome.CONFIRMED) == set()
    said = [note for note in report.notes if "left out a measurement" in note]
    assert said
    assert "RuntimeError: this kind of tensor (" in said[0]
    assert "train.py:16" in said[0]
