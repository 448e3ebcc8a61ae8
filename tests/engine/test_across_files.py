"""What one file makes and another gets wrong is found whichever of the two is given."""

from pathlib import Path

import pytest

import trainlint

FILES = {
    "pyproject.toml": "",
    "models/__init__.py": "from .net import Net\n",
    "models/net.py": """
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 10)

    def forward(self, x):
        return self.fc(x).softmax(1)
""",
    "factory.py": """
import torch
from models import Net


def build(device):
    return Net().to(device)
""",
    "train.py": """
import torch
from factory import build

if __name__ == "__main__":
    net = build(torch.device("cuda"))
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose network comes to its loss through a package and a factory."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("given", ["models/net.py", "train.py", "."])
def test_the_loss_and_the_softmax_meet(project: Path, given: str) -> None:
    """The finding stands at the loss and names the softmax; it is one finding where both files are given."""
    (finding,) = trainlint.check_paths([project / given], select=["softmax-before-cross-entropy"]).findings
    assert (finding.span.path.name, finding.span.start.row) == ("train.py", 10)
    assert [(evidence.span.path.name, evidence.span.start.row) for evidence in finding.evidence] == [("net.py", 11)]


def test_a_file_in_between_shows_nothing(project: Path) -> None:
    """A finding is shown where its place, or a place of its evidence, is selected."""
    assert trainlint.check_paths([project / "factory.py"]).findings == ()
