"""TL908."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainlint.observations import Observation


class InitialLossOff(Rule):
    """
    Before training, the loss is far from that of a guess.

    ## What it checks

    The first cross-entropy against that of a guess: ln C for C classes, ln 2 for one unit. The reduction is taken into
    account.

    ## Why it matters

    A network that knows nothing should guess. One that is sure of itself and wrong has weights or inputs that are far too
    large, and spends its first steps unlearning.

    ## When it stays silent

    With class weights, label smoothing, or ignored targets; for weights that were trained before; between half the loss of a
    guess that knows how frequent each class is and three times that of one that does not; and above that where no layer begins
    with weights over three times as large as Xavier's: Kaiming's initialization, depth and dropout alone make it that large.

    ## How to fix it

    Scale the inputs, and initialize the last layer with small weights.

    ## References

    - Karpathy: [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/)
    """

    code = "TL908"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Good(
            """
            import torch
            from torch import nn

            model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            because="the first loss is about ln 3",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the first loss with that of a guess."""
        for loss in observation.losses:
            if not loss.class_losses or not loss.plain or loss.units is None or loss.is_regression:
                continue
            if len(loss.labels) < 2:
                continue  # one target for all, as of a discriminator
            classes = loss.units if loss.units > 1 and loss.function in ("cross_entropy", "nll_loss") else 2
            first, guess = loss.class_losses[0], math.log(classes)
            ratio = first / guess
            informed = min(guess, max(_entropy(loss.labels), 1e-6))
            measured = f"the first loss is {number(first)}, {ratio:.2g} times that of a guess among {classes}"
            if loss.first_step or any(network.pretrained for network in observation.networks):
                why = "the networks were trained before"
                yield inconclusive(loss.place, why, measured=measured, threshold=_THRESHOLD)
            elif ratio > 3 and (large := _largest(observation)) <= _GAIN:
                why = f"no layer begins with weights that are unusual (at most {large:.1f} times as large as Xavier's)"
                yield inconclusive(loss.place, why, measured=measured, threshold=_THRESHOLD)
            elif ratio > 3 or first < 0.5 * informed:
                yield confirmed(
                    loss.place,
                    measured,
                    threshold=_THRESHOLD,
                    source="0.99 to 1.03 with PyTorch's own initialization; with Kaiming's, up to 9 in deep networks, and 40 with dropout",
                    value=ratio,
                    message=f"before any training, the loss is {ratio:.2g} times that of a guess",
                )
            else:
                yield not_reproduced(loss.place, measured, threshold=_THRESHOLD, source="the loss of a guess", value=ratio)


_GAIN = 3.0
"""Twice what Kaiming's initialization gives; a normal distribution of spread 1 gives the root of the number of inputs."""
_THRESHOLD = "over 3 times, with weights over 3 times as large as Xavier's; under 0.5 times, knowing how frequent each class is"


def _entropy(labels: "Mapping[str, int]") -> float:
    """The loss of whoever always answers with the frequencies of the classes."""
    total = sum(labels.values())
    return -sum(count / total * math.log(count / total) for count in labels.values() if count)


def _largest(observation: "Observation") -> float:
    """The weights of which layer begin the largest, in units of Xavier's."""
    return max((layer.initial_gain for layer in observation.layers if layer.initial_gain is not None), default=0.0)
