"""`--timeout` holds for everything together: whatever takes too long, the rest has its share and the probe ends."""

import sys
import time
from pathlib import Path

import pytest

from trainlint.engine.report import Report
from trainlint.probe import analysing
from trainlint.probe.analysing import Analyst
from trainlint.probe.interpreters import Interpreter
from trainlint.probe.probing import probe
from trainlint.probe.runner import Program, Request
from trainlint.settings.resolution import Resolution
from trainlint.verdicts import Outcome

STUCK = """\
import time
import torch

model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(6):
    x = torch.randn(16, 4)
    loss = torch.nn.functional.cross_entropy(model(x).softmax(1), (x.sum(1) > 0).long())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
time.sleep(600)
"""
SETTINGS = Resolution({}, isolated=True)


def slow(*_: object, **__: object) -> Report:
    """An analysis of a very large project."""
    time.sleep(60)
    return Report()


def test_a_probe_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that hangs after its sixth step and an analysis that takes a minute: the steps are judged all the same."""
    monkeypatch.setattr(analysing, "check", slow)
    script = tmp_path / "train.py"
    script.write_text(STUCK, encoding="utf-8")
    program = Program(script, (), sys.executable, tmp_path, "train.py")
    begun = time.monotonic()
    report = probe(program, Interpreter(sys.executable, "test"), Request(), SETTINGS, timeout=12.0)
    assert time.monotonic() - begun < 14.0
    assert report.observed.outcome.seconds > 6.0
    assert report.steps == 6
    assert [(v.finding.name, v.outcome, v.found_by) for v in report.verdicts] == [
        ("softmax-before-cross-entropy", Outcome.CONFIRMED, "run")
    ]
    assert "the analysis was not finished in time: the verdicts come from the run alone" in report.notes


def test_files_that_only_the_run_has_found_are_read_as_far_as_there_is_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of the script stays known where the analysis of a further file takes too long."""
    script, network = tmp_path / "train.py", tmp_path / "network.py"
    known = Report(files=1)
    monkeypatch.setattr(analysing, "check", lambda files, **_: known if files == [script] else slow())
    analyst = Analyst(SETTINGS)
    analyst.begin([script])
    assert analyst.report([script], until=time.monotonic() + 5, tick=lambda: None) == (known, "")
    late = "the analysis of network.py was not finished in time: for these files the verdicts come from the run alone"
    assert analyst.report([script, network], until=time.monotonic() + 0.2, tick=lambda: None) == (known, late)


def test_what_the_analysis_raises_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a mistake of trainlint's own, and must not look like a program without findings."""

    def broken(*_: object, **__: object) -> Report:
        raise ZeroDivisionError

    monkeypatch.setattr(analysing, "check", broken)
    analyst = Analyst(SETTINGS)
    analyst.begin([])
    with pytest.raises(ZeroDivisionError):
        analyst.report([], until=time.monotonic() + 5, tick=lambda: None)
