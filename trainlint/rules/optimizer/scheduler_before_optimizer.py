"""TL408."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, MoveAfter
from trainlint.cures.surroundings import around
from trainlint.findings import Category
from trainlint.program.events import Schedule, Step
from trainlint.program.schedules import ahead_of_optimizer
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.source.walk import descendants
from trainlint.verdicts import EXACT, Ruling, confirmed, inconclusive, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class SchedulerBeforeOptimizer(Rule):
    """
    A learning-rate scheduler steps before the optimizer does.

    ## What it checks

    The first `scheduler.step()` of a `torch.optim.lr_scheduler` class comes, in the same pass of a loop, before the first
    step of its optimizer.

    ## Why it matters

    Constructing the scheduler has set the first learning rate already. A step ahead of the optimizer skips it: the whole
    schedule runs one epoch or batch early, and a warm-up or a OneCycle never sees its first value. Below PyTorch 1.1 this
    order was the right one.

    ## When it stays silent

    When the epoch is given (`scheduler.step(epoch)`); for schedulers of timm and others, which count otherwise; when the
    scheduler is advanced in a loop of its own to resume; when a branch is around it that is not around the optimizer's
    step; when a call that cannot be followed was given the optimizer before.

    ## How to fix it

    Move `scheduler.step()` behind the optimizer's steps: to the end of the epoch, or of the batch where it counts
    batches.

    ## References

    - PyTorch: [How to adjust the learning rate](https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate)
    """

    code = "TL408"
    category = Category.SUSPICIOUS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
            for epoch in range(30):
                scheduler.step()  # <- here
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                scheduler.step()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                scheduler.step()
            """,
            because="the first epoch trains at the first learning rate",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports schedulers that are a step ahead."""
        for run, event, step in ahead_of_optimizer(program):
            yield Sighting(
                event.node,
                "the scheduler steps before the optimizer has: the first learning rate is skipped",
                ((step.node, "the optimizer steps for the first time here"),),
                confidence=run.confidence,
                fix=tuple(_cures(program, event, step)),
            )

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks which of the two steps first."""
        for scheduler in observation.schedulers:
            if not scheduler.steps or scheduler.stepped is None or scheduler.optimizer is None:
                continue
            optimizer = observation.optimizers[scheduler.optimizer]
            if scheduler.before_first_step and optimizer.scaled:
                yield inconclusive(scheduler.stepped, "the scaler may have skipped the first step")
            elif scheduler.before_first_step:
                measured = f"`{scheduler.kind}` steps before its optimizer has made a step"
                message = "the scheduler steps before the optimizer has: the first learning rate is skipped"
                yield confirmed(scheduler.stepped, measured, threshold="any step before", source=EXACT, message=message)
            elif optimizer.steps:
                measured = f"`{scheduler.kind}` first steps after its optimizer"
                yield not_reproduced(scheduler.stepped, measured, threshold="any step before", source=EXACT)


def _cures(program: TrainingProgram, event: Schedule, step: Step) -> Iterator[Cure]:
    """After the step of the same block, at the end of the pass, or at the end of the branch that it is done in."""
    title, reason = "Step the scheduler after the optimizer", "the learning rates change, as they are meant to"
    if len(event.loops) == len(step.loops):
        yield Cure(title, (MoveAfter(event.node, step.node),), reason)
    loop = event.loops[-1].loop.node if event.loops else None
    if isinstance(loop, ir.For | ir.While):
        yield Cure(title, (MoveAfter(event.node, loop.body[-1]),), reason)
    branch = next((node for node in around(program, event.node) if isinstance(node, ir.If)), None)
    for block in (branch.body, branch.orelse) if branch is not None and step.node is not event.node else ():
        if block and event.node in descendants(block):
            yield Cure(title, (MoveAfter(event.node, block[-1]),), reason)
