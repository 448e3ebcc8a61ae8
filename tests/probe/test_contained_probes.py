"""Whole probes of programs that leave traces, and of one that fails on its way."""

from pathlib import Path

import pytest

from tests.probe.runs import probed_text

SAVING = """\
import os
import torch

height, width = os.popen("stty size").read().split()
torch.manual_seed(0)
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3)
os.makedirs("checkpoints", exist_ok=True)
for step in range(30):
    x = torch.randn(16, 4)
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), (x.sum(1) > 0).long())
    loss.backward()
    optimizer.step()
    scheduler.step()
    torch.save({"model": model.state_dict(), "scheduler": scheduler.state_dict()}, f"checkpoints/{step}.pt")
    scheduler.load_state_dict(torch.load(f"checkpoints/{step}.pt")["scheduler"])
    if FAILS and step == 6:
        raise ValueError("no step 7")
"""


@pytest.mark.parametrize("fails", [False, True])
def test_a_program_that_saves_and_may_fail(tmp_path: Path, *, fails: bool) -> None:
    """Everything is observed up to the end, whichever it is, and nothing of it is left."""
    report = probed_text(tmp_path, SAVING.replace("FAILS", str(fails)))
    observation = report.observation
    assert observation is not None
    assert [path.name for path in tmp_path.rglob("*")] == ["train.py"]
    assert (observation.schedulers[0].steps, observation.ending.steps) == ((7, 7) if fails else (30, 12))
    if fails:
        failure = observation.ending.failure
        assert failure is not None
        assert failure.place is not None
        assert (observation.ending.reason, failure.kind, failure.place.row) == ("raised", "ValueError", 20)
    else:
        assert observation.ending.reason in {"steps reached", "program ended"}


TURNS_ALL_OVER = """\
import builtins, json, os, sys, time
import torch

for number in range(3, 40):
    try:
        os.write(number, b'{"kind": "observation", "observation": {}}\\nno json\\n[]\\n\\xff\\n')
    except OSError:
        pass
os.write(1, b"\\x1b[2J\\x1b]0;title\\x07told\\n")
sys.settrace(lambda *_: None)
sys.excepthook = sys.exit = os._exit = builtins.print = lambda *_, **__: None
json.dumps = lambda *_, **__: 1 / 0
sys.stdout, sys.stderr = None, object()
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
os.closerange(0, 100)
for step in range(30):
    x = torch.randn(16, 4)
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(x), (x.sum(1) > 0).long()).backward()
    optimizer.step()
"""


def test_a_program_that_turns_everything_over(tmp_path: Path) -> None:
    """What it writes where is none of its business, and what it puts in the place of Python's own, changes nothing for who watches."""
    report = probed_text(tmp_path, TURNS_ALL_OVER)
    assert report.steps == 12, report.observed.failure
    assert report.observed.outcome.legible == "told\n"
