"""`trainlint check --events`: what happens in a program, one line to an event."""

import re
from pathlib import Path

import pytest

from tests.program.annotated import run
from trainlint.cli.main import main
from trainlint.program import events
from trainlint.program.events import Event
from trainlint.program.interpreter import machine
from trainlint.reporting.events import Legend, describe, event_lines, kind_of
from trainlint.source import ir

PROGRAM = """\
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x):
        return F.softmax(self.layer(x), dim=1)


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader(data):
    loss = F.cross_entropy(net(x), y)
    if ready:
        optimizer.zero_grad()
    loss.backward()
    optimizer.step()
net.eval()


def idle(a):
    return a


def unseen(engine):
    engine.fit(net)
"""
FORWARD = "forward Net: mode train, gradients on, trained, scored; (?) -> tensor<softmax, axis 1, 3 units, graph>"
LOSS = "loss on logits, trained: tensor<softmax, axis 1, 3 units, graph> against ?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a training program in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "clean.py").write_text("print('no training here')\n", encoding="utf-8")
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """What `trainlint check` prints."""
    assert main(["check", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("folder")
def test_events(capsys: pytest.CaptureFixture[str]) -> None:
    """Each run has a headline and a line for each event, with its place, its passes and branches, and what it is about."""
    assert printed(capsys, "--events", "train.py") == [
        "train.py: __main__, 18 events",
        "train.py:16 construct SGD(Net)",
        "train.py:17 [1] draw from DataLoader(?)",
        f"train.py:18 [1] {FORWARD}",
        f"train.py:18 [1] {LOSS}",
        "train.py:20 [1] (1a) clear SGD(Net)",
        "train.py:21 [1] backward through 18[1]: tensor<1 unit, graph>",
        "train.py:22 [1] step SGD(Net)",
        "train.py:17 [2] draw from DataLoader(?)",
        f"train.py:18 [2] {FORWARD}",
        f"train.py:18 [2] {LOSS}",
        "train.py:20 [2] (2a) clear SGD(Net)",
        "train.py:21 [2] backward through 18[2]: tensor<1 unit, graph>",
        "train.py:22 [2] step SGD(Net)",
        "train.py:23 eval Net",
        "",
        "train.py: unseen, 1 event",
        "train.py:31 [~1] touch Linear, Net",
        "",
    ]


@pytest.mark.usefixtures("folder")
def test_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    """With --verbose the layers inside networks are shown, and the runs in which nothing happens."""
    plain, verbose = printed(capsys, "--events", "train.py"), printed(capsys, "--events", "train.py", "-v")
    assert "train.py:12 [1] layer linear Linear: tensor<graph?> -> tensor<affine, 3 units, graph>" in verbose
    assert "train.py:12 [2] layer activation: tensor<affine, 3 units, graph> -> tensor<softmax, axis 1, 3 units, graph>" in verbose
    assert "train.py: idle, 0 events" in verbose
    assert [line for line in verbose if " layer " not in line and "0 events" not in line and line] == [line for line in plain if line]


def test_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines go to a file where one is named."""
    assert printed(capsys, "--events", "train.py", "-o", "events.txt") == []
    assert (folder / "events.txt").read_text(encoding="utf-8").startswith("train.py: __main__, 18 events\n")


@pytest.mark.usefixtures("folder")
def test_nothing_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that trains nothing has no events."""
    assert printed(capsys, "--events", "clean.py") == []


def test_what_could_not_be_told(folder: Path) -> None:
    """After the runs stand the loops that could not be followed and the files that could not be read."""
    (folder / "binary.py").write_bytes(b"import torch\0")
    (folder / "dead.py").write_text("import torch\nif False:\n    loss.backward()\n", encoding="utf-8")
    from trainlint.engine.analysis import abstract_run

    program = abstract_run(["binary.py", "dead.py"])
    assert program is not None
    assert list(event_lines(program)) == [
        "dead.py:3: training loop not followed: no run reaches this backward pass",
        "binary.py: this file is binary (it contains NUL bytes)",
    ]


def test_the_help_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """`trainlint check --help` names it."""
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert re.search(r"--events +print what happens", capsys.readouterr().out)


def test_a_failure_of_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the interpreter fails, that is said in place of events, and the exit status is 2."""

    def fail(*_: object) -> None:
        raise KeyError("lost")

    monkeypatch.setitem(machine.EXECUTE, ir.For, fail)
    assert main(["check", "--events", str(folder / "train.py")]) == 2
    assert "train.py: the abstract run failed: KeyError in the run of __main__: 'lost'" in capsys.readouterr().out


def test_every_kind_of_event_has_words(tmp_path: Path) -> None:
    """An event of any kind, with nothing known about it, is a line that begins with what it is."""
    program = run(tmp_path, "\nnet.eval()\n")
    node = program.runs[0].events[0].node
    legend = Legend({}, {}, lambda _: 7)
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event]
    assert len(kinds) >= 16
    for kind in kinds:
        event = kind(node)
        assert describe(event, legend).startswith(kind_of(event))


def test_a_line_is_one_line(tmp_path: Path) -> None:
    """Whatever stands in the program, an event takes one line of a readable length."""
    text = f"\nnet({'x' * 200!r} + 'a\\nb', [[[[[1]]]]], {list(range(50))}, {{'key': net, 1: opt}}, a=lambda: 1, b=nn.Linear, c=torch)\n"
    [line] = [line for line in event_lines(run(tmp_path, text)) if " forward " in line]
    assert "\n" not in line
    assert len(line) < 400
