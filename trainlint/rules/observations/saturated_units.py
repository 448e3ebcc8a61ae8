"""TL906."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SaturatedUnits(Rule):
    """
    A hidden sigmoid or tanh works in its flat part.

    ## What it checks

    The share of outputs of each hidden sigmoid or tanh where its slope is under 1 % of the largest.

    ## Why it matters

    In the flat part no gradient comes through, and what lies below stops learning.

    ## When it stays silent

    For what reaches a loss directly (an output may be sure of itself), and up to a share of one half.

    ## How to fix it

    Scale the inputs, lower the learning rate, use an initialization made for the activation, or ReLU.

    ## References

    - Glorot, Bengio: [Understanding the difficulty of training deep feedforward neural networks](https://proceedings.mlr.press/v9/glorot10a.html)
    """

    code = "TL906"
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
            because="there is no unit with a flat part at both ends",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Measures the share in the flat part."""
        outputs = {loss.origin.place for loss in observation.losses if loss.origin is not None}
        for activation in observation.activations:
            share = activation.saturated
            if share is None or activation.place is None or activation.place in outputs:
                continue
            name = f"`{activation.layer}`" if activation.layer else f"this {activation.operation}"
            measured = f"{share:.0%} of the outputs of {name} lie in the flat part"
            if share > 0.5:
                yield confirmed(
                    activation.place,
                    measured,
                    threshold="over half, where the slope is under 1 % of the largest",
                    source="the share at which DeepDiagnosis calls a layer saturated",
                    value=share,
                    message=f"{name} is saturated: {share:.0%} of its outputs lie in the flat part",
                )
            elif share < 0.2:
                yield not_reproduced(activation.place, measured, threshold="over half", source="as DeepDiagnosis", value=share)
