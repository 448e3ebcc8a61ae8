"""TL311."""

from collections.abc import Iterator
from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.knowledge.facts import Takes
from trainlint.program.losses import LossCall, Shape, loss_calls, spread
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class BroadcastInLoss(Rule):
    """
    An output of shape (N, 1) meets a target of shape (N,), and the loss compares each with each.

    ## What it checks

    One of the two arguments of an elementwise loss (MSE, L1, smooth L1, Huber) has two axes, the second of size 1, and the other
    one has one axis.

    ## Why it matters

    Broadcasting makes an N×N table of differences, of which only the diagonal was meant. The optimum is then to predict the mean
    of all targets for every sample: the loss goes down a little and stays there. PyTorch warns once and goes on.

    ## When it stays silent

    When a `squeeze`, `view` or `unsqueeze` is on the way, when either shape is not known, and when a size is 1. Differences that
    are written by hand are not judged, since tables of differences may be meant there.

    ## How to fix it

    Give both the same shape: `criterion(output.squeeze(1), target)` or `criterion(output, target.unsqueeze(1))`.

    ## References

    - PyTorch issue 16045: MSELoss broadcasts silently
    """

    code = "TL311"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            inputs, targets = torch.randn(100, 8), torch.randn(100)
            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
            criterion = nn.MSELoss()
            for epoch in range(10):
                loss = criterion(model(inputs), targets)  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            inputs, targets = torch.randn(100, 8), torch.randn(100)
            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
            criterion = nn.MSELoss()
            for epoch in range(10):
                loss = criterion(model(inputs).squeeze(1), targets)
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            inputs, targets = torch.randn(100, 8), torch.randn(100)
            model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
            criterion = nn.MSELoss()
            for epoch in range(10):
                loss = criterion(model(inputs).squeeze(1), targets)
            """,
            because="both have one axis",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports inputs and targets whose shapes are known to spread over each other."""
        for call in loss_calls(program, Takes.VALUES):
            shapes = spread(call)
            if shapes is not None:
                one, other = (_written(shape) for shape in shapes)
                message = f"the loss compares each with each: its input has the shape {one}, its target {other}"
                yield Sighting(call.place, message, confidence=call.run.confidence, fix=_cures(call, *shapes))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Compares the shapes that meet in a loss, one of torch's or one written by hand."""
        for crossing in observation.crossings:
            size = crossing.size
            yield confirmed(
                crossing.place,
                f"a ({size}, 1) and a ({size},) meet in {crossing.calls} differences",
                threshold="shapes that spread over each other",
                source=EXACT,
                value=float(size),
                message=f"the difference is taken of each with each: {size * size:,} differences of {size} values",
            )
        for loss in observation.losses:
            if not loss.is_regression or loss.target is None:
                continue
            one, other = loss.input.shape, loss.target.shape
            measured = f"the input has the shape {one}, the target {other}"
            size = max(prod(one), prod(other))
            grown = prod(max(pair) for pair in zip_longest(reversed(one), reversed(other), fillvalue=1))
            if grown > size:
                yield confirmed(
                    loss.place,
                    measured,
                    threshold="shapes that spread over each other",
                    source=EXACT,
                    value=grown / size,
                    message=f"the loss compares each with each: {grown} differences of {size} values",
                )
            else:
                yield not_reproduced(loss.place, measured, threshold="shapes that spread over each other", source=EXACT, value=1.0)


def _written(shape: Shape) -> str:
    """A shape as torch writes it, with N for a size that is not known."""
    sizes = ["N" if size is None else str(size) for size in shape]
    return f"({', '.join(sizes)})" if len(sizes) > 1 else f"({sizes[0]},)"


def _cures(call: LossCall, given: Shape, target: Shape) -> tuple[Cure, ...]:
    """Takes the axis of size 1 from the one that has it."""
    for place, shape, other in ((call.event.input_node, given, target), (call.event.target_node, target, given)):
        if isinstance(place, ir.Expr) and len(shape) == 2 and shape[1] == 1 and len(other) == 1:
            change = Replace(place, (place, ".squeeze(1)"))
            return (Cure("Give both the same shape", (change,), "the training result changes, as it is meant to"),)
    return ()
