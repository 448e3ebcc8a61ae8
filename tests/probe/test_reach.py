"""A verdict about the whole program is one about what the run came to; of the rest it says that the run did not."""

from pathlib import Path

from tests.probe.runs import confirmed, outcomes, probed_text
from trainlint.verdicts import Outcome

PROGRAM = """\
import torch
from torch import nn

inputs, labels = torch.randn(64, 4), torch.randint(0, 3, (64,))


def train(model, optimizer, epochs):
    total = 0
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss
    return total


def train_long(model, optimizer, epochs):
    total = 0
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss
    return total


if __name__ == "__main__":
    network = nn.Linear(4, 3)
    chosen = torch.optim.SGD(network.parameters(), lr=0.1)
    train(network, chosen, 20)
    if inputs.shape[0] > 64:
        train_long(network, chosen, 200)
"""


def test_what_is_not_reached_is_not_confirmed(tmp_path: Path) -> None:
    """Two functions keep graphs; the one that was not called is not accused by the other."""
    report = probed_text(tmp_path, PROGRAM)
    assert confirmed(report) == {(14, "retained-graph")}
    assert outcomes(report, Outcome.INCONCLUSIVE) == {(25, "retained-graph")}
    other = next(verdict for verdict in report.verdicts if verdict.finding.span.start.row == 25)
    assert other.ruling.reason == "this place was not reached within 12 steps"
