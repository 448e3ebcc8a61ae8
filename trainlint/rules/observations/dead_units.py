"""TL905."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import SMALL_NETWORKS, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class DeadUnits(Rule):
    """
    Most units of a layer are zero whatever comes in.

    ## What it checks

    For each one-sided activation (ReLU and its kin), the share of its units that were zero on every sample seen.

    ## Why it matters

    A unit that is always zero gets no gradient and never comes back. Most often a learning rate that is too high has killed
    it, or a large negative bias.

    ## When it stays silent

    With fewer than 256 samples or 8 units, and up to a share of 70 %: up to 41 % is what healthy networks show.

    ## How to fix it

    Lower the learning rate, warm it up, look at the initialization of biases, or use a leaky activation.

    ## References

    - Lu, Shin, Su, Karniadakis: [Dying ReLU and Initialization](https://arxiv.org/abs/1903.06733)
    """

    code = "TL905"
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
            because="units answer to some of the inputs",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the units that never answered."""
        for activation in observation.activations:
            if activation.dead is None or activation.samples < 256 or activation.units < 8 or activation.place is None:
                continue
            name = f"`{activation.layer}`" if activation.layer else f"this {activation.operation}"
            measured = f"{activation.dead:.0%} of the {activation.units} units of {name} were zero on all {activation.samples} samples"
            if activation.dead > 0.7:
                message = f"{activation.dead:.0%} of the units of {name} are dead"
                yield confirmed(
                    activation.place, measured, threshold="over 70 %", source=SMALL_NETWORKS, value=activation.dead, message=message
                )
            else:
                yield not_reproduced(activation.place, measured, threshold="over 70 %", source=SMALL_NETWORKS, value=activation.dead)
