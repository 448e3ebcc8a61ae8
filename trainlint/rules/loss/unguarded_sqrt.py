"""TL316."""

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


class UnguardedSqrt(Rule):
    """
    The square root of what can be 0 has an infinite gradient there.

    ## What it checks

    In training, `sqrt`, `rsqrt` or a power between 0 and 1 is applied to a square, a sum of squares, an absolute value, 1 minus a
    square, or the output of a ReLU.

    ## Why it matters

    The derivative of the square root is infinite at 0. What lies before it there has a derivative of 0, and infinity times 0 is
    NaN: one pair of equal points, or one vector of zeros, makes all weights NaN, often after hours of training.

    ## When it stays silent

    When anything is added (an epsilon), after any `clamp`, without gradients; for `torch.norm` and its kin, `std` and `cdist`, whose
    gradient at 0 is 0; for a mean of many squares. Values that come from code out of sight are not judged.

    ## How to fix it

    Add a small epsilon under the root, or use `torch.linalg.vector_norm`, `F.normalize` or `torch.cdist`.

    ## References

    - PyTorch: [Autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html), gradients of non-differentiable functions
    """

    code = "TL316"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            import torch.nn.functional as F
            from torch import nn

            class Margin(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.weight = nn.Parameter(torch.randn(10, 8))

                def forward(self, x):
                    cosine = F.linear(F.normalize(x), F.normalize(self.weight))
                    sine = torch.sqrt(1.0 - cosine**2)  # <- here
                    return cosine - sine
            """,
            fixed="""
            import torch
            import torch.nn.functional as F
            from torch import nn

            class Margin(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.weight = nn.Parameter(torch.randn(10, 8))

                def forward(self, x):
                    cosine = F.linear(F.normalize(x), F.normalize(self.weight))
                    sine = torch.sqrt((1.0 - cosine**2).clamp(min=1e-12))
                    return cosine - sine
            """,
        ),
        Bad(
            """
            import torch
            from torch import nn

            class Contrastive(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Linear(8, 4)

                def forward(self, a, b):
                    squares = (self.embed(a) - self.embed(b)).pow(2).sum(1)
                    return squares.sqrt()  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            class Contrastive(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Linear(8, 4)

                def forward(self, a, b):
                    squares = (self.embed(a) - self.embed(b)).pow(2).sum(1)
                    return squares.clamp(min=1e-12).sqrt()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            class Contrastive(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Linear(8, 4)

                def forward(self, a, b):
                    squares = (self.embed(a) - self.embed(b)).pow(2).sum(1)
                    return (squares + 1e-12).sqrt()
            """,
            because="the epsilon bounds the gradient",
        ),
        Good(
            """
            import torch
            from torch import nn

            class Contrastive(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.embed = nn.Linear(8, 4)

                def forward(self, a, b):
                    return torch.norm(self.embed(a) - self.embed(b), dim=1)
            """,
            because="the gradient of `norm` at 0 is defined as 0",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports roots on the path of a gradient."""
        for found in singularities(program, "sqrt"):
            evidence = ((found.origin, "it is made here"),) if found.origin is not None else ()
            message = f"the gradient of this root is infinite at 0, and its argument can be 0: it is {found.why}"
            yield Sighting(found.event.node, message, evidence, confidence=found.run.confidence, fix=_cures(found))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at the smallest argument of each root that a gradient goes through."""
        message = "the argument of this root becomes 0, where its gradient is not finite"
        yield from by_margin(observation, frozenset({"sqrt", "rsqrt"}), message, source=_SOURCE)


def _cures(found: Singularity) -> tuple[Cure, ...]:
    argument = argument_of(found.event.node)
    if argument is None:
        return ()
    change = Replace(argument, (argument, ".clamp(min=1e-12)"))
    return (Cure("Keep the argument of the root above 0", (change,), "the values change by next to nothing, and stay finite"),)


_SOURCE = "exact: at 0, the gradient of a root is not finite"
