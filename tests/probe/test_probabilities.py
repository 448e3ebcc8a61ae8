"""Along which axis the input of a loss is normalized, as probabilities or as their logarithms."""

import pytest

from tests.probe.forks import Forks
from tests.probe.mechanisms import program
from trainlint.rules.loss.softmax_over_wrong_axis import SoftmaxOverWrongAxis
from trainlint.verdicts import Outcome

LOSS = "loss = criterion(outputs, y)"


@pytest.mark.parametrize(("axis", "expected"), [(0, Outcome.CONFIRMED), (1, Outcome.NOT_REPRODUCED)])
def test_logarithms_of_probabilities(forks: Forks, axis: int, expected: Outcome) -> None:
    """`log_softmax` over the batch is as wrong as `softmax` over it."""
    observation = forks.observation(program(((LOSS, f"loss = F.nll_loss(F.log_softmax(outputs, dim={axis}), y)"),)), steps=8)
    assert not isinstance(observation, str), observation
    (ruling,) = SoftmaxOverWrongAxis().judge(observation)
    assert ruling.outcome is expected
