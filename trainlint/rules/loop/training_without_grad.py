"""TL509."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.findings import Category
from trainlint.program.detachment import unrecorded
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class TrainingWithoutGrad(Rule):
    """
    The forward pass of a training step runs with gradients switched off.

    ## What it checks

    A backward pass from a loss all of whose forward passes ran under `no_grad`, `inference_mode` or
    `set_grad_enabled(False)`, on every path.

    ## Why it matters

    Nothing is recorded, so there is nothing to go back through: `backward()` fails, in the first step or, where an
    evaluation switches gradients off and nothing switches them on again, in the second epoch.

    ## When it stays silent

    When one of the networks that the loss comes from was recorded (frozen features below a trained head); when the
    gradient mode is not the same on all paths, or a context around the call cannot be followed.

    ## How to fix it

    Take the forward pass out of the block, or switch gradients on again with `torch.set_grad_enabled(True)`. No fix is
    offered: what else the block is there for is not in the code.

    ## References

    - PyTorch: [Locally disabling gradient computation](https://pytorch.org/docs/stable/notes/autograd.html)
    """

    code = "TL509"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                with torch.no_grad():
                    outputs = model(inputs)  # <- here
                loss = nn.functional.cross_entropy(outputs, labels)
                loss.backward()
                optimizer.step()
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            body, head = nn.Linear(4, 8), nn.Linear(8, 2)
            optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
            for inputs, labels in loader:
                optimizer.zero_grad()
                with torch.no_grad():
                    features = body(inputs)
                loss = nn.functional.cross_entropy(head(features), labels)
                loss.backward()
                optimizer.step()
            """,
            because="only the frozen part runs without gradients",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports training forward passes that record no gradients."""
        for run, backward, forward in unrecorded(program):
            yield Sighting(
                forward.node,
                "this forward pass records no gradients: there is nothing for the backward pass to go through",
                ((backward.node, "its loss is backwarded here"),),
                confidence=run.confidence,
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks for backward passes over what a network has computed without gradients."""
        for backward in observation.backwards:
            if backward.unrecorded is not None:
                yield confirmed(
                    backward.unrecorded,
                    f"{backward.rootless} of {backward.calls} backward passes have no graph to go through",
                    threshold="any",
                    source=EXACT,
                    value=backward.rootless / backward.calls,
                    message="this forward pass records no gradients: there is nothing for the backward pass to go through",
                    related=((backward.place, "its loss is backwarded here"),) if backward.place else (),
                )
            elif not backward.rootless:
                yield not_reproduced(backward.place, "it has a graph to go through", threshold="any without", source=EXACT, value=0.0)
