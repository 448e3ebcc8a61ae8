"""Which nonlinear functions are units of a network, and which are arithmetic on numbers that no weight made."""

import pytest
import torch
from torch import nn

from trainlint.probe.agent.preactivations import comes_from_weights

X = torch.randn(8, 3, 6)
WEIGHT = nn.Parameter(torch.randn(6, 8))
LOGIT = nn.Parameter(torch.zeros(1))
LINEAR, OTHER = nn.Linear(6, 8), nn.Linear(6, 8)


@pytest.mark.parametrize(
    "output",
    [
        torch.tanh(LINEAR(X)),
        torch.tanh(LINEAR(X[:, 0])),
        torch.sigmoid(LINEAR(X) + OTHER(X)),
        torch.sigmoid((LINEAR(X) + OTHER(X)).chunk(4, -1)[2]),
        torch.sigmoid(nn.Conv1d(3, 4, 2)(X)),
        torch.sigmoid(nn.BatchNorm1d(3)(LINEAR(X))),
        torch.tanh(nn.LayerNorm(8)(X @ WEIGHT)),
        torch.tanh(torch.einsum("bij,jk->bik", X, WEIGHT)),
    ],
)
def test_a_unit_is_fed_by_weights(output: torch.Tensor) -> None:
    """Layers, products with parameters, normalizations of them, sums and parts of them."""
    assert comes_from_weights(output)


@pytest.mark.parametrize(
    "output",
    [
        torch.sigmoid((torch.log(torch.sigmoid(LOGIT)) + torch.log(torch.rand(8, 4))) / 0.1),
        torch.sigmoid(LOGIT),
        torch.sigmoid(X),
        torch.sigmoid(torch.relu(LINEAR(X))),
    ],
)
def test_a_function_of_something_else_is_none(output: torch.Tensor) -> None:
    """A relaxed choice over noise lies near 0 and 1 because it is meant to."""
    assert not comes_from_weights(output)
