"""TL321."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, Replace
from trainlint.findings import Category
from trainlint.program.events import LossBuilt
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation


class LossBuiltFromTensors(Rule):
    """
    A loss class is given the output and the target instead of being built first and then called.

    ## What it checks

    The constructor of a loss gets the output of a network as its first argument and something else after it, as in
    `nn.CrossEntropyLoss(outputs, labels)`.

    ## Why it matters

    The arguments of the constructor are settings: the output becomes the weights of the classes, the target `size_average`. What
    comes back is a module and no loss; the next call on it raises an error.

    ## When it stays silent

    When a tensor of class weights is given, and when the first argument cannot be followed to a network.

    ## How to fix it

    Write `nn.CrossEntropyLoss()(outputs, labels)`, or use `nn.functional.cross_entropy(outputs, labels)`.

    ## References

    - PyTorch: [CrossEntropyLoss](https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    """

    code = "TL321"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = nn.CrossEntropyLoss(model(inputs), labels)  # <- here
                loss.backward()
            """,
            fixed="""
            from torch import nn

            model = nn.Linear(8, 10)
            for inputs, labels in loader:
                loss = nn.CrossEntropyLoss()(model(inputs), labels)
                loss.backward()
            """,
        ),
        Good(
            """
            import torch
            from torch import nn

            model = nn.Linear(8, 10)
            weights = torch.tensor([1.0, 2.0])
            for inputs, labels in loader:
                loss = nn.CrossEntropyLoss(weights)(model(inputs), labels)
            """,
            because="the constructor gets the weights of the classes",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports the outputs in the places of settings."""
        for run, event in program.each(LossBuilt):
            message = "the constructor of a loss takes settings, and this is the output of a network"
            yield Sighting(event.argument or event.node, message, confidence=run.confidence, fix=_cures(event.node))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks at what losses are constructed with."""
        for built in observation.misbuilt:
            message = "the constructor of a loss takes settings, and these are tensors"
            yield confirmed(built.place, f"`{built.kind}` is constructed with tensors", threshold="any", source=EXACT, message=message)
        for loss in observation.losses:
            if loss.constructed is not None and all(built.place != loss.constructed for built in observation.misbuilt):
                yield not_reproduced(loss.constructed, "no tensor is among its settings", threshold="any", source=EXACT)


def _cures(construction: ir.Node) -> tuple[Cure, ...]:
    """The loss is built first and called then."""
    if not isinstance(construction, ir.Call):
        return ()
    change = Replace(construction.function, (construction.function, "()"))
    return (Cure("Call the loss with the tensors", (change,), "the program fails without it"),)
