"""Every fault planted in the programs that ship with trainlint is confirmed, with its number; none on their corrected twins."""

from pathlib import Path

import pytest

from tests.expectations import expected
from tests.probe.runs import PROGRAMS, confirmed, side_by_side
from trainlint.probe.probing import ProbeReport
from trainlint.verdicts import Outcome

NAMES = ("image_classifier", "patients", "running_sum")
Reports = dict[Path, ProbeReport]


def script(kind: str, name: str) -> Path:
    """A program that ships with trainlint."""
    return PROGRAMS / kind / f"{name}.py"


@pytest.fixture(scope="module")
def reports() -> Reports:
    """The probes of all of them."""
    return side_by_side([script(kind, name) for name in NAMES for kind in ("faulty", "silent")])


@pytest.mark.parametrize("name", NAMES)
def test_each_planted_fault_is_confirmed(reports: Reports, name: str) -> None:
    """What the program marks is what the run confirms, each with a measured value, a threshold and where that comes from."""
    report = reports[script("faulty", name)]
    assert confirmed(report) == set(expected(script("faulty", name).read_text(encoding="utf-8")))
    for verdict in report.verdicts:
        assert verdict.ruling.measured
        assert verdict.ruling.threshold
        assert verdict.ruling.source


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_confirmed_on_the_corrected_twin(reports: Reports, name: str) -> None:
    """The same program without its faults runs to its end with no fault seen at work."""
    report = reports[script("silent", name)]
    assert report.steps == 40
    assert report.observation is not None
    assert report.observation.ending.failure is None
    assert report.observation.ending.evaluation_batches > 0
    assert confirmed(report) == set()
    assert report.count(Outcome.INCONCLUSIVE) == 0
