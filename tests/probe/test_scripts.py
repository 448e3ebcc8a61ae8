"""Programs that ask for a GPU, and compile parts of themselves with `torch.jit.script`."""

from pathlib import Path

from tests.probe.runs import confirmed, probed_text

SCRIPTED = """\
from typing import List
import torch
from torch import nn


@torch.jit.script
class Sums:
    def __init__(self, rate: float):
        self.state = torch.jit.annotate(List[torch.Tensor], [])
        self.rate = rate

    def step(self, x: torch.Tensor):
        self.state.append(torch.zeros_like(x) + torch.tensor(1.0) + torch.full([1], 2.0))


@torch.jit.script
def noisy(x: torch.Tensor):
    return x + torch.randn_like(x) * torch.ones(1, device=x.device)


inputs = torch.randn(64, 4, device="cuda")
labels = (inputs.sum(1) > 0).long()
model = nn.Linear(4, 3).cuda()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(12):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(noisy(inputs)), labels).backward()
    optimizer.step()
"""


def test_scripted_code_makes_tensors_where_there_is_no_gpu(tmp_path: Path) -> None:
    """What stands for a function of torch is one to its compiler, too."""
    report = probed_text(tmp_path, SCRIPTED)
    assert (report.steps, confirmed(report)) == (12, set())
    assert any(note.startswith("stand-in device: cuda") for note in report.notes)
