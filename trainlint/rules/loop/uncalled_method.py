"""TL514."""

from collections.abc import Iterator

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import Uncalled
from trainlint.program.training_program import TrainingProgram
from trainlint.program.values import Object, Optimizer, Scheduler, Tensor, Unknown, Value
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir


class UncalledMethod(Rule):
    """
    A method that training needs is named and not called.

    ## What it checks

    A statement that is nothing but `optimizer.zero_grad`, `optimizer.step`, `loss.backward`, `model.train`, `model.eval`,
    `scheduler.step` or `scaler.update`, without parentheses.

    ## Why it matters

    Such a statement looks up the method and does nothing. Gradients are not cleared, the step is not taken, dropout stays
    on; and nothing fails.

    ## When it stays silent

    When the method is handed on, bound to a name or called; when what it belongs to is not known to be a network, an
    optimizer, a scheduler, a scaler or a loss. Then the rules about what is missing speak, where they can.

    ## How to fix it

    Add the parentheses.

    ## References

    - Python: [Calls](https://docs.python.org/3/reference/expressions.html#calls)
    """

    code = "TL514"
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
                optimizer.zero_grad  # <- here
                nn.functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
            """,
            fixed="""
            import torch
            from torch import nn

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
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

            model = nn.Linear(4, 2)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            clear = optimizer.zero_grad
            for inputs, labels in loader:
                clear()
                nn.functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
            """,
            because="the method is called under another name",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports statements that name such a method of a known value and do not call it."""
        seen = set()
        for run, uncalled in program.each(Uncalled):
            if uncalled.node not in seen and uncalled.method in _needed(uncalled.receiver):
                seen.add(uncalled.node)
                yield Sighting(
                    uncalled.node,
                    f"`{uncalled.method}` is named here and not called: the statement does nothing",
                    confidence=run.confidence,
                    fix=_cures(uncalled.node),
                )


def _needed(receiver: Value | None) -> set[str]:
    """The methods of the value that do something to a training program."""
    if isinstance(receiver, Optimizer):
        return {"step", "zero_grad"}
    if isinstance(receiver, Scheduler):
        return {"step"}
    if isinstance(receiver, Tensor | Unknown):
        return {"backward"}
    if isinstance(receiver, Object):
        if receiver.module:
            return {"train", "eval", "zero_grad", "requires_grad_"}
        return {"update", "step", "unscale_"} if receiver.name == "torch.amp.GradScaler" else set()
    return set()


def _cures(method: ir.Node) -> tuple[Cure, ...]:
    if not isinstance(method, ir.Expr):
        return ()
    return (Cure("Call the method", (Replace(method, (method, "()")),), "the program does something else, as it is meant to"),)
