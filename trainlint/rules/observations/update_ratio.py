"""TL907."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.measures import LARGEST_UPDATE, SMALLEST_UPDATE, harmless_size, step_size
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_BAND = "outside 0.0003 to 0.05"


class UpdateRatio(Rule):
    """
    Steps are far too large or far too small for the weights.

    ## What it checks

    The norm of an update over the norm of the weights, the median over layers and steps.

    ## Why it matters

    Steps of a twentieth of the weights undo each other; steps of less than a three-thousandth change nothing in the time that
    anyone waits.

    ## When it stays silent

    While the learning rate is being warmed up, and between 0.0003 and 0.05; below for weights that were trained before, and
    for SGD, whose steps are as small as the gradients are at first; above where the loss falls all the same, or is none that
    tells whether a network learns.

    ## How to fix it

    Change the learning rate by the factor that is missing.

    ## References

    - Karpathy: [CS231n, ratio of updates to weights](https://cs231n.github.io/neural-networks-3/#ratio)
    """

    code = "TL907"
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
            because="each step changes the weights by about a hundredth",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Takes the median of the ratios."""
        for optimizer in observation.optimizers:
            rates, ratio = optimizer.learning_rates, step_size(optimizer)
            if ratio is None or (rates and max(rates) > 2 * min(rates)):
                continue
            measured = f"a step changes the weights by {ratio:.1e} of their norm"
            why = harmless_size(observation) if ratio > LARGEST_UPDATE else None
            if ratio < SMALLEST_UPDATE and any(network.pretrained for network in observation.networks):
                why = "the weights were trained before"
            elif ratio < SMALLEST_UPDATE and optimizer.kind == "SGD":
                why = "its steps are as small as the gradients, which may grow; `learning-rate-out-of-range` judges the rate itself"
            if why is not None:
                yield inconclusive(optimizer.constructed, why, measured=measured, threshold=_BAND)
                continue
            if SMALLEST_UPDATE <= ratio <= LARGEST_UPDATE:
                yield not_reproduced(optimizer.constructed, measured, threshold=_BAND, source=SMALL_NETWORKS, value=ratio)
                continue
            size = "large" if ratio > LARGEST_UPDATE else "small"
            message = f"steps are far too {size} for the weights: {ratio:.1e} of their norm"
            yield confirmed(optimizer.constructed, measured, threshold=_BAND, source=SMALL_NETWORKS, value=ratio, message=message)
