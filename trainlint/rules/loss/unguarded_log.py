"""TL315."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.measures import by_margin
from trainlint.program.losses import Singularity, singularities
from trainlint.program.receivers import argument_of
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import Ruling

if TYPE_CHECKING:
    from trainlint.observations import Observation


class UnguardedLog(Rule):
    """
    The logarithm of a probability that can be 0.

    ## What it checks

    In training, a logarithm is taken of what comes out of a softmax, a sigmoid or a ReLU, of 1 minus such a value, of their
    products and quotients, or of the probability of what is true, as in `where(target == 1, p, 1 - p)`.

    ## Why it matters

    In single precision a softmax output rounds to 0 where a score lies 104 below the largest, and `1 - sigmoid(x)` is 0 from 17
    on. The logarithm is then −inf, the gradient infinite or NaN, and one such sample makes all weights NaN.

    ## When it stays silent

    When anything is added before the logarithm (an epsilon), after `clamp`, `log1p`, `softplus`, `log_softmax`, `logsigmoid`;
    without gradients; in metrics. A probability that comes from code out of sight is judged only where the code itself shows
    that it is one, and a value that was clamped out of sight is not known to be.

    ## How to fix it

    Use the function that does both in one stable formula: `log_softmax`, `logsigmoid`, `cross_entropy`,
    `binary_cross_entropy_with_logits`. Else add a small epsilon or clamp the argument.

    ## References

    - PyTorch: [log_softmax](https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html)
    """

    code = "TL315"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                probabilities = torch.softmax(model(inputs), dim=1)
                loss = -torch.log(probabilities[torch.arange(len(labels)), labels]).mean()  # <- here
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                probabilities = torch.softmax(model(inputs), dim=1)
                loss = -torch.log(probabilities[torch.arange(len(labels)), labels] + 1e-8).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            """,
        ),
        Bad(
            """
            import torch
            from torch import nn

            class FocalLoss(nn.Module):
                def forward(self, p, target):
                    p_t = torch.where(target == 1, p, 1 - p)
                    return -((1 - p_t) ** 2 * torch.log(p_t)).mean()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            class FocalLoss(nn.Module):
                def forward(self, p, target):
                    p_t = torch.where(target == 1, p, 1 - p)
                    return -((1 - p_t) ** 2 * torch.log(p_t + 1e-8)).mean()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            class FocalLoss(nn.Module):
                def forward(self, p, target):
                    p_t = torch.where(target == 1, p, 1 - p)
                    return -((1 - p_t) ** 2 * torch.log(p_t + 1e-8)).mean()
            """,
            because="what is added keeps the argument away from 0",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports logarithms on the path of a gradient."""
        for found in singularities(program, "log"):
            evidence = ((found.origin, "it is made here"),) if found.origin is not None else ()
            message = f"the argument of this logarithm can be 0: it is {found.why}"
            yield Sighting(found.event.node, message, evidence, confidence=found.run.confidence, fix=_cures(found))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the smallest argument of each logarithm that a gradient goes through."""
        message = "the argument of this logarithm becomes 0, where it is not finite"
        yield from by_margin(observation, frozenset({"log", "log2", "log10"}), message, source=_SOURCE)


def _cures(found: Singularity) -> tuple[Cure, ...]:
    argument = argument_of(found.event.node)
    if argument is None:
        return ()
    change = Replace(argument, (argument, " + 1e-8"))
    return (Cure("Add a small number before the logarithm", (change,), "the values change by next to nothing, and stay finite"),)


_SOURCE = "exact: at 0, the logarithm and its gradient are not finite"
