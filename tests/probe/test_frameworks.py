"""Programs that leave their loop to a library, and programs of several processes."""

import importlib.util
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.probe.runs import confirmed, probed_text
from tests.rings import in_ci

pytestmark = in_ci("lightning and accelerate take long to import")

DATA = """
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

generator = torch.Generator().manual_seed(0)
inputs = torch.randn(320, 6, generator=generator)
labels = (inputs @ torch.randn(6, 3, generator=generator)).argmax(1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=16, shuffle=True)
held_out = DataLoader(TensorDataset(inputs[:64], labels[:64]), batch_size=16)
"""
LIGHTNING = """
import lightning

class Classifier(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 3))

    def forward(self, x):
        return self.net(x){softmax}

    def training_step(self, batch, number):
        x, y = batch
        return nn.functional.cross_entropy(self(x), y)

    def validation_step(self, batch, number):
        x, y = batch
        self.log("hits", (self(x).argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=1e-2)

trainer = lightning.Trainer(max_epochs=3, logger=False, enable_progress_bar=False, enable_checkpointing=False)
trainer.fit(Classifier(), loader, held_out)
"""
ACCELERATE = """
from accelerate import Accelerator

model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
accelerator = Accelerator(gradient_accumulation_steps=2)
model, optimizer, loader, held_out = accelerator.prepare(model, optimizer, loader, held_out)
for epoch in range(5):
    model.train()
    for x, y in loader:
        with accelerator.accumulate(model):
            loss = nn.functional.cross_entropy(model(x), y)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            {clear}
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in held_out)
"""
DISTRIBUTED = """
import os
import torch.distributed as distributed
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data.distributed import DistributedSampler

distributed.init_process_group("gloo")
sampler = DistributedSampler(loader.dataset)
loader = DataLoader(loader.dataset, batch_size=16, sampler=sampler)
model = DistributedDataParallel(nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 3){softmax}))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(10):
    sampler.set_epoch(epoch)
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
"""


def needs(package: str) -> None:
    """Skips the test where the package is not installed; the extra `dev` brings it."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed: pip install trainlint[dev] brings it")


@pytest.mark.parametrize("faulty", [True, False])
def test_lightning(tmp_path: Path, *, faulty: bool) -> None:
    """Its loop, its modes and its closures are not the user's faults; the user's are found at the user's lines."""
    needs("lightning")
    report = probed_text(tmp_path, DATA + LIGHTNING.replace("{softmax}", ".softmax(1)" if faulty else ""), steps=12)
    assert report.steps == 12, report.notes
    assert {name for _, name in confirmed(report)} == ({"softmax-before-cross-entropy"} if faulty else set())


@pytest.mark.parametrize("faulty", [True, False])
def test_accelerate(tmp_path: Path, *, faulty: bool) -> None:
    """It skips steps and clearing by itself while it accumulates: that is no fault, a clearing that is missing is one."""
    needs("accelerate")
    report = probed_text(tmp_path, DATA + ACCELERATE.replace("{clear}", "" if faulty else "optimizer.zero_grad()"), steps=12)
    assert report.steps == 12, report.notes
    assert {name for _, name in confirmed(report)} == ({"stale-gradients"} if faulty else set())


def test_the_first_of_several_processes_reports(tmp_path: Path) -> None:
    """`torchrun` starts a probe for each rank: one of them runs the program and tells."""
    script = tmp_path / "train.py"
    script.write_text(textwrap.dedent(DATA + DISTRIBUTED.replace("{softmax}", ", nn.Softmax(1)")), encoding="utf-8")
    run = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2", "--master_port", "0"]
    done = subprocess.run(
        [*run, "-m", "trainlint", "probe", "--steps", "12", "--no-counterfactual", "train.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.stdout.count("softmax-before-cross-entropy") == 1, done.stdout + done.stderr
    assert "the first of 2 processes ran alone" in done.stdout
