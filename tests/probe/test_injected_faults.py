"""A seeded sample of the matrix of injected faults; `tests/benchmarks/probe_matrix.py` runs the whole of it."""

import random

import pytest

from tests.probe.forks import Forks
from tests.probe.injections import INJECTIONS, Injection, program
from trainlint.engine.catalogue import find
from trainlint.observations import Observation
from trainlint.verdicts import Outcome

SAMPLE = random.Random(5).sample([injection for injection in INJECTIONS if not injection.undecidable], 2)  # noqa: S311 - no secret


@pytest.mark.parametrize("injection", SAMPLE, ids=lambda injection: injection.rule)
@pytest.mark.parametrize("faulty", [True, False], ids=["faulty", "twin"])
def test_a_fault_is_told_from_its_twin(forks: Forks, injection: Injection, *, faulty: bool) -> None:
    """Confirmed where it was injected, measured to be absent where it was not."""
    seed = SAMPLE.index(injection)
    architecture = random.Random(seed).choice(injection.architectures)  # noqa: S311 - no secret
    observation = forks.observation(program(architecture, injection, seed, faulty=faulty))
    assert isinstance(observation, Observation), observation
    outcomes = {ruling.outcome for ruling in find(injection.rule)().judge(observation)}
    assert Outcome.CONFIRMED in outcomes if faulty else outcomes == {Outcome.NOT_REPRODUCED}
