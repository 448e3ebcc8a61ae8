"""What is missing is replaced, said, and replaced for the user's own program alone."""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from trainlint.probe.containment.order import Limits
from trainlint.probe.containment.outcome import Outcome
from trainlint.probe.containment.running import contained

HERE = Path(__file__).parent
AGENT = HERE.parent.parent / "trainlint" / "probe" / "agent"

CAREFUL = """\
try:
    import tqdm
    has_tqdm = "standins" not in (tqdm.__file__ or "standins")
    if has_tqdm:
        has_tqdm = False  # installed in earnest: nothing to see here
except ImportError:
    has_tqdm = False
"""

REAL = """\
from torch.utils.data import Dataset

class CIFAR10(Dataset):
    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        raise RuntimeError("Dataset not found or corrupted. You can use download=True to download it")
"""


def run(folder: Path, script: str, *, synthetic: str = "auto", namespaces: bool = True) -> tuple[Outcome, list[dict[str, Any]]]:
    """The outcome of a script, and what was replaced in it."""
    (folder / script).write_bytes((HERE / "hostile" / script).read_bytes())
    incidents: list[dict[str, Any]] = []
    outcome = contained(
        [sys.executable, str(HERE / "boot.py"), str(AGENT), script],
        cwd=folder,
        environment={**os.environ, "TRAINLINT_TEST_SYNTHETIC": synthetic, "TRAINLINT_TEST_TORCH": "1"},
        limits=Limits(seconds=60),
        namespaces=namespaces,
        on_line=lambda line: incidents.extend(json.loads(line)["incidents"]),
    )
    assert outcome.changes == ()
    return outcome, incidents


def said(incidents: list[dict[str, Any]], kind: str) -> set[str]:
    """What was replaced."""
    return {incident["what"] for incident in incidents if incident["kind"] == kind}


@pytest.mark.parametrize("namespaces", [True, False])
def test_a_program_that_misses_everything_trains(tmp_path: Path, *, namespaces: bool) -> None:
    """torchvision, a tracker, a progress bar, data, pretrained weights and a GPU: it learns, and each is said with its line."""
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "careful.py").write_text(CAREFUL, encoding="utf-8")
    outcome, incidents = run(tmp_path, "wants_everything.py", namespaces=namespaces)
    assert "all there" in outcome.printed, outcome.printed
    missing = {name for name in ("torchvision", "wandb", "tqdm", "tensorboard") if importlib.util.find_spec(name) is None}
    assert missing <= said(incidents, "stand-in module")
    data = said(incidents, "stand-in data")
    assert {"torchvision.datasets.MNIST", "torchvision.datasets.CIFAR10"} <= data
    assert "random weights in place of the pretrained ones of resnet18" in data
    assert said(incidents, "stand-in device") == {"cuda, on the CPU instead"}
    rows = {incident["what"]: incident["place"]["row"] for incident in incidents}
    lines = (HERE / "hostile" / "wants_everything.py").read_text(encoding="utf-8").splitlines()
    assert "datasets.MNIST(" in lines[rows["torchvision.datasets.MNIST"] - 1]


def test_data_that_cannot_be_fetched_are_made_up(tmp_path: Path) -> None:
    """A real torchvision whose files are missing gives made-up samples, to classes that inherit from it as well."""
    package = tmp_path / "site-packages" / "torchvision"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "datasets.py").write_text(REAL, encoding="utf-8")
    outcome, incidents = run(tmp_path, "downloads.py")
    assert "Own True 50000 (32, 32)" in outcome.printed, outcome.printed
    assert "weights are random" in outcome.printed
    data = said(incidents, "stand-in data")
    reason = "Dataset not found or corrupted. You can use download=True to download it"
    assert data == {
        f"torchvision.datasets.CIFAR10 ({reason})",
        "random weights in place of https://download.pytorch.org/models/linear.pth",
    }

    outcome, incidents = run(tmp_path, "downloads.py", synthetic="never")
    assert outcome.crash is not None
    assert (outcome.crash.kind, outcome.crash.message) == ("RuntimeError", reason)
    assert said(incidents, "stand-in data") == set()
