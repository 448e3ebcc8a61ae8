"""TL902."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class NonFiniteValues(Rule):
    """
    A loss, a gradient or a parameter is NaN or infinite.

    ## What it checks

    The loss of every backward pass, the gradients after it, and the parameters after every step. A second run, from the same
    seed, looks at the result of each operation and names the first one that is not finite.

    ## Why it matters

    From the first NaN on, every weight is NaN after the next step, and nothing that follows means anything.

    ## When it stays silent

    For minus infinity in an attention mask and other values that never reach a loss, a gradient or a parameter; for steps
    that a GradScaler skips.

    ## How to fix it

    Guard the operation that is named: `clamp`, `log_softmax` for `log(softmax)`, `logsumexp`, an epsilon under a root; lower
    the learning rate where the parameters had grown first.

    ## References

    - PyTorch: [Anomaly detection](https://pytorch.org/docs/stable/autograd.html#anomaly-detection)
    """

    code = "TL902"
    category = Category.CORRECTNESS
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
            because="every value stays finite",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Names the first value that was not finite."""
        lost = observation.non_finite
        if lost is None:
            steps = f"every loss, gradient and parameter of {observation.ending.steps} steps is finite"
            yield not_reproduced(None, steps, threshold="NaN or infinite", source=EXACT)
            return
        started = next((backward.place for backward in observation.backwards if backward.place), None)
        what = f"a {lost.where} is not finite at step {lost.step + 1}"
        first = (
            f"; the first operation that is not is `{lost.operation}`{' in its gradient' if lost.backward else ''}"
            if lost.operation
            else ""
        )
        yield confirmed(
            lost.place or started,
            f"{what}{first}",
            threshold="NaN or infinite",
            source=EXACT,
            value=float(lost.step + 1),
            message=f"{what}{first}",
        )
