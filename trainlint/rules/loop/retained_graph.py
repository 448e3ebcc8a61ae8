"""TL507."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Applicability, Category
from trainlint.program.events import Retain
from trainlint.program.retention import retentions
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Mapping, Sequence
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class RetainedGraph(Rule):
    """
    A loss that still carries its graph is kept over the passes of the training loop.

    ## What it checks

    A value that was computed by a forward pass, and is backwarded in the same pass of the loop, is added to a sum or a
    collection that outlives the pass, without being made a number first.

    ## Why it matters

    The sum holds on to the graph of every batch. Memory grows with each step until the run dies, often hours after it
    began.

    ## When it stays silent

    When the value is made a number or detached first (`item()`, `float()`, `detach()`, `.data`); when the sum itself is
    backwarded later, as for truncated sequences and accumulated losses; inside a network's forward. What goes into a container
    or a call that cannot be followed is lost, and a value that came from out of sight is taken to have a graph only where a
    backward pass goes through it.

    ## How to fix it

    Add `loss.item()`, or `loss.detach()` where a tensor is wanted.

    ## References

    - PyTorch FAQ: [My model reports "cuda runtime error(2): out of memory"](https://pytorch.org/docs/stable/notes/faq.html)
    """

    code = "TL507"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            total = 0.0
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss  # <- here
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            total = 0.0
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.detach()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            total = 0.0
            for inputs, labels in loader:
                loss = nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
            """,
            because="a Python number holds no graph",
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for sequence in loader:
                total = 0.0
                for inputs, labels in sequence:
                    total += nn.functional.cross_entropy(model(inputs), labels)
                optimizer.zero_grad()
                total.backward()
                optimizer.step()
            """,
            because="the sum is what is backwarded",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports what is added, graph and all, to something older than the pass."""
        for run, kept, backward in retentions(program):
            yield Sighting(
                kept.node,
                "this keeps the graph of every batch alive: the value still carries it",
                ((backward.node, "its graph was needed here for the last time"),),
                confidence=run.confidence,
                fix=_cures(kept),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the losses of earlier steps whose graph something still holds."""
        steps = observation.ending.steps
        most = max((kept.alive for kept in observation.kept), default=0)
        if steps < 5:
            return
        measured = f"the graphs of {most} losses were alive at once within {steps} steps"
        if most >= 5:
            place = next(kept.place for kept in observation.kept if kept.alive == most)
            yield confirmed(
                None,
                measured,
                threshold="5 or more",
                source="one or two are alive where each is let go",
                value=float(most),
                message="the graphs of the losses computed here are kept from step to step" if place else None,
                related=((place, "the loss"),) if place else (),
            )
        elif most <= 2:
            yield not_reproduced(
                None, measured, threshold="5 or more", source="one or two are alive where each is let go", value=float(most)
            )
        else:
            yield inconclusive(None, "a few losses are kept", measured=measured, threshold="5 or more")


def _cures(kept: Retain) -> tuple[Cure, ...]:
    """Keeps the value alone. Detached, it stays a tensor: whatever is done with the sum later still works, which a number might not."""
    node = kept.node
    added: ir.Expr | None = None
    if isinstance(node, ir.AugmentedAssign):
        added = node.value
    elif isinstance(node, ir.BinaryOperation):
        added = node.right
    elif isinstance(node, ir.Call) and node.arguments and not node.arguments[-1].star and node.arguments[-1].keyword is None:
        added = node.arguments[-1].value
    if added is None or isinstance(kept.value, Mapping | Sequence):
        return ()
    reason = "the value is the same, and what keeps its graph alive is no part of the training"
    return (Cure("Keep the value without its graph", (Replace(added, (added, ".detach()")),), reason, Applicability.SAFE),)
