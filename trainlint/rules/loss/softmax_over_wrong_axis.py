"""TL309."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.cures.changes import Cure, SetArgument
from trainlint.findings import Category
from trainlint.knowledge.facts import Kind, Takes
from trainlint.program.events import LayerCall
from trainlint.program.losses import is_batch, loss_calls
from trainlint.program.training_program import TrainingProgram
from trainlint.rule import Bad, Good, Rule, Sighting
from trainlint.source import ir
from trainlint.verdicts import EXACT, Ruling, confirmed, not_reproduced

if TYPE_CHECKING:
    from trainlint.observations import Observation

_NORMALIZED = frozenset({Kind.SOFTMAX, Kind.LOG_SOFTMAX})


class SoftmaxOverWrongAxis(Rule):
    """
    The softmax before a loss runs over the batch instead of the classes.

    ## What it checks

    What an NLL, MSE or binary loss, or `kl_div`, takes as its input comes out of a softmax over the first axis of a batch: with
    `dim=0`, or without `dim` on three axes, where PyTorch takes the first one.

    ## Why it matters

    The probabilities of one sample then depend on the other samples of the batch and do not sum to 1. The network learns to
    compare samples with each other, and predicts something else for each composition of a batch.

    ## When it stays silent

    For a softmax without `dim` on two or four axes, where the second one is taken; when the number of axes is not known; for
    attention, whose softmax no loss reads; for single samples. A softmax that only `argmax` reads is not judged.

    ## How to fix it

    Name the axis of the classes: `dim=1`, or `dim=-1`.

    ## References

    - PyTorch: [softmax](https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html)
    """

    code = "TL309"
    category = Category.CORRECTNESS
    since = "0.1"
    examples = (
        Bad(
            """
            import torch.nn.functional as F
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            loader = DataLoader(datasets.MNIST(".", transform=transforms.ToTensor()), batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.LogSoftmax(dim=0))
            for inputs, labels in loader:
                loss = F.nll_loss(model(inputs), labels)  # <- here
            """,
            fixed="""
            import torch.nn.functional as F
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            loader = DataLoader(datasets.MNIST(".", transform=transforms.ToTensor()), batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.LogSoftmax(dim=1))
            for inputs, labels in loader:
                loss = F.nll_loss(model(inputs), labels)
            """,
        ),
        Good(
            """
            import torch.nn.functional as F
            from torch import nn
            from torch.utils.data import DataLoader
            from torchvision import datasets, transforms

            loader = DataLoader(datasets.MNIST(".", transform=transforms.ToTensor()), batch_size=64, shuffle=True)
            model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.LogSoftmax(dim=1))
            for inputs, labels in loader:
                loss = F.nll_loss(model(inputs), labels)
            """,
            because="the second axis is that of the classes",
        ),
    )

    def check(self, program: TrainingProgram) -> Iterator[Sighting]:
        """Reports inputs of losses that were normalized over the axis of the batch."""
        takes = (Takes.LOG_PROBABILITIES, Takes.BINARY_PROBABILITIES, Takes.VALUES, Takes.DIVERGENCE)
        for call in loss_calls(program, *takes):
            given = call.input
            if given is None or given.kind not in _NORMALIZED or given.axis is None or not is_batch(call):
                continue
            if given.axis == 0 or (given.shape is not None and given.axis == -len(given.shape)):
                message = "the probabilities in this loss sum to 1 over the batch, not over the classes"
                evidence = ((call.kind_place, "the softmax runs over the first axis"),)
                yield Sighting(call.place, message, evidence, confidence=call.run.confidence, fix=_cures(program, call.kind_place))

    def judge(self, observation: "Observation") -> Iterator[Ruling]:
        """Looks along which axis the input of each loss sums to 1."""
        for loss in observation.losses:
            if loss.simplex_axis == 0 and (loss.units or 0) > 1:
                origin = loss.origin.place if loss.origin is not None and "softmax" in loss.origin.operation else None
                yield confirmed(
                    loss.place,
                    "each column of the input sums to 1 over the batch, and the rows do not",
                    threshold="sums of 1 along another axis than that of the classes",
                    source=EXACT,
                    message="the probabilities in this loss sum to 1 over the batch, not over the classes",
                    related=((origin, "the softmax is applied here"),) if origin else (),
                )
            else:
                what = "the rows of the input sum to 1" if loss.simplex or loss.log_simplex else "the input sums to 1 along no axis"
                yield not_reproduced(loss.place, what, threshold="sums of 1 along another axis than that of the classes", source=EXACT)


def _cures(program: TrainingProgram, softmax: ir.Node) -> tuple[Cure, ...]:
    """The axis of the classes, which follows that of the batch."""
    applied = next((each for _, each in program.each(LayerCall) if each.defined is softmax), None)
    if applied is None or not isinstance(softmax, ir.Call):
        return ()
    method = isinstance(softmax.function, ir.Attribute) and applied.argument is softmax.function.value
    position = 0 if method or applied.node is not softmax else 1
    change = SetArgument(softmax, "dim", "1", position=position)
    return (Cure("Normalize over the classes", (change,), "the training result changes, as it is meant to"),)
