"""TL412."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Delete, InsertBefore
from trainlint.cures.surroundings import around, assigned_in, name_given
from trainlint.findings import Category
from trainlint.program.rebuilding import rebuilt
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Optimizer
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.source.walk import descendants
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class OptimizerRecreated(Rule):
    """
    The optimizer is constructed anew in every epoch or batch, and forgets what it has learnt.

    ## What it checks

    An optimizer with a memory (Adam and its kin, momentum) that a training loop constructs in every pass, for the same
    parameters and with the same learning rate.

    ## Why it matters

    Moments and momentum start from zero each time. Adam's first steps after that are as long as the learning rate
    whatever the gradients are; rebuilt in every batch, it is the sign of the gradient. A scheduler on the old optimizer
    does nothing any more.

    ## When it stays silent

    When the network starts anew as well (folds, runs, clients, tasks: weights that are loaded or reset, more than one
    loop between the optimizer and its step); when parameters or learning rate change; for plain SGD, which has no memory;
    behind a condition; in a loop over a list that is written out (settings, devices); when a call that cannot be followed
    gets the network in the same pass.

    ## How to fix it

    Construct the optimizer once, before the loop.

    ## References

    - PyTorch: [Constructing it](https://pytorch.org/docs/stable/optim.html#constructing-it)
    """

    code = "TL412"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            for epoch in range(10):
                optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)  # <- here
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
            for epoch in range(10):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            for fold in range(5):
                model = nn.Linear(4, 2)
                optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
                for inputs, labels in folds[fold]:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
            """,
            because="every fold trains a network of its own",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports optimizers that every pass of a training loop constructs anew."""
        for run, optimizer, step in rebuilt(program):
            yield Sighting(
                optimizer.node,
                "every pass of the loop constructs the optimizer anew: its moments are lost each time",
                ((step.node, "it steps here"),),
                confidence=run.confidence,
                fix=tuple(_cures(program, optimizer)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Counts the optimizers that one place makes for the same parameters."""
        for optimizer in observation.optimizers:
            if not optimizer.steps:
                continue
            measured = f"{optimizer.recreated + 1} optimizers of the same parameters were made here in {observation.ending.steps} steps"
            passed = any(loader.trained and loader.passes > 1 for loader in observation.loaders)
            if optimizer.recreated > 1:
                message = "every pass of the loop constructs the optimizer anew: its moments are lost each time"
                value = float(optimizer.recreated + 1)
                yield confirmed(optimizer.constructed, measured, threshold="3 or more", source=EXACT, value=value, message=message)
            elif optimizer.recreated or not passed:
                yield inconclusive(
                    optimizer.constructed, "the run saw too few passes of the loop", measured=measured, threshold="3 or more"
                )
            else:
                yield not_reproduced(optimizer.constructed, measured, threshold="3 or more", source=EXACT, value=1.0)


def _cures(program: TrainingProgram, optimizer: Optimizer) -> Iterator[Cure]:
    """Takes the construction out of the loop, where nothing that it is given is made in there."""
    loop = optimizer.born[-1].loop.node if optimizer.born else None
    name = name_given(program, optimizer.node)
    if name is None or not isinstance(loop, ir.For | ir.While) or not isinstance(optimizer.node, ir.Expr):
        return
    statement = around(program, optimizer.node)[0]
    if around(program, statement)[0] is loop and not _names_in(optimizer.node) & assigned_in(loop):
        file = program.files[optimizer.node.chunk.path]
        text = file.normalized[slice(*file.offsets(optimizer.node))]
        changes = (InsertBefore(loop, (f"{name} = {text}",)), Delete(statement))
        yield Cure("Construct the optimizer once, before the loop", changes, "its moments are kept, and the training result changes")


def _names_in(node: ir.Node) -> set[str]:
    return {each.id for each in descendants((node,)) if isinstance(each, ir.Name)}
