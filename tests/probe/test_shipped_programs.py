"""Every fault planted in the programs that ship with trainlint is confirmed, with its number; none on their corrected twins."""

import pytest

from tests.expectations import expected
from tests.probe.runs import PROGRAMS, SharedProbes, confirmed
from trainlint.verdicts import Outcome

NAMES = ("image_classifier", "patients", "running_sum")


@pytest.mark.parametrize("name", NAMES)
def test_each_planted_fault_is_confirmed(probes: SharedProbes, name: str) -> None:
    """What the program marks is what the run confirms, each with a measured value, a threshold and where that comes from."""
    script = PROGRAMS / "faulty" / f"{name}.py"
    report = probes.of(script, counterfactual=name == "running_sum")
    assert confirmed(report) == set(expected(script.read_text(encoding="utf-8")))
    for verdict in report.verdicts:
        assert verdict.ruling.measured
        assert verdict.ruling.threshold
        assert verdict.ruling.source


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_confirmed_on_the_corrected_twin(probes: SharedProbes, name: str) -> None:
    """The same program without its faults runs to its end with no fault seen at work."""
    report = probes.of(PROGRAMS / "silent" / f"{name}.py")
    assert report.steps == 40
    assert report.observation is not None
    assert report.observation.ending.failure is None
    assert report.observation.ending.evaluation_batches > 0
    assert confirmed(report) == set()
    assert report.count(Outcome.INCONCLUSIVE) == 0
