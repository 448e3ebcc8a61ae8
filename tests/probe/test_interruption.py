"""Ctrl-C ends a probe at once, in whichever phase it is, and with it everything that it has started."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.probe.runs import PROGRAMS, SharedProbes
from tests.probe.test_containment import Place
from trainlint.probe import counterfactual
from trainlint.probe.counterfactual import with_costs
from trainlint.probe.runner import Observed

ENDLESS = "import time\nprint('begun')\nwhile True:\n    time.sleep(0.05)\n"


def test_while_the_program_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 130, no word, no process, no file."""
    place = Place(tmp_path / "project", "namespaces")
    (place.folder / "train.py").write_text(ENDLESS, encoding="utf-8")
    before = place.contents()
    monkeypatch.setenv("TRAINLINT_TEST_MARK", place.mark)
    line = [sys.executable, "-m", "trainlint", "probe", "train.py"]
    with subprocess.Popen(line, cwd=place.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as probe:
        assert probe.stdout is not None
        assert "probing train.py" in probe.stdout.readline()
        deadline = time.monotonic() + 30
        while len(place.survivors()) < 4 and time.monotonic() < deadline:  # trainlint, supervisor, first of the namespace, program
            time.sleep(0.02)
        probe.send_signal(signal.SIGINT)
        begun = time.monotonic()
        told, complained = probe.communicate(timeout=30)
        assert time.monotonic() - begun < 5
    assert (probe.returncode, told, complained) == (130, "", "")
    assert place.survivors() == []
    assert place.contents() == before


def test_while_costs_are_measured(probes: SharedProbes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several programs may be running: none is waited for, and no other is begun."""
    report = probes.of(PROGRAMS / "faulty" / "image_classifier.py")
    both, begun, ended = threading.Barrier(2, timeout=20), [], []

    def endless(*_: object, on_tick: Callable[[], None], **__: object) -> Observed:
        begun.append(1)
        if not both.wait():  # one of the two
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        try:
            while True:
                on_tick()
                time.sleep(0.01)
        finally:
            ended.append(1)

    monkeypatch.setattr(counterfactual, "observe", endless)
    with pytest.raises(KeyboardInterrupt):
        with_costs(report.verdicts, report.program, report.request, report.observed, deadline=time.monotonic() + 1e6)
    assert (len(begun), len(ended)) == (2, 2)
