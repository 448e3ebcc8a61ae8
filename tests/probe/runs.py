"""Probes of small programs, for tests."""

import fcntl
import os
import pickle
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from trainlint.probe.interpreters import Interpreter
from trainlint.probe.probing import ProbeReport, probe
from trainlint.probe.runner import Program, Request
from trainlint.settings.resolution import Resolution
from trainlint.verdicts import Outcome

PROGRAMS = Path(__file__).parent.parent / "programs"


def probed(
    script: Path,
    *arguments: str,
    steps: int = 40,
    counterfactual: bool = False,
    seed: int = 0,
    environment: Mapping[str, str] | None = None,
) -> ProbeReport:
    """What a probe of this script with the Python that runs the tests tells."""
    script = script.resolve()
    program = Program(script, arguments, sys.executable, script.parent, os.fspath(script))
    request = Request(steps=steps, seed=seed, environment={**os.environ, **(environment or {})})
    return probe(program, Interpreter(sys.executable, "test"), request, Resolution({}, isolated=True), counterfactual=counterfactual)


def probed_text(folder: Path, text: str, steps: int = 12, environment: Mapping[str, str] | None = None) -> ProbeReport:
    """The same of a program that is in no file yet."""
    script = folder / "train.py"
    script.write_text(text, encoding="utf-8")
    return probed(script, steps=steps, environment=environment)


class SharedProbes:
    """Probes that several tests look at, made once for all processes that the tests run in."""

    def __init__(self, folder: Path) -> None:
        """Keeps them in this folder."""
        self._folder = folder

    def of(self, script: Path, *, counterfactual: bool = False) -> ProbeReport:
        """The probe of a script, as `probed` makes it."""
        name = f"{script.parent.name}-{script.stem}{'-costs' * counterfactual}"
        return self._kept(name, lambda: probed(script, counterfactual=counterfactual))

    def of_text(self, name: str, text: str, *, steps: int, environment: Mapping[str, str] | None = None) -> ProbeReport:
        """That of a program that is in no file yet."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        return self._kept(name, lambda: probed_text(folder, text, steps=steps, environment=environment))

    def _kept(self, name: str, make: Callable[[], ProbeReport]) -> ProbeReport:
        kept = self._folder / f"{name}.pickle"
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make()))
        report = pickle.loads(kept.read_bytes())  # noqa: S301 - another process of the same tests has written it
        assert isinstance(report, ProbeReport)
        return report


def outcomes(report: ProbeReport, outcome: Outcome) -> set[tuple[int, str]]:
    """Row and name of what came out so."""
    return {(verdict.finding.span.start.row, verdict.finding.name) for verdict in report.verdicts if verdict.outcome is outcome}


def confirmed(report: ProbeReport) -> set[tuple[int, str]]:
    """Row and name of what was confirmed."""
    return outcomes(report, Outcome.CONFIRMED)
