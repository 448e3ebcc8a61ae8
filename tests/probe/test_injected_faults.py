"""A seeded sample of the matrix of injected faults; `tests/benchmarks/probe_matrix.py` runs the whole of it."""

import random
from typing import TYPE_CHECKING

import pytest

from tests.probe.injections import INJECTIONS, Injection, program
from tests.probe.runs import side_by_side
from trainlint.engine.catalogue import find
from trainlint.probe.probing import ProbeReport
from trainlint.verdicts import Outcome

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = random.Random(5).sample([injection for injection in INJECTIONS if not injection.undecidable], 2)  # noqa: S311 - no secret
Sampled = tuple[str, bool]
"""A rule, and whether its fault was injected."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Sampled, ProbeReport]:
    """The probes of a few faulty programs and of their twins."""
    scripts: dict[Path, Sampled] = {}
    for number, injection in enumerate(SAMPLE):
        architecture = random.Random(number).choice(injection.architectures)  # noqa: S311 - no secret
        for faulty in (True, False):
            script = tmp_path_factory.mktemp(injection.rule) / "train.py"
            script.write_text(program(architecture, injection, number, faulty=faulty), encoding="utf-8")
            scripts[script] = (injection.rule, faulty)
    return {scripts[script]: report for script, report in side_by_side(list(scripts)).items()}


@pytest.mark.parametrize("injection", SAMPLE, ids=lambda injection: injection.rule)
@pytest.mark.parametrize("faulty", [True, False], ids=["faulty", "twin"])
def test_a_fault_is_told_from_its_twin(reports: dict[Sampled, ProbeReport], injection: Injection, *, faulty: bool) -> None:
    """Confirmed where it was injected, measured to be absent where it was not."""
    observation = reports[injection.rule, faulty].observation
    assert observation is not None
    outcomes = {ruling.outcome for ruling in find(injection.rule)().judge(observation)}
    assert Outcome.CONFIRMED in outcomes if faulty else outcomes == {Outcome.NOT_REPRODUCED}
