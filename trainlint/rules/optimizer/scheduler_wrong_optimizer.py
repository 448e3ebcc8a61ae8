"""TL411."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, Replace
from trainlint.cures.surroundings import around, name_given
from trainlint.findings import Category
from trainlint.program.schedules import without_metric, wrong_optimizers
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


class SchedulerWrongOptimizer(Rule):
    """
    A scheduler was given another optimizer than the one that steps, or no metric to watch.

    ## What it checks

    A scheduler that is stepped, whose optimizer never steps while one without a scheduler does; two equal schedulers on
    one optimizer beside another optimizer that has none; and `ReduceLROnPlateau.step()` without a metric.

    ## Why it matters

    The learning rate that the schedule moves is not the one that training uses: that one stays constant, or, where two
    equal schedules work on the same optimizer, falls twice as fast. `ReduceLROnPlateau` cannot step without the number
    that it watches, and fails.

    ## When it stays silent

    When a call that cannot be followed was given the scheduler's optimizer; when something steps that is not known to be
    an optimizer; when several schedulers share a call (`scheduler.step()` on one of two). Different schedulers on one
    optimizer are chained on purpose.

    ## How to fix it

    Construct the scheduler on the optimizer that steps, and give `step` the validation loss. Which metric that is, no fix can tell.

    ## References

    - PyTorch: [ReduceLROnPlateau](https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html)
    """

    code = "TL411"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            warm_up = torch.optim.SGD(model.parameters(), lr=0.01)
            optimizer = torch.optim.Adam(model.parameters())
            scheduler = torch.optim.lr_scheduler.StepLR(warm_up, step_size=10)  # <- here
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                scheduler.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            warm_up = torch.optim.SGD(model.parameters(), lr=0.01)
            optimizer = torch.optim.Adam(model.parameters())
            scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                scheduler.step()
            """,
        ),
        Bad(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer)
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                scheduler.step()  # <- here
            """
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.Adam(model.parameters())
            warm_up = torch.optim.lr_scheduler.LinearLR(optimizer, total_iters=5)
            decay = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
            for epoch in range(30):
                for inputs, labels in loader:
                    optimizer.zero_grad()
                    nn.functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                warm_up.step()
                decay.step()
            """,
            because="two schedules of one learning rate are chained on purpose",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports schedulers on optimizers that do not train, and schedulers without their metric."""
        for run, place, right, mismatch in wrong_optimizers(program):
            yield Sighting(
                place,
                mismatch.value,
                ((right, "this optimizer steps, and has no scheduler"),),
                confidence=run.confidence,
                fix=tuple(_cures(program, place, right)),
            )
        for run, event in without_metric(program):
            yield Sighting(event.node, "the scheduler watches a metric, and is given none", confidence=run.confidence)


def _cures(program: TrainingProgram, place: ir.Node, right: ir.Node) -> Iterator[Cure]:
    """Names the other optimizer, where that is constructed before, in the same block."""
    name, file = name_given(program, right), program.files.get(place.chunk.path)
    if name is None or file is None or not isinstance(place, ir.Call) or around(program, place)[1:] != around(program, right)[1:]:
        return
    if right.chunk.path != place.chunk.path or file.row(right) >= file.row(place):
        return
    argument = next((each.value for each in place.arguments if each.keyword in {None, "optimizer"} and not each.star), None)
    if argument is not None:
        yield Cure(
            "Construct it on the optimizer that steps", (Replace(argument, (name,)),), "the learning rate that changes is the other one"
        )
