"""What a user of `trainlint probe` sees, beyond the verdicts on single faults."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.probe.runs import SharedProbes, confirmed, probed
from trainlint.cli.command_line import parser
from trainlint.cli.probe import _program
from trainlint.observations import Observation
from trainlint.probe.decoding import decoded
from trainlint.probe.probing import ProbeReport
from trainlint.probe.rows import json_object
from trainlint.probe.telling import told
from trainlint.reporting.terminal import Terminal

CLASSIFIER = """\
import sys
import torch
from torch import nn

class Softened(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Dropout(0.2))
        self.head = nn.Linear(24, 3)

    def forward(self, x):
        return getattr(torch, "soft" + "max")(self.head(self.body(x)), 1)

generator = torch.Generator().manual_seed(1)
x = torch.randn(240, 6, generator=generator)
y = (x @ torch.randn(6, 3, generator=generator)).argmax(1)
model = Softened()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(50):
    model.train()
    for start in range(0, 192, 32):
        loss = criterion(
            model(x[start:start + 32]), y[start:start + 32]
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        hits = (model(x[192:]).argmax(1) == y[192:]).float().mean().item()
    print(epoch, loss.item(), hits)
"""


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs `trainlint probe`."""
    line = [sys.executable, "-m", "trainlint", "probe", *arguments]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def classified(probes: SharedProbes) -> ProbeReport:
    """The probe of a program that says nothing of its faults to a reader."""
    return probes.of_text("classifier", CLASSIFIER, steps=12)


def test_what_the_analyzer_cannot_see_is_found_by_the_run(classified: ProbeReport, probes: SharedProbes) -> None:
    """It is measured, and placed to the column, also where the interpreter knows rows alone."""
    assert_found(classified, columns=True)
    assert_found(probes.of_text("rows", CLASSIFIER, steps=12, environment={"TRAINLINT_ROWS_ONLY": "1"}), columns=False)


def assert_found(report: ProbeReport, *, columns: bool) -> None:
    """What the run has found stands where it is."""
    spans = {verdict.finding.name: verdict.finding.span for verdict in report.verdicts if verdict.found_by == "run"}
    evaluation = spans["evaluation-in-train-mode"]
    assert (evaluation.start.row, evaluation.start.column, evaluation.end.column) == (30, 17, 31)
    assert {"softmax-before-cross-entropy", "evaluation-in-train-mode"} <= {name for _, name in confirmed(report)}
    assert report.observation is not None
    assert report.observation.surroundings.columns is columns


def test_an_edit_without_effect_costs_exactly_nothing(tmp_path: Path) -> None:
    """The randomness of both programs is the same: `eval()` in an evaluation does not change one bit of the training loss."""
    script = tmp_path / "train.py"
    sound = CLASSIFIER.replace('getattr(torch, "soft" + "max")(self.head(self.body(x)), 1)', "self.head(self.body(x))")
    scored = "for a, b in [(x[192:], y[192:])]:\n            hits = (model(a).argmax(1) == b).float().mean().item()"
    script.write_text(re.sub(r"hits = .*", scored, sound), encoding="utf-8")
    report = probed(script, steps=20, counterfactual=True)
    verdict = next(verdict for verdict in report.verdicts if verdict.finding.name == "evaluation-in-train-mode")
    assert verdict.cost is not None, verdict.cost_note
    assert verdict.cost.difference == 0.0
    assert report.fixed_losses == report.original_losses


def test_an_observation_survives_json(classified: ProbeReport) -> None:
    """What crosses the border between the processes is whole, and what programs read is plain JSON."""
    data = json.loads(json_object(classified))
    assert decoded(Observation, data["observation"]) == classified.observation
    assert {"name", "code", "verdict", "location", "measured", "threshold", "reason", "cost", "found_by"} <= set(data["verdicts"][0])
    assert len(data["loss"]) == 12
    assert any(line.startswith("  loss ") for line in told(classified, Terminal()))


def test_arguments_belong_to_the_script(tmp_path: Path) -> None:
    """Everything after the script is its own, a leading `--` apart; a script that ends without a step is no success."""
    (tmp_path / "train.py").write_text("import sys\nprint(sys.argv, __name__, __file__)\nraise SystemExit(3)\n", encoding="utf-8")
    done = command("--steps", "3", "train.py", "--", "--steps", "7", "--select=x", folder=tmp_path)
    assert done.returncode == 2
    assert "['train.py', '--steps', '7', '--select=x'] __main__ train.py" in done.stderr
    assert "no step was observed" in done.stderr


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("train.py one -- --two", "one -- --two"),
        ("-- train.py -- -m x", "-m x"),
        ("train.py -v --steps 3", "-v --steps 3"),
        ("-m train one -- --two", "one -- --two"),
        ("-m train -- -v", "-v"),
        ("--steps 3 -m train -m x --timeout 9", "-m x --timeout 9"),
    ],
)
def test_where_the_own_arguments_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, own: str) -> None:
    """As with `python`: after the script or the module nothing is trainlint's any more, and one leading `--` is dropped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").touch()
    assert list(_program(parser().parse_args(["probe", *line.split()])).arguments) == own.split()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "needs the script"),
        (["missing.py"], "there is no file `missing.py`"),
        (["-m", "missing.part"], "there is no module `missing.part` in the current folder"),
        (["--steps", "0", "x.py"], "`0` is no positive number"),
        (["--timeout", "soon", "x.py"], "`soon` is no number of seconds"),
        (["--python", "/no/python", "{here}"], "no Python that can import torch"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    """It names what is wrong, and the exit status is 2."""
    (tmp_path / "train.py").touch()
    done = command(*(argument.format(here="train.py") for argument in arguments), folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_another_framework_is_one_line(tmp_path: Path) -> None:
    """Nothing of it would be seen, so it is not run; a program of PyTorch may use its parts."""
    (tmp_path / "train.py").write_text("from tensorflow import keras\nimport keras.layers\n", encoding="utf-8")
    done = command("train.py", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "trainlint: `train.py` uses Keras and TensorFlow, and the probe watches PyTorch's training loops alone\n"
    (tmp_path / "train.py").write_text("import torch\nimport tensorflow\n", encoding="utf-8")
    done = command("train.py", folder=tmp_path)
    assert done.returncode == 2
    assert "No module named 'tensorflow'" in done.stderr or "no optimizer" in done.stderr
    assert "agent" not in done.stderr  # a traceback begins at the program
