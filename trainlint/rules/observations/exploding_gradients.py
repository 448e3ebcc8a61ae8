"""TL904."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.measures import EXPLOSION, EXPLOSION_SOURCE, explosion
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Good, Rule, Sighting
from trainlint.verdicts import Ruling, confirmed, not_reproduced, number

if TYPE_CHECKING:
    from trainlint.observations import Observation


class ExplodingGradients(Rule):
    """
    The norm of the gradients jumps far above all that came before.

    ## What it checks

    The norm of all gradients of an optimizer before clipping, at each step, against the median of the ten steps before and
    the largest of all before.

    ## Why it matters

    One such step throws the weights far away from where training had brought them.

    ## When it stays silent

    Where every step is clipped; where `missing-gradient-clipping` or `non-finite-values` says the same; for bursts below the
    threshold.

    ## How to fix it

    Clip the gradients, lower the learning rate, or warm it up.

    ## References

    - Pascanu, Mikolov, Bengio: [On the difficulty of training recurrent neural networks](https://arxiv.org/abs/1211.5063)
    """

    code = "TL904"
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
            because="the gradient norm stays where it began",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Nothing: only a run can show it."""
        del program
        return iter(())

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Watches the norm of the gradients."""
        for optimizer in observation.optimizers:
            norms = optimizer.gradient_norms
            if len(norms) < 5 or optimizer.clips == optimizer.steps:
                continue
            burst = explosion(norms)
            if burst is not None and burst[1] < float("inf"):
                step, factor = burst
                yield confirmed(
                    optimizer.stepped,
                    f"at step {step + 1} the gradient norm is {number(norms[step])}, {factor:,.0f} times the median of the steps before",
                    threshold=EXPLOSION,
                    source=EXPLOSION_SOURCE,
                    value=factor,
                    message=f"the gradients explode at step {step + 1}",
                )
            elif burst is None:
                measured = f"the gradient norm stays below {number(max(norms))} for {len(norms)} steps"
                yield not_reproduced(optimizer.stepped, measured, threshold=EXPLOSION, source=EXPLOSION_SOURCE, value=max(norms))
