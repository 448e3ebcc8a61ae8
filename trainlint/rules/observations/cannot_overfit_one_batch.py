"""TL910."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class CannotOverfitOneBatch(Rule):
    """
    The network cannot learn even one batch by heart.

    ## What it checks

    With `--overfit`: the program's own steps on one batch, over and over, and the loss at the end over that at the beginning.

    ## Why it matters

    Any network with enough weights learns a few dozen samples by heart. One that does not is wired wrongly: something is
    detached, frozen, constant, or the loss does not fit the targets.

    ## When it stays silent

    Without `--overfit`, and where the loss falls below 60 % of where it began.

    ## How to fix it

    Look at the other verdicts, then at what lies between the loss and the weights.

    ## References

    - Karpathy: [A Recipe for Training Neural Networks](https://karpathy.github.io/2019/04/25/recipe/)
    """

    code = "TL910"
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
            because="it learns a batch by heart",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the last loss on the batch with the first."""
        losses = observation.overfit
        if not losses or len(losses) < 20 or not losses[0]:
            return
        ratio = min(losses[-5:]) / losses[0]
        place = next((backward.place for backward in observation.backwards if backward.place), None)
        measured = f"after {len(losses)} steps on one batch, the loss is {ratio:.2f} times what it was"
        if not ratio <= 0.6:
            yield confirmed(
                place,
                measured,
                threshold="over 0.6",
                source="sound small networks reach 0.05, with faults in their wiring 0.7 to 1",
                value=ratio,
                message="the network cannot learn one batch by heart",
            )
        else:
            yield not_reproduced(place, measured, threshold="over 0.6", source="sound small networks reach 0.05", value=ratio)
